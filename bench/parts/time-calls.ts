import { quantileOf, sorted } from "../../src/core/statistics/quantile.ts";

/** How long calls took, one by one. */
export type CallTimes = { readonly medianMs: number; readonly p95Ms: number };

/** Processor time of this process so far, ms: what else the machine does is not in it. */
export function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/**
 * Times `count` calls after a tenth as many unmeasured ones, rounded to microseconds.
 * @param nowMs by which clock; the wall's when not given
 */
export function timeCalls(
  count: number,
  call: (index: number) => void,
  nowMs: () => number = () => performance.now(),
): CallTimes {
  for (let index = 0; index < count / 10; index += 1) call(index);
  const took: number[] = [];
  for (let index = 0; index < count; index += 1) {
    const startedMs = nowMs();
    call(index);
    took.push(nowMs() - startedMs);
  }
  const ascendingMs = sorted(took);
  const rounded = (ms: number): number => Math.round(ms * 1000) / 1000;
  return { medianMs: rounded(quantileOf(ascendingMs, 0.5)), p95Ms: rounded(quantileOf(ascendingMs, 0.95)) };
}
