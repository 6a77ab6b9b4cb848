import { reason } from "../../core/failure.ts";

/** How far a request may go. */
export type FetchBounds = {
  readonly maxBytes: number;
  /** Request sent -> headers. */
  readonly firstByteMs: number;
  /** Request sent -> last byte. */
  readonly wholeMs: number;
};

/** A request's instants on the page's clock, ms. */
export type FetchTimes = { readonly startMs: number; readonly firstMs: number; readonly endMs: number };

/** What came of a request: its bytes, or which bound or fault ended it. */
export type Fetched =
  | {
      readonly kind: "ok";
      readonly bytes: Uint8Array<ArrayBuffer>;
      readonly status: number;
      /** Where redirects led. */
      readonly url: string;
      readonly headers: Headers;
      readonly times: FetchTimes;
    }
  | { readonly kind: "status"; readonly status: number }
  | { readonly kind: "too-large"; readonly maxBytes: number }
  | { readonly kind: "too-slow"; readonly afterMs: number }
  /** No answer that the page may see: not reachable, refused by CORS, or redirected in circles. */
  | { readonly kind: "no-answer"; readonly cause: string };

/** What a request is made with. */
export type FetchAdapters = {
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  readonly nowMs: () => number;
};

/** The page's own. */
export const pageFetch: FetchAdapters["fetch"] = (url, init) => fetch(url, init);

/** Fetches within bounds. Abort rejects with `signal.reason`; nothing else does. */
export async function fetchBounded(
  { fetch, nowMs }: FetchAdapters,
  url: string,
  bounds: FetchBounds,
  init: { readonly headers?: Record<string, string>; readonly signal: AbortSignal },
): Promise<Fetched> {
  const limits = createLimits(bounds);
  const signal = AbortSignal.any([init.signal, limits.signal]);
  const startMs = nowMs();
  try {
    const response = await fetch(url, { ...init, signal, cache: "no-store", credentials: "omit" });
    const firstMs = nowMs();
    limits.onFirstByte();
    if (!response.ok) {
      await response.body?.cancel();
      return { kind: "status", status: response.status };
    }
    const bytes = await readBytes(response, bounds.maxBytes);
    if (bytes === null) return { kind: "too-large", maxBytes: bounds.maxBytes };
    const { status, headers } = response;
    const times = { startMs, firstMs, endMs: nowMs() };
    return { kind: "ok", bytes, status, url: response.url === "" ? url : response.url, headers, times };
  } catch (error) {
    init.signal.throwIfAborted();
    if (limits.signal.aborted) return { kind: "too-slow", afterMs: nowMs() - startMs };
    return { kind: "no-answer", cause: reason(error) };
  } finally {
    limits.end();
  }
}

function createLimits({ firstByteMs, wholeMs }: FetchBounds) {
  const controller = new AbortController();
  const abort = (): void => controller.abort(new Error("too slow"));
  const first = setTimeout(abort, firstByteMs);
  const whole = setTimeout(abort, wholeMs);
  return {
    signal: controller.signal,
    onFirstByte: () => clearTimeout(first),
    end: () => {
      clearTimeout(first);
      clearTimeout(whole);
    },
  };
}

/** All bytes of a body; null when there are more than may be, the rest is not read. */
async function readBytes(response: Response, maxBytes: number): Promise<Uint8Array<ArrayBuffer> | null> {
  if (Number(response.headers.get("content-length") ?? 0) > maxBytes) {
    await response.body?.cancel();
    return null;
  }
  if (response.body === null) return new Uint8Array();
  const reader = response.body.getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return join(chunks, length);
    length += value.byteLength;
    if (length > maxBytes) {
      await reader.cancel();
      return null;
    }
    chunks.push(value);
  }
}

function join(chunks: readonly Uint8Array[], length: number): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.byteLength;
  }
  return whole;
}
