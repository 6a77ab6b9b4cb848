/**
 * The page's anchored monotonic clock, epoch us: it never steps when the system's clock is set. A worker's is the same clock
 * read from another zero.
 */
export function pageEpochUs(): number {
  return Math.round((performance.timeOrigin + performance.now()) * 1000);
}
