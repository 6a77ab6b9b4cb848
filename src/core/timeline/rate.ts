import { measured, missing, type Measured } from "../measured.ts";

/** A count that the browser keeps, as what was added since measuring began and how fast it grows. */
export type Rate = {
  /** Takes in the cumulative count as sampled at `atMs`; absent where the browser does not keep it. */
  readonly add: (atMs: number, count: number | undefined) => Growth | null;
  /** Growth per second over the last interval between samples. */
  readonly perSecond: (nowMs: number) => Measured;
  /** Growth since the first sample. */
  readonly total: () => Measured;
};

/** How a count grew between two samples. */
export type Growth = { readonly fromMs: number; readonly untilMs: number; readonly perSecond: number };

/** Samples closer together than this are one interval: shorter ones make the rate jump. */
const shortestIntervalMs = 500;
/** After this long without a sample there is no rate. */
const staleMs = 3500;

const notCounted = "the browser does not count this on this road";
const notSampled = "the player has not been sampled twice yet";

/** Makes a rate that has seen no sample. */
export function createRate(): Rate {
  let last: { readonly atMs: number; readonly count: number } | null = null;
  let growth: Growth | null = null;
  let total = 0;
  let pending = 0;
  let intervalFromMs = 0;
  let isAbsent = false;

  return {
    add: (atMs, count) => {
      isAbsent = count === undefined;
      if (count === undefined) return null;
      if (last === null) {
        last = { atMs, count };
        intervalFromMs = atMs;
        return null;
      }
      // A count that fell began again at 0 with a new connection: all of it is new.
      const added = count >= last.count ? count - last.count : count;
      total += added;
      pending += added;
      last = { atMs, count };
      const intervalMs = atMs - intervalFromMs;
      if (intervalMs < shortestIntervalMs) return null;
      growth = { fromMs: intervalFromMs, untilMs: atMs, perSecond: (pending * 1000) / intervalMs };
      intervalFromMs = atMs;
      pending = 0;
      return growth;
    },
    perSecond: (nowMs) => {
      if (isAbsent) return missing(notCounted);
      if (growth === null) return missing(notSampled);
      if (nowMs - growth.untilMs > staleMs) return missing("the player has not been sampled for 3 s");
      return measured(growth.perSecond);
    },
    total: () => {
      if (isAbsent) return missing(notCounted);
      return last === null ? missing(notSampled) : measured(total);
    },
  };
}
