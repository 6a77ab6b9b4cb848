import { retryDelayMs } from "../link/retry.ts";
import type { Timers } from "../link/timers.ts";

/** Media that comes for so long without another fault ends a run of tries, ms: a stream that breaks again and again is not asked more often for it. */
export const steadyMs = 5000;

/** How loading goes on after a fault: where it stopped, what is buffered kept; or from the beginning. */
export type Again = "load-on" | "reload";

/** Loads again after a while that grows from try to try, up to a bound; never two tries at once. */
export type Recovery = {
  /** A try that waits already becomes a reload where one is asked for. */
  readonly schedule: (how: Again) => void;
  /** Media came again: once it has for a while, the next trouble begins with a short wait. */
  readonly succeeded: () => void;
  /** Reloads since media came steadily, the one that goes on included. */
  readonly reloads: () => number;
  readonly close: () => void;
};

/** Makes a recovery that calls `again` when it is time. */
export function createRecovery(timers: Timers, random: () => number, again: (how: Again) => void): Recovery {
  let attempt = 0;
  let reloadCount = 0;
  let next: Again = "load-on";
  let cancel: (() => void) | null = null;
  let cancelSteady: (() => void) | null = null;
  const notSteady = (): void => {
    cancelSteady?.();
    cancelSteady = null;
  };
  return {
    schedule: (how) => {
      notSteady();
      if (cancel === null || how === "reload") next = how;
      if (cancel !== null) return;
      cancel = timers.after(retryDelayMs(attempt, random()), () => {
        cancel = null;
        attempt += 1;
        if (next === "reload") reloadCount += 1;
        again(next);
      });
    },
    succeeded: () => {
      if (attempt === 0 || cancelSteady !== null || cancel !== null) return;
      cancelSteady = timers.after(steadyMs, () => {
        cancelSteady = null;
        attempt = 0;
        reloadCount = 0;
      });
    },
    reloads: () => reloadCount,
    close: () => {
      notSteady();
      cancel?.();
      cancel = null;
    },
  };
}
