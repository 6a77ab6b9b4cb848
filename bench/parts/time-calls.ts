import { quantileOf, sorted } from "../../src/core/statistics/quantile.ts";

/** How long calls took, one by one. */
export type CallTimes = { readonly medianMs: number; readonly p95Ms: number };

/** Times `count` calls after a tenth as many unmeasured ones, rounded to microseconds. */
export function timeCalls(count: number, call: (index: number) => void): CallTimes {
  for (let index = 0; index < count / 10; index += 1) call(index);
  const took: number[] = [];
  for (let index = 0; index < count; index += 1) {
    const startedMs = performance.now();
    call(index);
    took.push(performance.now() - startedMs);
  }
  const ascendingMs = sorted(took);
  const rounded = (ms: number): number => Math.round(ms * 1000) / 1000;
  return { medianMs: rounded(quantileOf(ascendingMs, 0.5)), p95Ms: rounded(quantileOf(ascendingMs, 0.95)) };
}
