import { memo, type MemoExoticComponent, type ReactNode } from "react";
import { CartesianGrid, ComposedChart, XAxis, YAxis } from "recharts";

import { axisWidthPx, rightMarginPx, type AxisRange } from "./plot.ts";

/** Axes of a chart, and what is drawn within them. */
type FrameProps = {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly x: AxisRange;
  readonly xWords: (value: number) => string;
  readonly y: AxisRange;
  readonly children: ReactNode;
};

const margin = { top: 8, right: rightMarginPx, bottom: 0, left: 0 } as const;
const nothing: { readonly tS: number }[] = [];

/**
 * Axes and grid of a chart, by recharts. They are laid out anew only when a range or the width changes; what moves every
 * second is drawn over them by `children`, which know the plot's place from recharts.
 */
export const ChartFrame: MemoExoticComponent<(props: FrameProps) => ReactNode> = memo(function ChartFrame(
  props: FrameProps,
): ReactNode {
  const { x, y } = props;
  return (
    <ComposedChart
      accessibilityLayer={false}
      data={nothing}
      height={props.heightPx}
      margin={margin}
      width={props.widthPx}
    >
      <CartesianGrid horizontalValues={[...y.ticks]} stroke="var(--line)" vertical={false} />
      <XAxis
        allowDataOverflow
        dataKey="x"
        domain={[x.low, x.high]}
        interval="preserveEnd"
        stroke="var(--line-strong)"
        tickFormatter={props.xWords}
        ticks={[...x.ticks]}
        type="number"
      />
      <YAxis
        allowDataOverflow
        dataKey="y"
        domain={[y.low, y.high]}
        stroke="var(--line-strong)"
        ticks={[...y.ticks]}
        type="number"
        width={axisWidthPx}
      />
      {props.children}
    </ComposedChart>
  );
});
