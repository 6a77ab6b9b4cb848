import type { MediaPlaylist } from "../../core/hls/playlist.ts";
import type { OriginLimits } from "./limits.ts";

/** A file as it was put. */
export type StoredFile = {
  readonly bytes: Buffer;
  /** Names these bytes and no others, quotes included. */
  readonly etag: string;
  /** Its name had other bytes before: caches may not trust the name. */
  readonly isReplaced: boolean;
  readonly putAtMs: number;
};

/** What a media playlist that was put says. */
export type StoredPlaylist = {
  readonly media: MediaPlaylist;
  /** Its delta update; null when nothing can be skipped. */
  readonly delta: Buffer | null;
  /** Files of the stream that it lists. */
  readonly listed: ReadonlySet<string>;
  /** Files that it hints to come. */
  readonly hinted: ReadonlySet<string>;
};

/** A request that waits for a file or for its next version. */
export type Hold = {
  readonly untilMs: number;
  /** Answers if it can be answered now; whether it was. */
  readonly wake: () => boolean;
  /** Answers that the wait was too long. */
  readonly giveUp: () => void;
};

/** How far an upload has come. */
export type Progress = { readonly startedMs: number; lastByteMs: number; byteCount: number };

/** One stream. */
export type Stream = {
  readonly id: string;
  /** Who asked for it, as limits count: `addressKey`. */
  readonly address: string;
  readonly files: Map<string, StoredFile>;
  readonly playlists: Map<string, StoredPlaylist>;
  /** Files that were listed once and are no longer, with when they may go. */
  readonly retired: Map<string, number>;
  readonly holds: Map<string, Set<Hold>>;
  /** Uploads under way, with what breaks each off. */
  readonly uploads: Map<Progress, () => void>;
  holdCount: number;
  /** Files and unfinished uploads. */
  byteCount: number;
  lastPutMs: number;
};

/** All streams, and how much they hold. */
export type Store = {
  readonly limits: OriginLimits;
  readonly nowMs: () => number;
  readonly streams: Map<string, Stream>;
  readonly bootId: string;
  byteCount: number;
  holdCount: number;
  putCount: number;
};

/** Makes an empty stream. */
export function createStream(store: Store, id: string, address: string): Stream {
  const stream: Stream = {
    id,
    address,
    files: new Map(),
    playlists: new Map(),
    retired: new Map(),
    holds: new Map(),
    uploads: new Map(),
    holdCount: 0,
    byteCount: 0,
    lastPutMs: store.nowMs(),
  };
  store.streams.set(id, stream);
  return stream;
}

/**
 * Counts bytes that are about to be held, letting go of retired files when there is no room. False, and nothing
 * counted, when there is none even so.
 */
export function reserve(store: Store, stream: Stream, byteCount: number): boolean {
  const { maxStreamBytes, maxTotalBytes } = store.limits;
  const fits = (): boolean =>
    stream.byteCount + byteCount <= maxStreamBytes && store.byteCount + byteCount <= maxTotalBytes;
  // Insertion order is the order of retirement, so the longest retired goes first.
  for (const key of stream.retired.keys()) {
    if (fits()) break;
    removeFile(store, stream, key);
  }
  if (!fits()) return false;
  release(store, stream, -byteCount);
  return true;
}

/** Counts bytes that are no longer held. */
export function release(store: Store, stream: Stream, byteCount: number): void {
  stream.byteCount -= byteCount;
  // A dropped stream's uploads end after it; its bytes were counted in both places all the same.
  store.byteCount -= byteCount;
}

/** Keeps a file whose bytes are counted already. */
export function putFile(
  store: Store,
  stream: Stream,
  key: string,
  bytes: Buffer,
): { readonly isNew: boolean } {
  const isNew = !stream.files.has(key);
  if (!isNew) removeFile(store, stream, key);
  store.putCount += 1;
  stream.lastPutMs = store.nowMs();
  stream.files.set(key, {
    bytes,
    etag: `"${store.bootId}-${store.putCount}"`,
    isReplaced: !isNew,
    putAtMs: stream.lastPutMs,
  });
  return { isNew };
}

/** Lets go of a file, if it is there. */
export function removeFile(store: Store, stream: Stream, key: string): void {
  const file = stream.files.get(key);
  if (file === undefined) return;
  stream.files.delete(key);
  stream.playlists.delete(key);
  stream.retired.delete(key);
  release(store, stream, file.bytes.length);
}

/** Whether any playlist of a stream lists a file. */
export function isListed(stream: Stream, key: string): boolean {
  for (const playlist of stream.playlists.values()) if (playlist.listed.has(key)) return true;
  return false;
}
