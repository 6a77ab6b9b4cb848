import { retryDelayMs } from "../../link/retry.ts";
import type { Timers } from "../../link/timers.ts";

/** Loads anew after a while that grows from try to try, up to a bound; never two tries at once. */
export type Recovery = {
  readonly schedule: () => void;
  /** Media came again: the next trouble begins with a short wait. */
  readonly succeeded: () => void;
  readonly close: () => void;
};

/** Makes a recovery that calls `reload` when it is time. */
export function createRecovery(timers: Timers, random: () => number, reload: () => void): Recovery {
  let attempt = 0;
  let cancel: (() => void) | null = null;
  const clear = (): void => {
    cancel?.();
    cancel = null;
  };
  return {
    schedule: () => {
      if (cancel !== null) return;
      cancel = timers.after(retryDelayMs(attempt, random()), () => {
        cancel = null;
        attempt += 1;
        reload();
      });
    },
    succeeded: () => {
      attempt = 0;
    },
    close: clear,
  };
}
