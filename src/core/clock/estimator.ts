import { driftTolerancePpm, type ClockSample } from "./exchange.ts";
import type { ClockOffset } from "./offset.ts";

/** One of the two clocks jumped: what was known before no longer holds and the estimate began anew. */
export type ClockStep = {
  /** Our clock at the first sample after the jump, epoch us. */
  readonly atUs: number;
  /** How far the offset jumped, ms. */
  readonly byMs: number;
};

/** Estimates how our clock stands to another from exchanges. Bounded memory, no clock of its own. */
export type OffsetEstimator = {
  /** Takes in a sample, in order of time. Tells when it cannot be reconciled with the earlier ones. */
  readonly add: (sample: ClockSample) => ClockStep | null;
  /** The offset (ours minus theirs) at `nowUs` on our clock; null before the first sample. */
  readonly read: (nowUs: number) => ClockOffset | null;
};

/** How long a sample counts, ms. */
export const sampleWindowMs: number = 5 * 60_000;
/** Most samples held; with one exchange a second the window ends first. */
export const maxSampleCount = 360;
/** Drift below which two samples cannot disagree without one clock having jumped, ppm: the fastest that NTP slews (RFC 5905 section 10). */
export const slewTolerancePpm = 500;
/** How far the drift itself may wander within the window (temperature, a slewing daemon) and still be called the same, ppm. */
export const driftWanderPpm = 2;

type Drift = { readonly ppm: number; readonly boundPpm: number };
type Range = { readonly low: number; readonly high: number };

const unknownDrift: Drift = { ppm: 0, boundPpm: driftTolerancePpm };

/** Every offset at `atUs` that no sample contradicts, if the drift is as given; empty when `low` exceeds `high`. */
function offsetsAt(samples: readonly ClockSample[], atUs: number, drift: Drift): Range {
  let low = -Infinity;
  let high = Infinity;
  for (const sample of samples) {
    const awayMs = (atUs - sample.atUs) / 1000;
    const middle = sample.offsetMs + (awayMs * drift.ppm) / 1e6;
    const bound = sample.boundMs + (Math.abs(awayMs) * drift.boundPpm) / 1e6;
    low = Math.max(low, middle - bound);
    high = Math.min(high, middle + bound);
  }
  return { low, high };
}

/**
 * Slopes, ppm, of all straight lines that pass through every sample's interval: the steepest and flattest lines
 * between the upper hull of the low ends and the lower hull of the high ends, found pair by pair.
 */
function slopes(samples: readonly ClockSample[]): Range {
  let low = -Infinity;
  let high = Infinity;
  for (const [index, later] of samples.entries()) {
    for (let before = 0; before < index; before += 1) {
      const earlier = samples[before];
      if (earlier === undefined) break;
      const apartMs = (later.atUs - earlier.atUs) / 1000;
      if (apartMs <= 0) continue;
      const roomMs = later.boundMs + earlier.boundMs;
      const roseMs = later.offsetMs - earlier.offsetMs;
      low = Math.max(low, ((roseMs - roomMs) * 1e6) / apartMs);
      high = Math.min(high, ((roseMs + roomMs) * 1e6) / apartMs);
    }
  }
  return { low, high };
}

function overlap(one: Range, halfWidth: number): Range | null {
  const low = Math.max(one.low, -halfWidth);
  const high = Math.min(one.high, halfWidth);
  return low <= high ? { low, high } : null;
}

/** The drift that the samples prove; null when no constant drift agrees with them all. */
function driftOf(samples: readonly ClockSample[]): Drift | null {
  const proven = slopes(samples);
  if (proven.low > proven.high) return null;
  const usual = overlap(proven, driftTolerancePpm);
  // Claimed only once the samples alone pin it down better than the crystals' tolerance does.
  if (usual !== null && proven.high - proven.low > 2 * driftTolerancePpm) return unknownDrift;
  const range = usual ?? overlap(proven, slewTolerancePpm) ?? proven;
  return {
    ppm: (range.low + range.high) / 2,
    boundPpm: (range.high - range.low) / 2 + driftWanderPpm,
  };
}

/** Drops the oldest quarter until one constant drift agrees with the rest: the drift itself has changed. */
function fit(samples: ClockSample[]): Drift {
  let drift = driftOf(samples);
  while (drift === null) {
    samples.splice(0, Math.max(1, samples.length >> 2));
    drift = driftOf(samples);
  }
  return drift;
}

/** How far outside the range a sample lies, ms, with its sign; 0 when they agree. */
function disagreementMs(sample: ClockSample, range: Range): number {
  if (sample.offsetMs - sample.boundMs > range.high) return sample.offsetMs - (range.low + range.high) / 2;
  if (sample.offsetMs + sample.boundMs < range.low) return sample.offsetMs - (range.low + range.high) / 2;
  return 0;
}

/**
 * Makes an estimator that knows nothing yet.
 *
 * Each sample says between which two values the offset lay at its instant. The estimate is the middle of all values
 * that no sample of the last five minutes contradicts, and its bound is the half-width: as samples with short round
 * trips come, others cease to matter. Drift is bounded the same way, by the slopes of all lines through the samples.
 */
export function createOffsetEstimator(): OffsetEstimator {
  let samples: ClockSample[] = [];
  let drift = unknownDrift;
  let exchangeCount = 0;

  function startAnew(): void {
    samples = [];
    drift = unknownDrift;
    exchangeCount = 0;
  }

  function stepTo(sample: ClockSample): ClockStep | null {
    if (samples.length === 0) return null;
    const loose: Drift = { ppm: drift.ppm, boundPpm: slewTolerancePpm };
    const byMs = disagreementMs(sample, offsetsAt(samples, sample.atUs, loose));
    return byMs === 0 ? null : { atUs: sample.atUs, byMs };
  }

  return {
    add: (sample) => {
      const step = stepTo(sample);
      if (step !== null) startAnew();
      const oldestUs = sample.atUs - sampleWindowMs * 1000;
      samples = samples.filter((held) => held.atUs >= oldestUs).slice(1 - maxSampleCount);
      samples.push(sample);
      drift = fit(samples);
      exchangeCount += 1;
      return step;
    },
    read: (nowUs) => {
      if (samples.length === 0) return null;
      const { low, high } = offsetsAt(samples, nowUs, drift);
      return {
        atUs: nowUs,
        offsetMs: (low + high) / 2,
        boundMs: Math.max(0, high - low) / 2,
        driftPpm: drift.ppm,
        driftBoundPpm: drift.boundPpm,
        bestRoundTripMs: Math.min(...samples.map((sample) => sample.roundTripMs)),
        exchangeCount,
      };
    },
  };
}

const quickPingCount = 8;
const quickPingDelayMs = 50;
const pingDelayMs = 1000;

/**
 * How long to wait before the next ping, ms, when `count` have been sent: eight quick ones so that the first frames
 * have an offset, then one a second, which keeps the bound from growing and costs next to nothing.
 */
export function nextPingDelayMs(count: number): number {
  if (count === 0) return 0;
  return count < quickPingCount ? quickPingDelayMs : pingDelayMs;
}
