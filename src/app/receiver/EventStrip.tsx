import { useMemo, type ReactNode } from "react";
import { useStore } from "zustand";

import { toReceiverUs } from "../../core/clock/instants.ts";
import { lanes, toStripMarks, type Lane } from "./events.ts";
import { axisWidthPx, rightMarginPx, timeToX } from "./plot.ts";
import type { TrendFeed } from "./trend-feed.ts";

import styles from "./receiver.module.css";

const laneHeightPx = 16;
const leastMarkPx = 3;

const colors = {
  freeze: "var(--bad)",
  loss: "var(--warn)",
  size: "var(--trace-3)",
  link: "var(--bad)",
  note: "var(--trace)",
} as const satisfies Record<Lane, string>;

/** What happened when, in lanes under the charts and on their time axis. */
export function EventStrip(props: {
  readonly feed: TrendFeed;
  readonly windowMin: number;
  readonly widthPx: number;
}): ReactNode {
  const { windowMin, widthPx } = props;
  const trends = useStore(props.feed);
  const marks = useMemo(
    () => toStripMarks(trends?.events ?? [], trends?.nowUs ?? toReceiverUs(0), windowMin * 60),
    [trends, windowMin],
  );
  if (widthPx === 0) return null;
  return (
    <figure aria-label="Events over time" className={styles["chart"]} data-chart="Events">
      <svg height={lanes.length * laneHeightPx + 2} width={widthPx}>
        {lanes.map((lane, index) => (
          <g key={lane}>
            <text textAnchor="end" x={axisWidthPx - 6} y={index * laneHeightPx + 12}>
              {lane}
            </text>
            <line
              stroke="var(--line)"
              x1={axisWidthPx}
              x2={widthPx - rightMarginPx}
              y1={(index + 1) * laneHeightPx}
              y2={(index + 1) * laneHeightPx}
            />
          </g>
        ))}
        {lanes.map((lane, index) => (
          <path
            d={marksPath(
              marks.filter((mark) => mark.lane === lane),
              index * laneHeightPx + 2,
              (tS) => timeToX(tS, windowMin, widthPx),
            )}
            fill={colors[lane]}
            key={lane}
          />
        ))}
      </svg>
    </figure>
  );
}

/** All marks of a lane as one path: there may be thousands. */
function marksPath(
  marks: readonly { readonly fromS: number; readonly toS: number }[],
  top: number,
  toX: (tS: number) => number,
): string {
  const height = laneHeightPx - 4;
  return marks
    .map((mark) => {
      const x = toX(mark.fromS);
      const width = Math.max(leastMarkPx, toX(mark.toS) - x);
      return `M${x.toFixed(1)} ${top}h${width.toFixed(1)}v${height}h-${width.toFixed(1)}Z`;
    })
    .join("");
}
