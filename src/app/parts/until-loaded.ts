import { retryDelayMs } from "../../media/link/retry.ts";

/**
 * Loads a part of the page, and tries again while the server is away: a page that measures outlives its server, and a part
 * that cannot be had yet must not take the rest of the page with it.
 * @param onAway called each time that it could not be had
 */
export async function untilLoaded<Part>(
  load: () => Promise<Part>,
  onAway: () => void = () => undefined,
): Promise<Part> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await load();
    } catch {
      onAway();
      await new Promise((resolve) => setTimeout(resolve, retryDelayMs(attempt, Math.random())));
    }
  }
}
