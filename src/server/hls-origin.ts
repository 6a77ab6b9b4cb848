import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";

import { hlsCreatePath, hlsPathPrefix } from "../core/wire/upload.ts";
import { systemClock, type ServerClock } from "./clock.ts";
import { readAddress, toShown, type Address } from "./hls-origin/address.ts";
import {
  answerEmpty,
  answerPreflight,
  refusal,
  refuse,
  writeCommonHeaders,
  type Refusal,
} from "./hls-origin/answer.ts";
import { createOnDemand } from "./hls-origin/create.ts";
import { getFrom } from "./hls-origin/get.ts";
import { dropStream, expireHolds } from "./hls-origin/holds.ts";
import { defaultOriginLimits, type OriginLimits } from "./hls-origin/limits.ts";
import { expireFiles } from "./hls-origin/playlists.ts";
import { putInto } from "./hls-origin/put.ts";
import { expireUploads } from "./hls-origin/receive.ts";
import { removeFile, type Store, type Stream } from "./hls-origin/store.ts";
import { isAuthorized } from "./hls-origin/token.ts";
import { createLimiter } from "./limits.ts";

/** How an origin is made; what is not given is as `defaultOriginLimits` and this machine's clock have it. */
export type HlsOriginOptions = {
  readonly limits?: Partial<OriginLimits>;
  readonly clock?: ServerClock;
};

/** What an origin holds now. */
export type OriginCensus = {
  readonly streamCount: number;
  readonly fileCount: number;
  /** Files and unfinished uploads. */
  readonly heldBytes: number;
  readonly waitingCount: number;
};

/** An HLS origin: a request handler that keeps what publishers PUT, in memory alone, and gives it to players. */
export type HlsOrigin = {
  /**
   * Takes `POST /api/hls` and everything under `/hls/`; false, and nothing touched, for any other path. The request's
   * `url` must be as it was sent. Resolves when the answer is under way; never rejects.
   */
  readonly handle: (request: IncomingMessage, response: ServerResponse) => boolean | Promise<boolean>;
  readonly census: () => OriginCensus;
  /** Drops every stream; players that wait are answered. */
  readonly close: () => void;
};

const sweepMs = 250;

/** Makes an origin. Whoever makes it closes it. */
export function createHlsOrigin(options: HlsOriginOptions = {}): HlsOrigin {
  const clock = options.clock ?? systemClock;
  const limits = { ...defaultOriginLimits, ...options.limits };
  const store: Store = {
    limits,
    nowMs: clock.nowMs,
    streams: new Map(),
    bootId: randomBytes(6).toString("base64url"),
    byteCount: 0,
    holdCount: 0,
    putCount: 0,
  };
  const allowance = { burst: limits.createBurst, perS: limits.createPerS };
  const limiter = createLimiter(allowance, clock.nowMs);
  const stop = clock.every(sweepMs, () => {
    sweep(store);
    limiter.sweep();
  });
  return {
    handle: (request, response) => {
      const path = (request.url ?? "/").split("?", 1)[0] ?? "/";
      const isCreate = path === hlsCreatePath && request.method === "POST";
      if (!isCreate && !path.startsWith(hlsPathPrefix)) return false;
      // Longer than any hold: ends an exchange whose other end has stopped reading or writing.
      response.setTimeout(limits.maxHoldMs + limits.maxStallMs, () => response.socket?.destroy());
      if (!isCreate) return serve(store, path, request, response);
      return createOnDemand(store, limiter, request, response).then(() => true);
    },
    census: () => censusOf(store),
    close: () => {
      stop();
      for (const stream of store.streams.values()) dropStream(store, stream);
    },
  };
}

function serve(
  store: Store,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
): boolean | Promise<boolean> {
  writeCommonHeaders(response);
  if (request.method === "OPTIONS") {
    answerPreflight(response);
    return true;
  }
  const address = readAddress(path);
  if (!address.ok) {
    refuse(request, response, refusal(400, address.failure));
    return true;
  }
  const { streamId, key } = address.value;
  const refused = refuseMethod(request, response, address.value) ?? refuseSender(request, streamId, path);
  const stream = store.streams.get(streamId);
  if (refused !== null || stream === undefined) {
    refuse(request, response, refused ?? noStream(request, path));
    return true;
  }
  if (request.method === "DELETE") {
    remove(store, stream, key, response);
    return true;
  }
  if (request.method === "PUT") return putInto(store, stream, key ?? "", request, response).then(() => true);
  getFrom(store, stream, key ?? "", request, response);
  return true;
}

function remove(store: Store, stream: Stream, key: string | null, response: ServerResponse): void {
  if (key === null) dropStream(store, stream);
  else removeFile(store, stream, key);
  answerEmpty(response, 204);
}

function refuseMethod(request: IncomingMessage, response: ServerResponse, { key }: Address): Refusal | null {
  const methods = key === null ? ["DELETE"] : ["GET", "HEAD", "PUT", "DELETE"];
  if (methods.includes(request.method ?? "")) return null;
  response.setHeader("Allow", methods.join(", "));
  return refusal(405, {
    kind: "refused-input",
    what: `take ${request.method ?? "a request"} here`,
    where: toShown(request.url ?? "/"),
    next:
      key === null ? "Name a file of the stream." : "Use GET to play, PUT to publish, DELETE to take back.",
  });
}

/** Refuses who would change a stream without its token. */
function refuseSender(request: IncomingMessage, streamId: string, path: string): Refusal | null {
  if (request.method !== "PUT" && request.method !== "DELETE") return null;
  const { authorization } = request.headers;
  const where = toShown(path);
  if (authorization === undefined) {
    const next = `Send "Authorization: Bearer <token>" with the token that POST ${hlsCreatePath} gave.`;
    return refusal(401, { kind: "denied", what: "change a stream without its token", where, next });
  }
  if (isAuthorized(authorization, streamId)) return null;
  const next = `Use the token of this very stream, or ask for a new stream with POST ${hlsCreatePath}.`;
  return refusal(403, {
    kind: "denied",
    what: "change a stream with a token that is not its own",
    where,
    next,
  });
}

function noStream(request: IncomingMessage, path: string): Refusal {
  const isSender = request.method === "PUT" || request.method === "DELETE";
  return refusal(404, {
    kind: "unreachable",
    what: "find this stream",
    where: toShown(path),
    next: isSender
      ? `Take it back with POST ${hlsCreatePath} and {"putToken": "..."}: idle streams are dropped.`
      : "It has ended, was idle for too long, or the server was started anew; ask its publisher.",
  });
}

function sweep(store: Store): void {
  const nowMs = store.nowMs();
  for (const stream of store.streams.values()) {
    expireUploads(store, stream);
    expireHolds(store, stream, nowMs);
    expireFiles(store, stream);
    const isBusy = stream.uploads.size > 0;
    if (!isBusy && nowMs - stream.lastPutMs >= store.limits.idleMs) dropStream(store, stream);
  }
}

function censusOf(store: Store): OriginCensus {
  const fileCount = [...store.streams.values()].reduce((sum, stream) => sum + stream.files.size, 0);
  return {
    streamCount: store.streams.size,
    fileCount,
    heldBytes: store.byteCount,
    waitingCount: store.holdCount,
  };
}
