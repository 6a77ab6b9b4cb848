import {
  createContext,
  memo,
  useContext,
  useMemo,
  type MemoExoticComponent,
  type ReactElement,
  type ReactNode,
} from "react";
import { CartesianGrid, ComposedChart, usePlotArea, XAxis, YAxis } from "recharts";

import { axisWidthPx, rightMarginPx, type AxisRange } from "./plot.ts";

/** Axes of a chart, and what is drawn within them. */
type FrameProps = {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly x: AxisRange;
  readonly xWords: (value: number) => string;
  readonly y: AxisRange;
  /** Says why there is nothing to draw yet, in place of `children` and of the words at the ticks; null where there is. */
  readonly note?: string | null;
  readonly children: ReactNode;
};

const margin = { top: 8, right: rightMarginPx, bottom: 0, left: 0 } as const;
const nothing: { readonly tS: number }[] = [];

/** What stands at the ticks of both axes, and what is drawn between them. */
type TickWords = { readonly x: readonly string[]; readonly y: readonly string[] };
const noWords: TickWords = { x: [], y: [] };
const Words = createContext<TickWords>(noWords);
const Drawing = createContext<ReactNode>(null);

/**
 * Axes and grid of a chart, by recharts. Laying them out takes it longer than a page that measures may be held, so it does so
 * only when the width or the number of ticks changes: the axes count ticks, and what stands at a tick and what is drawn over
 * them come by contexts of their own. Where the plot lies `children` know from recharts.
 */
export function ChartFrame(props: FrameProps): ReactNode {
  const { widthPx, heightPx, x, xWords, y, note = null, children } = props;
  const isBlank = note !== null;
  const words = useMemo(
    () => (isBlank ? noWords : { x: x.ticks.map(xWords), y: y.ticks.map(String) }),
    [isBlank, x, xWords, y],
  );
  const drawn = useMemo(() => (note === null ? children : <Note words={note} />), [note, children]);
  return (
    <Words value={words}>
      <Drawing value={drawn}>
        <Axes heightPx={heightPx} widthPx={widthPx} xTicks={x.ticks.length} yTicks={y.ticks.length} />
      </Drawing>
    </Words>
  );
}

type AxesProps = Pick<FrameProps, "widthPx" | "heightPx"> & {
  /** Ticks of each axis, its ends among them. */
  readonly xTicks: number;
  readonly yTicks: number;
};

const Axes: MemoExoticComponent<(props: AxesProps) => ReactNode> = memo(function Axes(
  props: AxesProps,
): ReactNode {
  const xTicks = [...Array(props.xTicks).keys()];
  const yTicks = [...Array(props.yTicks).keys()];
  return (
    <ComposedChart
      accessibilityLayer={false}
      data={nothing}
      height={props.heightPx}
      margin={margin}
      width={props.widthPx}
    >
      <CartesianGrid horizontalValues={yTicks} stroke="var(--line)" vertical={false} />
      <XAxis
        allowDataOverflow
        dataKey="x"
        domain={[0, props.xTicks - 1]}
        interval={0}
        niceTicks="none"
        stroke="var(--line-strong)"
        tick={XTick}
        ticks={xTicks}
        type="number"
      />
      <YAxis
        allowDataOverflow
        dataKey="y"
        domain={[0, props.yTicks - 1]}
        interval={0}
        niceTicks="none"
        stroke="var(--line-strong)"
        tick={YTick}
        ticks={yTicks}
        type="number"
        width={axisWidthPx}
      />
      <Drawn />
    </ComposedChart>
  );
});

function Drawn(): ReactNode {
  return useContext(Drawing);
}

function Note({ words }: { readonly words: string }): ReactNode {
  const area = usePlotArea();
  if (area === undefined) return null;
  return (
    <text dy="0.355em" textAnchor="middle" x={area.x + area.width / 2} y={area.y + area.height / 2}>
      {words}
    </text>
  );
}

/** What recharts tells of a tick. */
type TickPlace = { readonly index: number; readonly x: number | string; readonly y: number | string };

function XTick({ index, x, y }: TickPlace): ReactElement {
  return <TickText axis="x" index={index} x={x} y={y} />;
}

function YTick({ index, x, y }: TickPlace): ReactElement {
  return <TickText axis="y" index={index} x={x} y={y} />;
}

/** A tick's words: under its place on the x axis, left of it on the y axis. */
function TickText({ axis, index, x, y }: TickPlace & { readonly axis: "x" | "y" }): ReactNode {
  const words = useContext(Words)[axis][index];
  const isUnder = axis === "x";
  return (
    <text dy={isUnder ? "0.71em" : "0.355em"} textAnchor={isUnder ? "middle" : "end"} x={x} y={y}>
      {words}
    </text>
  );
}
