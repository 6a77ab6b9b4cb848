import type { ReactNode } from "react";
import { usePlotArea } from "recharts";

import type { HistoryWindow } from "../../core/timeline/history.ts";
import { ChartCursor } from "../parts/ChartCursor.tsx";
import { trendSamples } from "./cursor-samples.ts";
import { bandPath, linePath, scaleOf, type AxisRange, type TrendPoint } from "./plot.ts";

/** How far from the cursor a point may be, as a share of the plot's width: across a gap there is no figure. */
const reachRatio = 1 / 50;

/** Points over time within a chart's axes: their band, their mean, and the figures where the cursor is. */
export function PointsTrace(props: {
  readonly points: readonly TrendPoint[];
  readonly windowMin: HistoryWindow;
  readonly y: AxisRange;
  readonly color: string;
  readonly label: string;
  readonly unit: string;
  readonly decimals: number;
}): ReactNode {
  const { points, windowMin, color, label, unit, decimals } = props;
  const area = usePlotArea();
  if (area === undefined) return null;
  const scale = scaleOf(area, -windowMin * 60, 0, props.y);
  return (
    <g>
      <path d={bandPath(points, scale)} fill={color} fillOpacity={0.25} />
      <path d={linePath(points, scale)} fill="none" stroke={color} strokeLinecap="round" strokeWidth={1.5} />
      <ChartCursor
        area={area}
        label={`${label} over time`}
        reachPx={area.width * reachRatio}
        samples={() => trendSamples(points, scale, { decimals, unit })}
      />
    </g>
  );
}
