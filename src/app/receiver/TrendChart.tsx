import { useDeferredValue, useMemo, useState, type ReactNode } from "react";
import { usePlotArea } from "recharts";
import { useStore } from "zustand";

import type { HistoryView, HistoryWindow } from "../../core/timeline/history.ts";
import { ChartFrame } from "./ChartFrame.tsx";
import {
  bandPath,
  linePath,
  nearestPoint,
  rangeOf,
  roundRange,
  scaleOf,
  timeTicksS,
  timeTickWords,
  type AxisRange,
  type TrendPoint,
} from "./plot.ts";
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
  // Deferred, so that React lays the axes out in slices between frames instead of in one long task.
  const y = useDeferredValue(useMemo(() => roundRange(0, greatest), [greatest]));
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
          {label}, {unit}: mean, and least to greatest as a band
        </span>
      </figcaption>
      <ChartFrame heightPx={heightPx} widthPx={widthPx} x={x} xWords={timeTickWords} y={y}>
        {trace}
      </ChartFrame>
    </figure>
  );
}

function Trace(props: TrendProps & { readonly y: AxisRange }): ReactNode {
  const { feed, pointsOf, windowMin, color, unit } = props;
  const points = useStore(feed, (trends) =>
    trends === null ? nobody : pointsOfOnce(pointsOf, trends.history),
  );
  const area = usePlotArea();
  const [hoveredS, setHoveredS] = useState<number | null>(null);
  if (area === undefined) return null;
  const scale = scaleOf(area, -windowMin * 60, 0, props.y);
  const hovered = hoveredS === null ? null : nearestPoint(points, hoveredS, windowMin);
  return (
    <g>
      <path d={bandPath(points, scale)} fill={color} fillOpacity={0.25} />
      <path d={linePath(points, scale)} fill="none" stroke={color} strokeLinecap="round" strokeWidth={1.5} />
      {hovered !== null && (
        <g>
          <line
            stroke="var(--line-strong)"
            x1={scale.x(hovered.tS)}
            x2={scale.x(hovered.tS)}
            y1={area.y}
            y2={area.y + area.height}
          />
          <text className={styles["hovered"]} textAnchor="end" x={area.x + area.width} y={area.y + 12}>
            {`−${Math.abs(hovered.tS).toFixed(1)} s: ${hovered.mean.toFixed(1)} ${unit} (${hovered.low.toFixed(1)} to ${hovered.high.toFixed(1)})`}
          </text>
        </g>
      )}
      <rect
        fill="transparent"
        height={area.height}
        onPointerLeave={() => setHoveredS(null)}
        onPointerMove={(event) => {
          const box = event.currentTarget.getBoundingClientRect();
          setHoveredS(((event.clientX - box.left) / box.width - 1) * windowMin * 60);
        }}
        width={area.width}
        x={area.x}
        y={area.y}
      />
    </g>
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
