import { measured, missing, type Measured } from "../../core/measured.ts";
import type { CacheWord, RequestReading } from "../../core/timeline/delivery.ts";
import type { FetchTimes } from "./bounded-fetch.ts";

/** The headers in which caches say what they did, in the order in which they are believed. */
const cacheHeaders = [
  "cf-cache-status",
  "x-cache",
  "cache-status",
  "x-cache-status",
  "x-cdn-cache",
  "akamai-cache-status",
] as const;

/** What a response's headers tell of the caches on its way; null where none tells, or CORS hides them all. */
export function cacheWordOf(headers: Pick<Headers, "get">): (CacheWord & { readonly words: string }) | null {
  for (const by of cacheHeaders) {
    const value = headers.get(by);
    if (value === null) continue;
    const isHit = /\bhit\b/i.test(value) || /^(?:stale|updating|revalidated)$/i.test(value);
    return { kind: isHit ? "hit" : "miss", by, words: `${by}: ${value.slice(0, 80)}` };
  }
  return null;
}

/** One media request that was answered. */
export type MediaRequest = {
  readonly times: FetchTimes;
  readonly byteCount: number;
  readonly headers: Pick<Headers, "get">;
};

/** Counts the requests for media. */
export type Requests = {
  readonly add: (request: MediaRequest) => void;
  readonly addBytes: (byteCount: number) => void;
  readonly fail: () => void;
  readonly receivedBytes: () => number;
  readonly read: () => RequestReading;
};

const noneYet = "no segment has been loaded yet";
const hidden = "the server sends no such header, or does not expose it to this page";

/** Makes a count of no requests. */
export function createRequests(): Requests {
  let count = 0;
  let failedCount = 0;
  let receivedBytes = 0;
  let hitCount = 0;
  let wordCount = 0;
  let last: MediaRequest | null = null;
  const ofLast = (figure: (request: MediaRequest) => number): Measured =>
    last === null ? missing(noneYet) : measured(figure(last));
  return {
    add: (request) => {
      count += 1;
      receivedBytes += request.byteCount;
      last = request;
      const word = cacheWordOf(request.headers);
      if (word === null) return;
      wordCount += 1;
      if (word.kind === "hit") hitCount += 1;
    },
    addBytes: (byteCount) => {
      receivedBytes += byteCount;
    },
    fail: () => {
      failedCount += 1;
    },
    receivedBytes: () => receivedBytes,
    read: () => ({
      count,
      failedCount,
      firstByteMs: ofLast(({ times }) => times.firstMs - times.startMs),
      wholeMs: ofLast(({ times }) => times.endMs - times.startMs),
      bytes: measured(receivedBytes),
      ageS: ageOf(last),
      cacheHitRatio:
        wordCount === 0 ? missing(count === 0 ? noneYet : hidden) : measured(hitCount / wordCount),
      cacheWords: last === null ? null : (cacheWordOf(last.headers)?.words ?? null),
    }),
  };
}

function ageOf(last: MediaRequest | null): Measured {
  if (last === null) return missing(noneYet);
  const age = last.headers.get("age");
  return age !== null && /^\d{1,9}$/.test(age) ? measured(Number(age), 1) : missing(hidden);
}
