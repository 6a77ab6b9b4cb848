import type { IncomingMessage } from "node:http";

import { release, reserve, type Store, type Stream, type Progress } from "./store.ts";

/** How an upload ended. `bytes` are counted in the store; whoever gets them keeps or releases them. */
export type Received =
  | { readonly kind: "whole"; readonly bytes: Buffer }
  | { readonly kind: "too-large" }
  | { readonly kind: "no-room" }
  | { readonly kind: "too-slow" }
  /** The sender hung up, or the stream was dropped meanwhile. */
  | { readonly kind: "broken-off" };

/**
 * Reads a request's body into memory, every byte counted as it arrives. Bounded in size, in room, and in time: the
 * store's sweep breaks off what is too slow.
 */
export async function receive(
  store: Store,
  stream: Stream,
  request: IncomingMessage,
  maxBytes: number,
): Promise<Received> {
  const chunks: Buffer[] = [];
  const startedMs = store.nowMs();
  const progress: Progress = { startedMs, lastByteMs: startedMs, byteCount: 0 };
  const received = await new Promise<Received>((resolve) => {
    stream.uploads.set(progress, () =>
      resolve({ kind: isOverdue(store, progress) ? "too-slow" : "broken-off" }),
    );
    request.on("data", (chunk: Buffer) => {
      if (!stream.uploads.has(progress)) return;
      if (progress.byteCount + chunk.length > maxBytes) resolve({ kind: "too-large" });
      else if (!reserve(store, stream, chunk.length)) resolve({ kind: "no-room" });
      else {
        progress.byteCount += chunk.length;
        progress.lastByteMs = store.nowMs();
        chunks.push(chunk);
      }
    });
    request.once("end", () => resolve({ kind: "whole", bytes: Buffer.concat(chunks) }));
    request.once("close", () => resolve({ kind: "broken-off" }));
    request.on("error", () => resolve({ kind: "broken-off" }));
  });
  stream.uploads.delete(progress);
  if (received.kind !== "whole") release(store, stream, progress.byteCount);
  return received;
}

/** Breaks off the uploads of a stream that take too long or have fallen silent. */
export function expireUploads(store: Store, stream: Stream): void {
  for (const [progress, abort] of stream.uploads) if (isOverdue(store, progress)) abort();
}

function isOverdue(store: Store, progress: Progress): boolean {
  const nowMs = store.nowMs();
  const { maxUploadMs, maxStallMs } = store.limits;
  return nowMs - progress.startedMs >= maxUploadMs || nowMs - progress.lastByteMs >= maxStallMs;
}
