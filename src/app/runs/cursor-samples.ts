import type { StreamChart, TrendFigure } from "../../core/wire/runs.ts";
import type { CursorSample } from "../parts/cursor.ts";
import { toDateTime } from "../parts/format.ts";
import { strokeOf } from "../parts/stream-color.ts";
import type { TrendLine } from "./trend-lines.ts";
import type { ChartPoint } from "./view.ts";

/** Where a value stands along an axis, px; an axis that does not know it says undefined. */
export type Place = (value: number) => number | undefined;

/** How a measure is shown on an axis: its figures times `factor` are in `unit`. */
export type TrendScale = { readonly unit: string; readonly factor: number };

/** The slices of a run in which a frame was displayed, as a cursor over its chart meets them. */
export function latencySamples(points: readonly ChartPoint[], x: Place): readonly CursorSample[] {
  return points.flatMap(({ atS, mean, band }) => {
    const xPx = x(atS);
    if (mean === null || xPx === undefined) return [];
    const range = band === null ? "" : ` (${band[0].toFixed(2)} to ${band[1].toFixed(2)})`;
    return [{ xPx, figures: [{ words: `${atS.toFixed(2)} s: ${mean.toFixed(2)} ms${range}` }] }];
  });
}

/** One stream of those whose charts lie over each other. */
export type ComparedLine = { readonly label: string; readonly chart: StreamChart | null };

/** The slices of the longest of several streams, each with what all of them had at that time. */
export function comparedSamples(lines: readonly ComparedLine[], x: Place): readonly CursorSample[] {
  const charts = lines.flatMap(({ chart }) => (chart === null ? [] : [chart]));
  const [longest] = charts.toSorted((one, other) => lengthUs(other) - lengthUs(one));
  if (longest === undefined) return [];
  return longest.frameCounts.flatMap((_, slice) => {
    const atUs = slice * longest.sliceUs;
    const xPx = x(atUs / 1e6);
    const figures = lines.flatMap(({ label, chart }, index) => {
      const meanMs = chart?.meanMs[Math.round(atUs / chart.sliceUs)] ?? null;
      return meanMs === null
        ? []
        : [{ words: `${label}: ${meanMs.toFixed(2)} ms`, color: strokeOf(index + 1) }];
    });
    if (figures.length === 0 || xPx === undefined) return [];
    return [{ xPx, figures: [{ words: `${(atUs / 1e6).toFixed(2)} s` }, ...figures] }];
  });
}

function lengthUs({ sliceUs, frameCounts }: StreamChart): number {
  return sliceUs * frameCounts.length;
}

/** A point of a trend's line. */
export type TrendDot = { readonly atMs: number; readonly value: number };

/** The points of a trend's line; runs without the figure have none. */
export function trendDots(figures: readonly TrendFigure[], factor: number): readonly TrendDot[] {
  return figures.flatMap(({ startedAtUs, figure }) =>
    figure.known ? [{ atMs: startedAtUs / 1000, value: figure.value * factor }] : [],
  );
}

/** The points of all lines of a trend, oldest first, as a cursor over its chart meets them. */
export function trendSamples(
  lines: readonly TrendLine[],
  { unit, factor }: TrendScale,
  { x, y }: { readonly x: Place; readonly y: Place },
): readonly CursorSample[] {
  const dots = lines.flatMap(({ name, figures }, index) =>
    trendDots(figures, factor).map(({ atMs, value }) => ({ atMs, value, name, color: strokeOf(index + 1) })),
  );
  return dots
    .toSorted((one, other) => one.atMs - other.atMs)
    .flatMap(({ atMs, value, name, color }) => {
      const [xPx, yPx] = [x(atMs), y(value)];
      if (xPx === undefined || yPx === undefined) return [];
      const words = `${toDateTime(atMs * 1000)}: ${value.toFixed(2)} ${unit}`.trimEnd();
      return [{ xPx, yPx, figures: [{ words }, { words: name, color }] }];
    });
}
