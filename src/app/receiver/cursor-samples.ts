import type { LatencyBin } from "../../core/timeline/latency.ts";
import type { CursorSample } from "../parts/cursor.ts";
import { strokeOf } from "../parts/stream-color.ts";
import type { Difference } from "./difference-view.ts";
import { isFull, type FullPoint, type Scale, type TrendPoint } from "./plot.ts";

/** The points where something was measured: the mean, and the least to the greatest. */
export function trendSamples(
  points: readonly TrendPoint[],
  scale: Scale,
  { decimals, unit }: { readonly decimals: number; readonly unit: string },
): readonly CursorSample[] {
  const show = (value: number): string => value.toFixed(decimals);
  return points.filter(isFull).map(({ tS, low, mean, high }) => {
    const range = `(${show(low)} to ${show(high)})`;
    return {
      xPx: scale.x(tS),
      figures: [{ words: `${agoWords(tS)}: ${`${show(mean)} ${unit}`.trimEnd()} ${range}` }],
    };
  });
}

/** One stream of those whose latencies are drawn over each other; `id` gives its colour. */
export type NamedLine = {
  readonly id: number;
  readonly label: string;
  readonly points: readonly TrendPoint[];
};

/** The stretches of the stream that was measured in most of them, each with what all streams had at that time. */
export function lineSamples(
  lines: readonly NamedLine[],
  scale: Scale,
  bucketS: number,
): readonly CursorSample[] {
  const walked = lines.map(({ points, ...line }) => {
    const full = points.filter(isFull);
    return { ...line, full, at: nearestInOrder(full) };
  });
  const [most] = walked.toSorted((one, other) => other.full.length - one.full.length);
  return (most?.full ?? []).map(({ tS }) => ({
    xPx: scale.x(tS),
    figures: [
      { words: agoWords(tS) },
      ...walked.flatMap(({ id, label, at }) => {
        const point = at(tS);
        return point === null || Math.abs(point.tS - tS) > bucketS / 2
          ? []
          : [{ words: `${label}: ${point.mean.toFixed(1)} ms`, color: strokeOf(id) }];
      }),
    ],
  }));
}

/** Finds the point nearest to a time; times are asked for in ascending order. */
function nearestInOrder(points: readonly FullPoint[]): (tS: number) => FullPoint | null {
  let index = 0;
  const awayS = (of: number, tS: number): number =>
    Math.abs((points[of]?.tS ?? Number.POSITIVE_INFINITY) - tS);
  return (tS) => {
    while (awayS(index + 1, tS) < awayS(index, tS)) index += 1;
    return points[index] ?? null;
  };
}

/** The bars of a histogram. */
export function barSamples(bins: readonly LatencyBin[], scale: Scale): readonly CursorSample[] {
  return bins
    .filter(({ count }) => count > 0)
    .map((bin) => ({
      xPx: middlePx(bin, scale),
      figures: [{ words: `${binWords(bin)}: ${bin.count} ${bin.count === 1 ? "frame" : "frames"}` }],
    }));
}

/**
 * The bins of all distributions of differences from the control, in the order of the axis.
 * @param labelOf what a stream is called
 */
export function differenceSamples(
  differences: readonly Difference[],
  scale: Scale,
  labelOf: (id: number) => string,
): readonly CursorSample[] {
  return differences
    .flatMap(({ id, bins }) =>
      bins
        .filter(({ count }) => count > 0)
        .map((bin) => ({
          xPx: middlePx(bin, scale),
          yPx: scale.y(bin.count),
          figures: [
            { words: `${binWords(bin)}: ${bin.count.toFixed(1)} %` },
            { words: labelOf(id), color: strokeOf(id) },
          ],
        })),
    )
    .toSorted((one, other) => one.xPx - other.xPx);
}

function agoWords(tS: number): string {
  return `−${Math.abs(tS).toFixed(1)} s`;
}

function middlePx({ lowMs, highMs }: LatencyBin, scale: Scale): number {
  return scale.x((lowMs + highMs) / 2);
}

function binWords({ lowMs, highMs }: LatencyBin): string {
  return `${Number(lowMs.toFixed(2))} to ${Number(highMs.toFixed(2))} ms`;
}
