/**
 * The page's anchored monotonic clock, epoch us: it never steps when the system's clock is set. A worker's is the same clock
 * read from another zero.
 */
export function pageEpochUs(): number {
  return Math.round((performance.timeOrigin + performance.now()) * 1000);
}

/** Most readings taken to see the clock move; a clock that never does so within them has a step too fine to matter. */
const maxReadingCount = 200_000;

/**
 * The step of a clock as browsers coarsen it (5 us to 1 ms, HR-Time section 7.1), us: the least of a few differences seen.
 * Takes up to three steps of time.
 * @param nowUs the clock, us
 */
export function clockStepUs(nowUs: () => number): number {
  let least = Infinity;
  let last = nowUs();
  let changeCount = 0;
  for (let reading = 0; reading < maxReadingCount && changeCount < 3; reading += 1) {
    const now = nowUs();
    if (now === last) continue;
    least = Math.min(least, now - last);
    last = now;
    changeCount += 1;
  }
  return Number.isFinite(least) ? Math.max(1, Math.round(least)) : 1;
}
