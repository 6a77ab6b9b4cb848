/** First and longest wait between two tries, ms. */
const firstWaitMs = 500;
const longestWaitMs = 8000;

/**
 * Loads a part of the page, and tries again while the server is away: a page that measures outlives its server, and a part
 * that cannot be had yet must not take the rest of the page with it.
 */
export async function untilLoaded<Part>(load: () => Promise<Part>): Promise<Part> {
  for (let waitMs = firstWaitMs; ; waitMs = Math.min(2 * waitMs, longestWaitMs)) {
    try {
      return await load();
    } catch {
      await new Promise((resolve) => setTimeout(resolve, waitMs));
    }
  }
}
