/** Wait before the first retry, ms. */
export const firstRetryMs = 300;
/** Longest wait between two retries, ms. */
export const longestRetryMs = 8000;
/** Longest wait before a room that is gone is asked for again, ms: wrong codes are counted by the server, address by address. */
export const longestNoRoomRetryMs = 20_000;
/** Share of each wait that is left to chance, so that many pages do not all return in the same instant. */
export const retryJitterRatio = 0.4;

/**
 * How long to wait before retry number `attempt` (0 is the first): doubling, bounded, with jitter taken off.
 * @param random01 a random number, 0 to below 1
 */
export function retryDelayMs(attempt: number, random01: number, longestMs: number = longestRetryMs): number {
  const plainMs = Math.min(longestMs, firstRetryMs * 2 ** Math.min(attempt, 20));
  return plainMs * (1 - retryJitterRatio * random01);
}
