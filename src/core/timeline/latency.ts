import type { ReceiverUs, SenderUs } from "../clock/instants.ts";
import { offsetMsAt, type ClockOffset } from "../clock/offset.ts";
import { measured, missing, type Measured } from "../measured.ts";
import type { RunFrame } from "./frame.ts";
import { createHistogram, type Quantile } from "./histogram.ts";

/** One bar of a histogram: values from `lowMs` up to, not including, `highMs`. */
export type LatencyBin = { readonly lowMs: number; readonly highMs: number; readonly count: number };

/** Latencies as a bar chart takes them: at most 60 equally wide bins over what lies between the 0.1th and 99.9th percentile. */
export type LatencyHistogram = {
  readonly bins: readonly LatencyBin[];
  /** Latencies below the first bin. */
  readonly underCount: number;
  /** Latencies at or above the end of the last bin. */
  readonly overCount: number;
  readonly totalCount: number;
};

/** Latency so far; every bound holds the clock's, and the percentiles' the histogram's as well. */
export type LatencyReading = {
  readonly now: Measured;
  readonly mean: Measured;
  readonly p50: Measured;
  readonly p95: Measured;
  readonly p99: Measured;
  readonly max: Measured;
};

/** One latency with the display time it belongs to, for charts. */
export type LatencyPointMs = {
  readonly atUs: ReceiverUs;
  readonly valueMs: number;
  readonly boundMs: number;
};

/** Gathers the latency of every frame. */
export type Latency = {
  /** Takes in a frame; without an offset it waits (the last 1024 do). Gives its latency for charts, or null while it waits. */
  readonly add: (frame: RunFrame, offset: ClockOffset | null) => LatencyPointMs | null;
  /** Measures the frames that waited, now that the offset is known. */
  readonly fold: (offset: ClockOffset) => readonly LatencyPointMs[];
  readonly read: (nowUs: ReceiverUs) => LatencyReading;
  readonly histogram: () => LatencyHistogram;
};

const maxWaitingCount = 1024;
/** After this long without a frame there is no latency "now". */
const staleMs = 3000;
const maxBinCount = 60;
const shownRatios = [0.5, 0.95, 0.99];

/** Latency of a picture captured on one clock and displayed on another: display - capture - offset, ms. */
export function latencyMs(
  captured: SenderUs,
  displayed: ReceiverUs,
  offset: ClockOffset,
  displayBoundMs: number = 0,
): Measured {
  const apart = offsetMsAt(offset, displayed);
  if (!apart.known) return apart;
  return measured((displayed - captured) / 1000 - apart.value, apart.bound + displayBoundMs);
}

/** Exact sums and extremes of values that each lie within a bound. */
function createTotals() {
  let sumMs = 0;
  let boundSumMs = 0;
  let maxMs = -Infinity;
  let maxLowMs = -Infinity;
  let maxHighMs = -Infinity;
  return {
    add: (valueMs: number, boundMs: number): void => {
      sumMs += valueMs;
      boundSumMs += boundMs;
      maxMs = Math.max(maxMs, valueMs);
      maxLowMs = Math.max(maxLowMs, valueMs - boundMs);
      maxHighMs = Math.max(maxHighMs, valueMs + boundMs);
    },
    mean: (count: number): Measured => measured(sumMs / count, boundSumMs / count),
    maxMs: (): number => maxMs,
    max: (): Measured => measured(maxMs, Math.max(maxHighMs - maxMs, maxMs - maxLowMs)),
  };
}

/**
 * The true percentile lies between those of all low ends and of all high ends. The middle of a cell may lie beyond the greatest
 * value in it, which no percentile does.
 */
function between(middle: Quantile, low: Quantile, high: Quantile, greatestMs: number): Measured {
  const valueMs = Math.min(middle.valueMs, greatestMs);
  const above = high.valueMs + high.boundMs - valueMs;
  const below = valueMs - (low.valueMs - low.boundMs);
  return measured(valueMs, Math.max(above, below, middle.boundMs));
}

/** Percentiles of values that each lie within a bound: three histograms, of the values and of either end. */
function createPercentiles() {
  const middles = createHistogram();
  const lows = createHistogram();
  const highs = createHistogram();
  return {
    add: (valueMs: number, boundMs: number): void => {
      middles.add(valueMs);
      lows.add(valueMs - boundMs);
      highs.add(valueMs + boundMs);
    },
    read: (why: string, greatestMs: number): readonly Measured[] => {
      const middle = middles.quantiles(shownRatios);
      const low = lows.quantiles(shownRatios);
      const high = highs.quantiles(shownRatios);
      return shownRatios.map((_, index) => {
        const here = middle?.[index];
        const under = low?.[index];
        const over = high?.[index];
        return here && under && over ? between(here, under, over, greatestMs) : missing(why);
      });
    },
    histogram: middles,
  };
}

function toBars(histogram: ReturnType<typeof createHistogram>): LatencyHistogram {
  const bins = histogram.bins(0.001, 0.999, maxBinCount);
  if (bins === null) return { bins: [], underCount: 0, overCount: 0, totalCount: 0 };
  return {
    bins: bins.counts.map((count, index) => ({
      lowMs: bins.lowMs + index * bins.widthMs,
      highMs: bins.lowMs + (index + 1) * bins.widthMs,
      count,
    })),
    underCount: bins.underCount,
    overCount: bins.overCount,
    totalCount: histogram.count(),
  };
}

/** Makes a latency measure that has seen no frame. */
export function createLatency(): Latency {
  const totals = createTotals();
  const percentiles = createPercentiles();
  const waiting: RunFrame[] = [];
  let last: LatencyPointMs | null = null;
  let hasSeenFrame = false;

  function take(frame: RunFrame, offset: ClockOffset): LatencyPointMs | null {
    const latency = latencyMs(frame.captureTimeUs, frame.displayTimeUs, offset, frame.displayBoundMs);
    if (!latency.known) return null;
    totals.add(latency.value, latency.bound);
    percentiles.add(latency.value, latency.bound);
    last = { atUs: frame.displayTimeUs, valueMs: latency.value, boundMs: latency.bound };
    return last;
  }

  function now(nowUs: ReceiverUs, why: string): Measured {
    if (waiting.length > 0 || last === null) return missing(why);
    const isStale = nowUs - last.atUs > staleMs * 1000;
    return isStale ? missing("no frame with a marker for 3 s") : measured(last.valueMs, last.boundMs);
  }

  return {
    add: (frame, offset) => {
      hasSeenFrame = true;
      if (offset !== null) return take(frame, offset);
      if (waiting.length === maxWaitingCount) waiting.shift();
      waiting.push(frame);
      return null;
    },
    fold: (offset) => waiting.splice(0).flatMap((frame) => take(frame, offset) ?? []),
    read: (nowUs) => {
      const why = hasSeenFrame ? "the clocks have not been compared yet" : "no marker has been read yet";
      const count = percentiles.histogram.count();
      const [p50, p95, p99] = percentiles.read(why, totals.maxMs());
      return {
        now: now(nowUs, why),
        mean: count === 0 ? missing(why) : totals.mean(count),
        p50: p50 ?? missing(why),
        p95: p95 ?? missing(why),
        p99: p99 ?? missing(why),
        max: count === 0 ? missing(why) : totals.max(),
      };
    },
    histogram: () => toBars(percentiles.histogram),
  };
}
