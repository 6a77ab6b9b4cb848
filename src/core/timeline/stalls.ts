import { measured, missing, type Measured } from "../measured.ts";

/** Rebuffering so far. */
export type StallReading = { readonly count: Measured; readonly totalMs: Measured };

/** Counts the player's stalls: stretches in which its buffer had run dry, as the player tells them. */
export type Stalls = {
  readonly add: (durationMs: number) => void;
  readonly read: () => StallReading;
};

/**
 * Makes a stall measure.
 * @param canStall false for roads without a player buffer: they freeze, they do not stall
 */
export function createStalls(canStall: boolean): Stalls {
  let count = 0;
  let totalMs = 0;
  return {
    add: (durationMs) => {
      count += 1;
      totalMs += durationMs;
    },
    read: () => {
      if (canStall) return { count: measured(count), totalMs: measured(totalMs) };
      const why = missing("this road has no player buffer that could run dry");
      return { count: why, totalMs: why };
    },
  };
}
