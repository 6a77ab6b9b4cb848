/** How long calls took, one by one. */
export type CallTimes = { readonly medianMs: number; readonly p95Ms: number };

function quantile(sorted: readonly number[], ratio: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * ratio))] ?? Number.NaN;
}

/** Times `count` calls after a tenth as many unmeasured ones, rounded to microseconds. */
export function timeCalls(count: number, call: (index: number) => void): CallTimes {
  for (let index = 0; index < count / 10; index += 1) call(index);
  const took: number[] = [];
  for (let index = 0; index < count; index += 1) {
    const startedMs = performance.now();
    call(index);
    took.push(performance.now() - startedMs);
  }
  const sorted = took.toSorted((one, other) => one - other);
  const rounded = (ms: number): number => Math.round(ms * 1000) / 1000;
  return { medianMs: rounded(quantile(sorted, 0.5)), p95Ms: rounded(quantile(sorted, 0.95)) };
}
