import type { ReactNode } from "react";
import { Area, CartesianGrid, ComposedChart, Line, Tooltip, XAxis, YAxis } from "recharts";

import type { HistoryView, HistoryWindow } from "../../core/timeline/history.ts";
import { axisWidthPx, rightMarginPx, timeTicksS, timeTickWords } from "./plot.ts";

import styles from "./receiver.module.css";

const heightPx = 180;
const margin = { top: 8, right: rightMarginPx, bottom: 0, left: 0 } as const;

/** Latency over time: a band from the least to the greatest of each stretch, and its mean as a line; a gap breaks both. */
export function LatencyTrend(props: { readonly history: HistoryView; readonly widthPx: number }): ReactNode {
  const points = props.history.latency.map(({ tS, minMs, maxMs, meanMs }) => ({
    tS,
    band: minMs === null || maxMs === null ? null : [minMs, maxMs],
    mean: meanMs,
  }));
  return (
    <Trend
      label="Latency over time"
      name="latency, ms"
      points={points}
      widthPx={props.widthPx}
      windowMin={props.history.windowMin}
    />
  );
}

/** Displayed frames per second over time: band and mean as for latency. */
export function RateTrend(props: { readonly history: HistoryView; readonly widthPx: number }): ReactNode {
  const points = props.history.rates.map(({ tS, displayedMinFps, displayedMaxFps, displayedMeanFps }) => ({
    tS,
    band: displayedMinFps === null || displayedMaxFps === null ? null : [displayedMinFps, displayedMaxFps],
    mean: displayedMeanFps,
  }));
  return (
    <Trend
      label="Frame rate over time"
      name="displayed, fps"
      points={points}
      widthPx={props.widthPx}
      windowMin={props.history.windowMin}
      zeroBased
    />
  );
}

type TrendPoint = {
  readonly tS: number;
  readonly band: readonly number[] | null;
  readonly mean: number | null;
};

function Trend(props: {
  readonly label: string;
  readonly name: string;
  readonly points: readonly TrendPoint[];
  readonly windowMin: HistoryWindow;
  readonly widthPx: number;
  readonly zeroBased?: boolean;
}): ReactNode {
  const { windowMin, widthPx } = props;
  if (widthPx === 0) return <div className={styles["chartEmpty"]} />;
  const color = props.zeroBased === true ? "var(--trace-2)" : "var(--trace)";
  return (
    <figure aria-label={props.label} className={styles["chart"]} data-chart={props.label}>
      <figcaption className={styles["legend"]}>
        {props.name}: mean, and least to greatest as a band
      </figcaption>
      <ComposedChart
        accessibilityLayer={false}
        data={[...props.points]}
        height={heightPx}
        margin={margin}
        width={widthPx}
      >
        <CartesianGrid stroke="var(--line)" vertical={false} />
        <XAxis
          allowDataOverflow
          dataKey="tS"
          domain={[-windowMin * 60, 0]}
          stroke="var(--line-strong)"
          tickFormatter={timeTickWords}
          ticks={[...timeTicksS(windowMin)]}
          type="number"
        />
        <YAxis
          domain={props.zeroBased === true ? [0, "auto"] : ["auto", "auto"]}
          stroke="var(--line-strong)"
          tickCount={5}
          width={axisWidthPx}
        />
        {toTooltipLayer()}
        {toTraces(color)}
      </ComposedChart>
    </figure>
  );
}

function toTooltip(value: unknown): string {
  const numbers = (Array.isArray(value) ? value : [value]).filter((part) => typeof part === "number");
  return numbers.map((part) => part.toFixed(1)).join(" to ");
}

/** Functions, not components: recharts looks for its own elements among the chart's children. */
function toTooltipLayer(): ReactNode {
  return (
    <Tooltip
      contentStyle={{ background: "var(--panel)", border: "1px solid var(--line-strong)" }}
      formatter={toTooltip}
      isAnimationActive={false}
      labelFormatter={(tS) => `${Number(tS).toFixed(1).replace("-", "−")} s`}
    />
  );
}

function toTraces(color: string): ReactNode {
  return (
    <>
      <Area
        connectNulls={false}
        dataKey="band"
        fill={color}
        fillOpacity={0.25}
        isAnimationActive={false}
        name="least to greatest"
        stroke="none"
        type="linear"
      />
      <Line
        connectNulls={false}
        dataKey="mean"
        dot={false}
        isAnimationActive={false}
        name="mean"
        stroke={color}
        strokeWidth={1.5}
        type="linear"
      />
    </>
  );
}
