import { measured, missing, type Measured } from "../measured.ts";
import type { RunFrame } from "./frame.ts";
import { transitMs } from "./latency.ts";

/** Gathers how much latency changes from frame to frame. */
export type Jitter = {
  readonly add: (frame: RunFrame) => void;
  /** The next frame is not compared with the one before: another run, another clock. */
  readonly cut: () => void;
  readonly read: () => Measured;
};

/**
 * Makes a jitter measure: mean absolute latency difference of frames displayed one after the other, ms. The offset
 * cancels, so it needs no clock comparison and has no part of its bound.
 */
export function createJitter(): Jitter {
  let before: { readonly tookMs: number; readonly boundMs: number } | null = null;
  let sumMs = 0;
  let boundSumMs = 0;
  let count = 0;
  return {
    add: (frame) => {
      const tookMs = transitMs(frame.captureTimeUs, frame.displayTimeUs);
      if (before !== null) {
        sumMs += Math.abs(tookMs - before.tookMs);
        boundSumMs += frame.displayBoundMs + before.boundMs;
        count += 1;
      }
      before = { tookMs, boundMs: frame.displayBoundMs };
    },
    cut: () => {
      before = null;
    },
    read: () =>
      count === 0
        ? missing("fewer than two markers have been read")
        : measured(sumMs / count, boundSumMs / count),
  };
}
