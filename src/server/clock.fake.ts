import type { ServerClock } from "./clock.ts";

/** A clock that moves only when told to. Its epoch begins at `startUs`. */
export function createFakeClock(startUs = 1_700_000_000_000_000): ServerClock & {
  /** Lets time pass, running the tasks that fall due in order. */
  readonly advance: (ms: number) => void;
} {
  let nowMs = 0;
  const tasks = new Set<{ dueMs: number; readonly periodMs: number; readonly run: () => void }>();
  return {
    nowMs: () => nowMs,
    epochUs: () => startUs + Math.round(nowMs * 1000),
    every: (periodMs, run) => {
      const task = { dueMs: nowMs + periodMs, periodMs, run };
      tasks.add(task);
      return () => tasks.delete(task);
    },
    advance: (ms) => {
      const endMs = nowMs + ms;
      for (;;) {
        const next = [...tasks].toSorted((one, other) => one.dueMs - other.dueMs)[0];
        if (next === undefined || next.dueMs > endMs) break;
        nowMs = next.dueMs;
        next.dueMs += next.periodMs;
        next.run();
      }
      nowMs = endMs;
    },
  };
}
