import type { ReceiverUs } from "../clock/instants.ts";
import { measured, missing, type Measured } from "../measured.ts";

/** Rebuffering so far, the stall going on included. */
export type StallReading = { readonly count: Measured; readonly totalMs: Measured };

/** Counts the player's stalls: stretches in which its buffer had run dry, as the player tells them. */
export type Stalls = {
  /** The player waits from now on: a stall that is told when it is over, or goes on until the end. */
  readonly begin: (atUs: ReceiverUs) => void;
  /** The player waits no more, and it was no stall. */
  readonly drop: () => void;
  /** Takes in a stall that is over; it began at `atUs`. */
  readonly add: (atUs: ReceiverUs, durationMs: number) => void;
  readonly isGoing: () => boolean;
  readonly read: (nowUs: ReceiverUs) => StallReading;
};

/** Shorter waits are no stall: elements say `waiting` for an instant when they begin or loop, ms. */
export const leastStallMs = 50;

/** Makes a stall measure for a road with a player buffer. */
export function createStalls(): Stalls {
  let count = 0;
  let totalMs = 0;
  let sinceUs: ReceiverUs | null = null;
  return {
    begin: (atUs) => {
      sinceUs ??= atUs;
    },
    drop: () => {
      sinceUs = null;
    },
    add: (atUs, durationMs) => {
      // What of it was before a reset belongs to no measure any more.
      const ownMs = sinceUs === null ? durationMs : durationMs - Math.max(0, sinceUs - atUs) / 1000;
      sinceUs = null;
      count += 1;
      totalMs += Math.max(0, ownMs);
    },
    isGoing: () => sinceUs !== null,
    read: (nowUs) => {
      const waitMs = sinceUs === null ? 0 : (nowUs - sinceUs) / 1000;
      const goingOnMs = waitMs >= leastStallMs ? waitMs : 0;
      return { count: measured(count + (goingOnMs > 0 ? 1 : 0)), totalMs: measured(totalMs + goingOnMs) };
    },
  };
}

/** Makes what stands for a stall measure on a road without a player buffer: such roads freeze, they do not stall. */
export function createNoStalls(): Stalls {
  const why = missing("this road has no player buffer that could run dry");
  return { ...createStalls(), read: () => ({ count: why, totalMs: why }) };
}
