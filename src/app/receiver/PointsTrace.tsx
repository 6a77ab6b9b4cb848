import { useState, type ReactNode } from "react";
import { usePlotArea } from "recharts";

import type { HistoryWindow } from "../../core/timeline/history.ts";
import { bandPath, linePath, nearestPoint, scaleOf, type AxisRange, type TrendPoint } from "./plot.ts";

import styles from "./receiver.module.css";

/** Points over time within a chart's axes: their band, their mean, and the figures where the pointer is. */
export function PointsTrace(props: {
  readonly points: readonly TrendPoint[];
  readonly windowMin: HistoryWindow;
  readonly y: AxisRange;
  readonly color: string;
  readonly unit: string;
  readonly decimals: number;
}): ReactNode {
  const { points, windowMin, color, unit, decimals } = props;
  const area = usePlotArea();
  const [hoveredS, setHoveredS] = useState<number | null>(null);
  if (area === undefined) return null;
  const scale = scaleOf(area, -windowMin * 60, 0, props.y);
  const hovered = hoveredS === null ? null : nearestPoint(points, hoveredS, windowMin);
  const show = (value: number) => value.toFixed(decimals);
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
            {`−${Math.abs(hovered.tS).toFixed(1)} s: ${show(hovered.mean)} ${unit} (${show(hovered.low)} to ${show(hovered.high)})`}
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
