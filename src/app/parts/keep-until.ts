import { retryDelayMs } from "../../media/link/retry.ts";
import { waitFor, type Timers } from "../../media/link/timers.ts";

/** How an attempt to keep something on the server stands; `waiting` when the server is away. */
type Attempted = { readonly phase: string };

/**
 * Sends something until the server has it or refuses it: while it is away, waits and sends again.
 * @param send must come to the same however often it arrives
 * @param tell told what each attempt came to; never again once `signal` is aborted
 */
export async function keepUntilKept<Attempt extends Attempted>(
  send: () => Promise<Attempt>,
  tell: (attempt: Attempt) => void,
  timers: Timers,
  signal: AbortSignal,
): Promise<void> {
  let attemptCount = 0;
  for (let attempt = await send(); !isOver(signal); attempt = await send()) {
    tell(attempt);
    if (attempt.phase !== "waiting") return;
    const delayMs = retryDelayMs(attemptCount, Math.random());
    // Rejects only where the page is left, which ends the loop.
    await waitFor(timers, delayMs, signal).catch(() => undefined);
    if (isOver(signal)) return;
    attemptCount += 1;
  }
}

/** The page may be left at any time, so this is asked anew. */
function isOver({ aborted }: AbortSignal): boolean {
  return aborted;
}
