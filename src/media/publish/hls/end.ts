import type { Timers } from "../../link/timers.ts";
import type { Destination } from "./destination.ts";
import type { Publisher } from "./publisher.ts";

/** What ending a stream needs. */
export type EndOptions = {
  readonly publisher: Pick<Publisher, "finish" | "suspend" | "ending" | "listed">;
  readonly destination: Pick<Destination, "lastTarget">;
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  readonly timers: Timers;
  /** Calls once when the page is being closed; the answer takes that back. */
  readonly onPageHide: (call: () => void) => () => void;
  /** How long the last segments may take, and then the playlists that do without them, ms. */
  readonly patienceMs: number;
};

/**
 * Ends a stream: puts what it has in hand as last segments, then the playlists that end it. Where that takes too long, cannot
 * be put, or the page is being closed, the playlists alone are put, which mark a segment within which they end as absent: Fetch
 * lets no more than 64 KiB outlive a page (keepalive). Resolves to the files that stand on the server. Never rejects.
 */
export async function endStream(options: EndOptions): Promise<readonly string[]> {
  const { publisher, timers, onPageHide, patienceMs } = options;
  const cancel = timers.after(patienceMs, publisher.suspend);
  const forget = onPageHide(publisher.suspend);
  await publisher.finish();
  cancel();
  forget();
  publisher.suspend();
  await Promise.all(publisher.ending().map((file) => putLast(options, file)));
  return publisher.listed();
}

/** Outlives the page for the moment it takes. */
async function putLast(
  { destination, fetch, patienceMs }: EndOptions,
  file: { readonly name: string; readonly bytes: string },
): Promise<void> {
  const target = destination.lastTarget(file.name);
  if (target === null) return;
  try {
    await fetch(target.url, {
      method: "PUT",
      body: file.bytes,
      headers: { "Content-Type": "application/vnd.apple.mpegurl", ...target.headers },
      credentials: "omit",
      keepalive: true,
      signal: AbortSignal.timeout(patienceMs),
    });
  } catch {
    // Players that stay find a playlist that no longer moves, as they do when a sender is cut off.
  }
}
