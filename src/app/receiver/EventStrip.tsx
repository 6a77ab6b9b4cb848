import { useMemo, type ReactNode } from "react";

import type { ReceiverUs } from "../../core/clock/instants.ts";
import type { StreamEvent } from "../../core/timeline/event.ts";
import { lanes, toStripMarks, type Lane } from "./events.ts";
import { axisWidthPx, rightMarginPx, timeToX } from "./plot.ts";

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
  readonly events: readonly StreamEvent[];
  readonly nowUs: ReceiverUs;
  readonly windowMin: number;
  readonly widthPx: number;
}): ReactNode {
  const { events, nowUs, windowMin, widthPx } = props;
  const marks = useMemo(() => toStripMarks(events, nowUs, windowMin * 60), [events, nowUs, windowMin]);
  if (widthPx === 0) return null;
  return (
    <div className={styles["chart"]}>
      <svg
        aria-label={`Events of the last ${windowMin} minutes: ${marks.length}`}
        data-chart="Events"
        height={lanes.length * laneHeightPx + 2}
        role="img"
        width={widthPx}
      >
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
        {marks.map((mark) => {
          const x = timeToX(mark.fromS, windowMin, widthPx);
          return (
            <rect
              fill={colors[mark.lane]}
              height={laneHeightPx - 4}
              key={`${mark.lane} ${mark.fromS} ${mark.words}`}
              width={Math.max(leastMarkPx, timeToX(mark.toS, windowMin, widthPx) - x)}
              x={x}
              y={lanes.indexOf(mark.lane) * laneHeightPx + 2}
            >
              <title>{mark.words}</title>
            </rect>
          );
        })}
      </svg>
    </div>
  );
}
