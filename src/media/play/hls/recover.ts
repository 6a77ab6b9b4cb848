import { retryDelayMs } from "../../link/retry.ts";
import type { Timers } from "../../link/timers.ts";

/** Media that comes for so long without another fault ends a run of tries, ms: a stream that breaks again and again is not asked more often for it. */
export const steadyMs = 5000;

/** Loads anew after a while that grows from try to try, up to a bound; never two tries at once. */
export type Recovery = {
  readonly schedule: () => void;
  /** Media came again: once it has for a while, the next trouble begins with a short wait. */
  readonly succeeded: () => void;
  /** Tries since media came steadily. */
  readonly attempts: () => number;
  readonly close: () => void;
};

/** Makes a recovery that calls `reload` when it is time. */
export function createRecovery(timers: Timers, random: () => number, reload: () => void): Recovery {
  let attempt = 0;
  let cancel: (() => void) | null = null;
  let cancelSteady: (() => void) | null = null;
  const notSteady = (): void => {
    cancelSteady?.();
    cancelSteady = null;
  };
  return {
    schedule: () => {
      notSteady();
      if (cancel !== null) return;
      cancel = timers.after(retryDelayMs(attempt, random()), () => {
        cancel = null;
        attempt += 1;
        reload();
      });
    },
    succeeded: () => {
      if (attempt === 0 || cancelSteady !== null || cancel !== null) return;
      cancelSteady = timers.after(steadyMs, () => {
        cancelSteady = null;
        attempt = 0;
      });
    },
    attempts: () => attempt,
    close: () => {
      notSteady();
      cancel?.();
      cancel = null;
    },
  };
}
