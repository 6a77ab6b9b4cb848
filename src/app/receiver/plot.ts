import type { HistoryView, HistoryWindow } from "../../core/timeline/history.ts";
import type { LatencyBin } from "../../core/timeline/latency.ts";
import type { PlotArea } from "../parts/cursor.ts";

/** Width of the column left of every plot, for the y axis, CSS px. The same for all, so that their time axes stand in line. */
export const axisWidthPx: number = 52;
/** Room right of every plot, CSS px. */
export const rightMarginPx: number = 18;

/** An axis: from where to where, and its ticks. */
export type AxisRange = { readonly low: number; readonly high: number; readonly ticks: readonly number[] };

/** What a trend shows of one stretch of time; null where nothing was measured. */
export type TrendPoint = {
  /** Seconds before now: middle of the stretch. */
  readonly tS: number;
  readonly low: number | null;
  readonly mean: number | null;
  readonly high: number | null;
};

/** Latency over time, ms. */
export function latencyPoints(history: HistoryView): readonly TrendPoint[] {
  return history.latency.map(({ tS, minMs, meanMs, maxMs }) => ({
    tS,
    low: minMs,
    mean: meanMs,
    high: maxMs,
  }));
}

/** Displayed frames per second over time. */
export function ratePoints(history: HistoryView): readonly TrendPoint[] {
  return history.rates.map(({ tS, displayedMinFps, displayedMeanFps, displayedMaxFps }) => ({
    tS,
    low: displayedMinFps,
    mean: displayedMeanFps,
    high: displayedMaxFps,
  }));
}

/** Ticks of a time axis that ends now: seconds before now; fewer where there is little room. */
export function timeTicksS(windowMin: HistoryWindow, plotWidthPx: number): readonly number[] {
  const stepCount = plotWidthPx < 420 ? 3 : 6;
  return Array.from(
    { length: stepCount + 1 },
    (_, index) => ((index - stepCount) * windowMin * 60) / stepCount,
  );
}

/** A tick's label: `now`, `−30 s`, `−5 min`. */
export function timeTickWords(tS: number): string {
  if (tS === 0) return "now";
  return Math.abs(tS) <= 60 || tS % 60 !== 0 ? `−${-tS} s` : `−${-tS / 60} min`;
}

/** Where an instant lies across a plot of the whole width, CSS px from the left of the picture. */
export function timeToX(tS: number, windowMin: number, widthPx: number): number {
  const plotPx = Math.max(0, widthPx - axisWidthPx - rightMarginPx);
  return axisWidthPx + (1 + tS / (windowMin * 60)) * plotPx;
}

/** An axis from 0 that holds all values, in round steps, so that it moves only when it must. */
export function rangeOf(points: readonly TrendPoint[]): AxisRange {
  return roundRange(0, Math.max(1, ...points.map((point) => point.high ?? 0)));
}

/** Steps of an axis, times a power of ten: close enough that little room is wasted, round enough to read. */
const stepFactors = [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8] as const;
/** Always as many, so that an axis whose range changes keeps its ticks and only their words change. */
const stepCount = 4;

/** An axis that holds both ends, in four round steps. */
export function roundRange(least: number, greatest: number): AxisRange {
  const rough = Math.max(greatest - least, 1e-6) / stepCount;
  for (let power = 10 ** Math.floor(Math.log10(rough)); ; power *= 10) {
    for (const factor of stepFactors) {
      const step = factor * power;
      const low = Math.floor(least / step) * step;
      if (step < rough || low + stepCount * step < greatest) continue;
      return axisOf(rounded(low), rounded(low + stepCount * step));
    }
  }
}

/** An axis between two ends that are round already. */
export function axisOf(low: number, high: number): AxisRange {
  const tickAt = (index: number): number => rounded(low + (index * (high - low)) / stepCount);
  return { low, high, ticks: Array.from({ length: stepCount + 1 }, (_, index) => tickAt(index)) };
}

/** Without the dust of binary fractions, such as in 0.30000000000000004. */
function rounded(value: number): number {
  return Number(value.toPrecision(12));
}

/** Turns values into places within a plot. */
export function scaleOf(area: PlotArea, fromX: number, toX: number, y: AxisRange) {
  return {
    x: (value: number): number => area.x + ((value - fromX) / (toX - fromX)) * area.width,
    y: (value: number): number => area.y + (1 - (value - y.low) / (y.high - y.low)) * area.height,
  };
}

/** Turns values into places, CSS px. */
export type Scale = ReturnType<typeof scaleOf>;

/** The mean as an SVG path; a gap breaks it, a lone point is a dot. */
export function linePath(points: readonly TrendPoint[], scale: Scale): string {
  return runsOf(points)
    .map((run) => {
      const places = run.map((point) => `${place(scale.x(point.tS))} ${place(scale.y(point.mean))}`);
      return `M${places.join("L")}${run.length === 1 ? "h0.1" : ""}`;
    })
    .join("");
}

/** The stretch from the least to the greatest as an SVG path; a gap breaks it. */
export function bandPath(points: readonly TrendPoint[], scale: Scale): string {
  return runsOf(points)
    .filter((run) => run.length > 1)
    .map((run) => {
      const upper = run.map((point) => `${place(scale.x(point.tS))} ${place(scale.y(point.high))}`);
      const lower = run
        .toReversed()
        .map((point) => `${place(scale.x(point.tS))} ${place(scale.y(point.low))}`);
      return `M${upper.join("L")}L${lower.join("L")}Z`;
    })
    .join("");
}

/** Bars of a histogram as one SVG path. */
export function barsPath(bins: readonly LatencyBin[], scale: Scale): string {
  const base = scale.y(0);
  return bins
    .filter((bin) => bin.count > 0)
    .map((bin) => {
      const left = scale.x(bin.lowMs);
      const width = Math.max(1, scale.x(bin.highMs) - left - 1);
      return `M${place(left)} ${place(base)}V${place(scale.y(bin.count))}h${place(width)}V${place(base)}Z`;
    })
    .join("");
}

/** The outline of a histogram as one SVG path; runs of bins that hold something stand on the axis each. */
export function stepsPath(bins: readonly LatencyBin[], scale: Scale): string {
  const base = place(scale.y(0));
  let path = "";
  let isOpen = false;
  for (const { lowMs, highMs, count } of bins) {
    if (count > 0)
      path += `${isOpen ? "" : `M${place(scale.x(lowMs))} ${base}`}V${place(scale.y(count))}H${place(scale.x(highMs))}`;
    else if (isOpen) path += `V${base}`;
    isOpen = count > 0;
  }
  return isOpen ? `${path}V${base}` : path;
}

/** A trend point where something was measured. */
export type FullPoint = { readonly [Key in keyof TrendPoint]: number };

/** Whether something was measured there. */
export function isFull(point: TrendPoint): point is FullPoint {
  return point.low !== null && point.mean !== null && point.high !== null;
}

function runsOf(points: readonly TrendPoint[]): readonly (readonly FullPoint[])[] {
  const runs: FullPoint[][] = [];
  let run: FullPoint[] | null = null;
  for (const point of points) {
    if (!isFull(point)) {
      run = null;
      continue;
    }
    if (run === null) {
      run = [];
      runs.push(run);
    }
    run.push(point);
  }
  return runs;
}

function place(px: number): string {
  return px.toFixed(1);
}
