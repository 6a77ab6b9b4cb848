import type {
  HlsConfig,
  Loader,
  LoaderCallbacks,
  LoaderConfiguration,
  LoaderContext,
  LoaderStats,
} from "hls.js";

import { unreachable } from "../../../core/failure.ts";
import { defaultReadLimits } from "../../../core/hls/read.ts";
import { fetchBounded, type FetchAdapters, type FetchBounds, type Fetched } from "../bounded-fetch.ts";
import type { Requests } from "../requests.ts";

/** Largest segment taken: 10 s at 100 Mbit/s. One that does not end is cut off here or by time. */
export const maxSegmentBytes: number = 128 * 1024 * 1024;
/** Longest that one segment may take, ms; a live stream that needs longer cannot be played anyway. */
export const maxSegmentMs = 40_000;

/** Texts by which this loader tells its own findings through hls.js. */
export const foundWords: Readonly<Record<"too-large" | "too-slow", string>> = {
  "too-large": "larger than is taken",
  "too-slow": "slower than is waited for",
};

/** Where the last failed request went, for finding out why. */
export type LoaderAdapters = FetchAdapters & {
  readonly requests: Requests;
  readonly onNoAnswer: (url: string) => void;
  /** Takes media as it came; the bytes themselves go on to hls.js. */
  readonly onMedia: (context: LoaderContext, bytes: Uint8Array<ArrayBuffer>) => void;
};

type HlsLoader = HlsConfig["loader"];

/** Makes the loader that hls.js constructs for each request: one bounded fetch, without retries of its own (hls.js and the player have them). */
export function boundedLoader(adapters: LoaderAdapters): HlsLoader {
  // hls.js calls it with `new`; what a constructor returns stands for the instance.
  return function BoundedLoader(): Loader<LoaderContext> {
    return createLoader(adapters);
  } as unknown as HlsLoader;
}

type State = {
  context: LoaderContext | null;
  callbacks: LoaderCallbacks<LoaderContext> | null;
  stats: LoaderStats;
  headers: Headers | null;
  controller: AbortController;
};

function createLoader(adapters: LoaderAdapters): Loader<LoaderContext> {
  const state: State = {
    context: null,
    callbacks: null,
    stats: newStats(),
    headers: null,
    controller: new AbortController(),
  };
  const cancel = (): void => {
    state.controller.abort(new Error("hls.js wants it no more"));
  };
  return {
    get context() {
      return state.context;
    },
    get stats() {
      return state.stats;
    },
    set stats(stats) {
      state.stats = stats;
    },
    load: (context, config, callbacks) => {
      state.context = context;
      state.callbacks = callbacks;
      void load(adapters, state, context, config);
    },
    abort: () => {
      if (state.callbacks === null || state.context === null || state.stats.aborted) return;
      state.stats.aborted = true;
      const { callbacks, context } = state;
      state.callbacks = null;
      cancel();
      callbacks.onAbort?.(state.stats, context, null);
    },
    destroy: () => {
      state.callbacks = null;
      state.stats.aborted = true;
      cancel();
    },
    getCacheAge: () => Number(state.headers?.get("age") ?? Number.NaN) || null,
    getResponseHeader: (name) => state.headers?.get(name) ?? null,
  };
}

async function load(
  adapters: LoaderAdapters,
  state: State,
  context: LoaderContext,
  { loadPolicy }: LoaderConfiguration,
): Promise<void> {
  const isMedia = context.responseType === "arraybuffer";
  const bounds: FetchBounds = {
    maxBytes: isMedia ? maxSegmentBytes : defaultReadLimits.maxCharacterCount,
    firstByteMs: finite(loadPolicy.maxTimeToFirstByteMs, maxSegmentMs),
    wholeMs: Math.min(maxSegmentMs, finite(loadPolicy.maxLoadTimeMs, maxSegmentMs)),
  };
  const { stats, controller } = state;
  stats.loading.start = adapters.nowMs();
  let fetched: Fetched;
  try {
    const init = { headers: headersOf(context), signal: controller.signal };
    fetched = await fetchBounded(adapters, context.url, bounds, init);
  } catch {
    // Aborted: hls.js has been told by `abort` itself.
    return;
  }
  const { callbacks } = state;
  if (callbacks === null) return;
  if (fetched.kind === "ok") succeedWith(adapters, state, callbacks, context, fetched);
  else failWith(adapters, state, callbacks, context, fetched);
}

function succeedWith(
  { requests, onMedia }: LoaderAdapters,
  state: State,
  callbacks: LoaderCallbacks<LoaderContext>,
  context: LoaderContext,
  { bytes, status, url, headers, times }: Extract<Fetched, { readonly kind: "ok" }>,
): void {
  const { stats } = state;
  state.headers = headers;
  stats.loaded = bytes.byteLength;
  stats.total = bytes.byteLength;
  stats.chunkCount = 1;
  stats.loading.first = Math.max(times.firstMs, stats.loading.start);
  stats.loading.end = Math.max(times.endMs, stats.loading.first);
  stats.bwEstimate = (stats.total * 8000) / Math.max(1, stats.loading.end - stats.loading.first);
  const isMedia = context.responseType === "arraybuffer";
  if (isMedia) onMedia(context, bytes);
  if (isMedia) requests.add({ times, byteCount: bytes.byteLength, headers });
  else requests.addBytes(bytes.byteLength);
  const text = isMedia ? null : new TextDecoder().decode(bytes);
  if (text !== null && countLines(text) > defaultReadLimits.maxLineCount) {
    requests.fail();
    callbacks.onError({ code: status, text: foundWords["too-large"] }, context, null, stats);
    return;
  }
  callbacks.onSuccess({ url, data: text ?? bytes.buffer, code: status }, stats, context, null);
}

function failWith(
  adapters: LoaderAdapters,
  { stats }: State,
  callbacks: LoaderCallbacks<LoaderContext>,
  context: LoaderContext,
  fetched: Exclude<Fetched, { readonly kind: "ok" }>,
): void {
  stats.loading.end = adapters.nowMs();
  adapters.requests.fail();
  switch (fetched.kind) {
    case "status":
      callbacks.onError({ code: fetched.status, text: "" }, context, null, stats);
      return;
    case "too-large":
      callbacks.onError({ code: 200, text: foundWords["too-large"] }, context, null, stats);
      return;
    case "too-slow":
      callbacks.onTimeout(stats, context, null);
      return;
    case "no-answer":
      adapters.onNoAnswer(context.url);
      callbacks.onError({ code: 0, text: fetched.cause }, context, null, stats);
      return;
    default:
      unreachable(fetched);
  }
}

/** Byte ranges of hls.js end before `rangeEnd`, those of HTTP on it (RFC 9110 section 14.1.2). */
function headersOf({ headers, rangeStart, rangeEnd }: LoaderContext): Record<string, string> {
  if (rangeEnd === undefined || rangeEnd === 0) return { ...headers };
  return { ...headers, Range: `bytes=${rangeStart ?? 0}-${rangeEnd - 1}` };
}

function countLines(text: string): number {
  let count = 1;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) count += 1;
  return count;
}

function finite(value: number, otherwise: number): number {
  return Number.isFinite(value) && value > 0 ? value : otherwise;
}

function newStats(): LoaderStats {
  return {
    aborted: false,
    loaded: 0,
    retry: 0,
    total: 0,
    chunkCount: 0,
    bwEstimate: 0,
    loading: { start: 0, first: 0, end: 0 },
    parsing: { start: 0, end: 0 },
    buffering: { start: 0, first: 0, end: 0 },
  };
}
