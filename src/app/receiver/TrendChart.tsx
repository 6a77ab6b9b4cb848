import { useMemo, type ReactNode } from "react";
import { useStore } from "zustand";

import type { HistoryView, HistoryWindow } from "../../core/timeline/history.ts";
import { ChartFrame } from "./ChartFrame.tsx";
import { axisOf, rangeOf, timeTicksS, timeTickWords, type AxisRange, type TrendPoint } from "./plot.ts";
import { PointsTrace } from "./PointsTrace.tsx";
import type { TrendFeed } from "./trend-feed.ts";

import styles from "./receiver.module.css";

const heightPx = 180;
const nobody: readonly TrendPoint[] = [];

/** What a trend chart shows. */
type TrendProps = {
  readonly feed: TrendFeed;
  readonly pointsOf: (history: HistoryView) => readonly TrendPoint[];
  readonly label: string;
  readonly unit: string;
  readonly color: string;
  readonly windowMin: HistoryWindow;
  readonly widthPx: number;
};

/** A figure over time: a band from the least to the greatest of each stretch, and its mean as a line; a gap breaks both. */
export function TrendChart(props: TrendProps): ReactNode {
  const { feed, pointsOf, windowMin, widthPx, label, unit } = props;
  const greatest = useStore(feed, (trends) => (trends === null ? 1 : rangeOf(pointsOf(trends.history)).high));
  const y = useMemo(() => axisOf(0, greatest), [greatest]);
  const x = useMemo(
    () => ({ low: -windowMin * 60, high: 0, ticks: timeTicksS(windowMin, widthPx) }),
    [windowMin, widthPx],
  );
  const trace = useMemo(() => <Trace {...props} y={y} />, [props, y]);
  if (widthPx === 0) return <div className={styles["chartEmpty"]} />;
  return (
    <figure aria-label={`${label} over time`} className={styles["chart"]} data-chart={label}>
      <figcaption className={styles["legend"]}>
        <span>
          {label}, {unit}: mean and range
        </span>
      </figcaption>
      <ChartFrame heightPx={heightPx} widthPx={widthPx} x={x} xWords={timeTickWords} y={y}>
        {trace}
      </ChartFrame>
    </figure>
  );
}

function Trace(props: TrendProps & { readonly y: AxisRange }): ReactNode {
  const { feed, pointsOf, windowMin, color, label, unit, y } = props;
  const points = useStore(feed, (trends) =>
    trends === null ? nobody : pointsOfOnce(pointsOf, trends.history),
  );
  return (
    <PointsTrace
      color={color}
      decimals={1}
      label={label}
      points={points}
      unit={unit}
      windowMin={windowMin}
      y={y}
    />
  );
}

/** Points of a history, made once per history, so that the store's readers see the same list until the next. */
const madePoints = new WeakMap<HistoryView, Map<TrendProps["pointsOf"], readonly TrendPoint[]>>();

function pointsOfOnce(pointsOf: TrendProps["pointsOf"], history: HistoryView): readonly TrendPoint[] {
  const made = madePoints.get(history) ?? new Map<TrendProps["pointsOf"], readonly TrendPoint[]>();
  madePoints.set(history, made);
  const points = made.get(pointsOf) ?? pointsOf(history);
  made.set(pointsOf, points);
  return points;
}
