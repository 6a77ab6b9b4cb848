import type { ReceiverUs } from "../clock/instants.ts";
import { measured, missing, type Measured } from "../measured.ts";
import type { StreamEvent } from "./event.ts";

/** Freezes so far, the one going on included. */
export type FreezeReading = {
  readonly count: Measured;
  readonly totalMs: Measured;
  readonly longestMs: Measured;
};

/** Finds the stretches in which the picture stood still. */
export type Freezes = {
  /** Takes in a displayed picture that differs from the one before it; a repeat is not one. Gives the freeze it ended. */
  readonly add: (displayTimeUs: ReceiverUs, displayBoundMs: number) => StreamEvent | null;
  /** The time to the next picture is no gap of the stream's. */
  readonly cut: () => void;
  readonly read: (nowUs: ReceiverUs) => FreezeReading;
};

/** Frames whose mean duration is the measure of a normal gap (https://www.w3.org/TR/webrtc-stats/#dom-rtcinboundrtpstreamstats-freezecount). */
export const freezeFrameCount = 30;
/** Least that a gap must exceed the mean by, ms (same section). */
export const freezeExtraMs = 150;
/** Least multiple of the mean (same section). */
export const freezeFactor = 3;
/** Gaps that must be known before any can be called long. */
export const freezeMinGapCount = 5;

/**
 * Makes a freeze measure that has seen no picture.
 *
 * As W3C webrtc-stats: a freeze is a gap between two consecutively rendered frames that equals or exceeds
 * max(3 x mean, mean + 150 ms), the mean being that of the last 30 gaps before it (fewer at the start, at least 5). Its
 * duration is the whole gap, and the gap counts in later means.
 */
export function createFreezes(): Freezes {
  const gapsMs: number[] = [];
  let last: { readonly atUs: ReceiverUs; readonly boundMs: number } | null = null;
  let count = 0;
  let totalMs = 0;
  let longestMs = 0;
  let boundMs = 0;

  function isFreeze(gapMs: number): boolean {
    if (gapsMs.length < freezeMinGapCount) return false;
    const meanMs = gapsMs.reduce((sum, gap) => sum + gap, 0) / gapsMs.length;
    return gapMs >= Math.max(freezeFactor * meanMs, meanMs + freezeExtraMs);
  }

  function remember(gapMs: number): void {
    if (gapsMs.length === freezeFrameCount) gapsMs.shift();
    gapsMs.push(gapMs);
  }

  return {
    add: (displayTimeUs, displayBoundMs) => {
      const before = last;
      last = { atUs: displayTimeUs, boundMs: displayBoundMs };
      if (before === null) return null;
      const gapMs = (displayTimeUs - before.atUs) / 1000;
      const froze = isFreeze(gapMs);
      remember(gapMs);
      if (!froze) return null;
      count += 1;
      totalMs += gapMs;
      longestMs = Math.max(longestMs, gapMs);
      boundMs += before.boundMs + displayBoundMs;
      return { kind: "freeze", atUs: before.atUs, durationMs: gapMs };
    },
    cut: () => {
      last = null;
    },
    read: (nowUs) => {
      if (gapsMs.length < freezeMinGapCount) {
        const why = missing("too few frames have been displayed to know a normal gap");
        return { count: why, totalMs: why, longestMs: why };
      }
      const stillMs = last === null ? 0 : (nowUs - last.atUs) / 1000;
      const goingOnMs = isFreeze(stillMs) ? stillMs : 0;
      return {
        count: measured(count + (goingOnMs > 0 ? 1 : 0)),
        totalMs: measured(totalMs + goingOnMs, boundMs),
        longestMs: measured(Math.max(longestMs, goingOnMs), boundMs),
      };
    },
  };
}
