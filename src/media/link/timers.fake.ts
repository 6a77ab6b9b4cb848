import type { Timers } from "./timers.ts";

/** Timers whose clock is moved by hand. */
export type FakeTimers = Timers & {
  /** Moves the clock on, calling what falls due on the way, in order of due time. */
  readonly advance: (durationMs: number) => void;
};

/** Makes timers that stand at 0 until advanced. */
export function createFakeTimers(): FakeTimers {
  let nowMs = 0;
  let waiting: readonly { readonly dueMs: number; readonly call: () => void }[] = [];
  return {
    nowMs: () => nowMs,
    after: (delayMs, call) => {
      const entry = { dueMs: nowMs + delayMs, call };
      waiting = [...waiting, entry];
      return () => {
        waiting = waiting.filter((other) => other !== entry);
      };
    },
    advance: (durationMs) => {
      const endMs = nowMs + durationMs;
      for (;;) {
        const [next] = waiting.filter(({ dueMs }) => dueMs <= endMs).toSorted((a, b) => a.dueMs - b.dueMs);
        if (next === undefined) break;
        waiting = waiting.filter((other) => other !== next);
        nowMs = next.dueMs;
        next.call();
      }
      nowMs = endMs;
    },
  };
}
