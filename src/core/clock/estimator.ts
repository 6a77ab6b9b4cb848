import type { ClockSample } from "./exchange.ts";
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

/** Makes an estimator that knows nothing yet. */
export declare function createOffsetEstimator(): OffsetEstimator;

/** How long to wait before the next ping, ms, when `count` have been sent: quick at first, then once a second. */
export declare function nextPingDelayMs(count: number): number;
