import { reason, type Failure } from "../../../core/failure.ts";
import { waitFor, type Timers } from "../../link/timers.ts";
import type { Destination } from "./destination.ts";
import { refusalOf } from "./refusal.ts";

/** A file to put. */
export type HlsFile = { readonly name: string; readonly bytes: Uint8Array<ArrayBuffer> | string };

/** What became of a PUT. */
export type PutOutcome =
  | { readonly kind: "put"; readonly roundTripMs: number }
  /** Not within the patience: the server is away or too slow. */
  | { readonly kind: "lost"; readonly failure: Failure }
  /** The server knows the stream no more. */
  | { readonly kind: "gone"; readonly failure: Failure }
  /** Will never be taken. */
  | { readonly kind: "refused"; readonly failure: Failure };

/** Puts files, trying again within bounds. */
export type Uploader = {
  /** Abort rejects with the signal's reason. */
  readonly put: (file: HlsFile, signal: AbortSignal) => Promise<PutOutcome>;
};

/** Options of an uploader. */
export type UploaderOptions = {
  readonly destination: Pick<Destination, "target" | "readUrl" | "corsNeeds">;
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  readonly timers: Timers;
  /** 0 to below 1. */
  readonly random: () => number;
  /** How long a file is tried before it is lost, ms. */
  readonly patienceMs: number;
};

const firstWaitMs = 150;
const longestWaitMs = 1000;

const types: Readonly<Record<string, string>> = {
  m3u8: "application/vnd.apple.mpegurl",
  mp4: "video/mp4",
  m4s: "video/iso.segment",
};

/** Makes an uploader. */
export function createUploader(options: UploaderOptions): Uploader {
  const { timers, patienceMs } = options;
  return {
    put: async (file, signal) => {
      const untilMs = timers.nowMs() + patienceMs;
      let told: PutOutcome | null = null;
      for (let attempt = 0; ; attempt += 1) {
        const outcome = await tryPut(options, file, untilMs - timers.nowMs(), signal);
        signal.throwIfAborted();
        // What a try before was told says more than that the patience ended in the middle of this one.
        if (outcome.kind !== "lost" || outcome.failure.kind !== "timed-out") told = outcome;
        const waitMs = waitBefore(attempt, options.random());
        if (outcome.kind !== "lost" || timers.nowMs() + waitMs >= untilMs) return told ?? outcome;
        await waitFor(timers, waitMs, signal);
      }
    },
  };
}

async function tryPut(
  { destination, fetch, timers }: UploaderOptions,
  { name, bytes }: HlsFile,
  withinMs: number,
  signal: AbortSignal,
): Promise<PutOutcome> {
  const where = destination.readUrl(name);
  const startMs = timers.nowMs();
  try {
    const { url, headers } = await destination.target(name);
    const type = types[name.slice(name.lastIndexOf(".") + 1)] ?? "application/octet-stream";
    const answer = await fetch(url, {
      method: "PUT",
      body: bytes,
      headers: { "Content-Type": type, ...headers },
      credentials: "omit",
      redirect: "error",
      signal: AbortSignal.any([signal, AbortSignal.timeout(Math.max(1, Math.ceil(withinMs)))]),
    });
    // A body left unread would hold its connection.
    if (answer.ok) await answer.arrayBuffer();
    if (answer.ok) return { kind: "put", roundTripMs: timers.nowMs() - startMs };
    const failure = await refusalOf(answer, where);
    return { kind: kindOf(answer.status), failure };
  } catch (error) {
    return { kind: "lost", failure: lost(where, error, destination.corsNeeds) };
  }
}

function kindOf(status: number): "lost" | "gone" | "refused" {
  if (status === 404 || status === 410) return "gone";
  // 507: memory is used up, which passes when files leave the window.
  return status >= 500 || status === 408 || status === 425 || status === 429 ? "lost" : "refused";
}

function waitBefore(attempt: number, random01: number): number {
  return Math.min(longestWaitMs, firstWaitMs * 2 ** Math.min(attempt, 10)) * (1 - 0.4 * random01);
}

function lost(where: string, error: unknown, corsNeeds: string | undefined): Failure {
  const isSlow = error instanceof DOMException && error.name === "TimeoutError";
  return {
    kind: isSlow ? "timed-out" : "unreachable",
    what: isSlow ? "The server took too long to take a file" : "A file could not be put to the server",
    where,
    next: isSlow
      ? "The upload carries less than the stream's bitrate: lower it, or look at the network."
      : `Check the address, that the server runs, and that it lets pages of this address put files (${corsNeeds ?? "CORS"}).`,
    cause: reason(error),
  };
}
