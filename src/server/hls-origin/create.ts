import type { IncomingMessage, ServerResponse } from "node:http";

import * as v from "valibot";

import { fail, reason, succeed, type Failure, type Result } from "../../core/failure.ts";
import { topPlaylistName } from "../../core/hls/names.ts";
import {
  hlsCreatePath,
  hlsCreateSchema,
  hlsPathPrefix,
  type HlsCreate,
  type HlsCreated,
} from "../../core/wire/upload.ts";
import { addressKey, isSameOrigin } from "../hosts.ts";
import type { Limiter } from "../limits.ts";
import { answerJson, refusal, refuse, type Refusal } from "./answer.ts";
import { createStream, type Store } from "./store.ts";
import { newPutToken, streamIdOf } from "./token.ts";

const maxBodyBytes = 1024;

/** Gives a stream to whoever asks from this server's own page or from no page: 201 and `HlsCreated`. */
export async function createOnDemand(
  store: Store,
  limiter: Limiter,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const address = addressKey(request.socket.remoteAddress);
  const early = refuseEarly(limiter, request, address);
  if (early !== null) {
    refuse(request, response, early);
    return;
  }
  const asked = await readAsked(request);
  if (!asked.ok) {
    refuse(request, response, refusal(400, asked.failure));
    return;
  }
  const putToken = asked.value.putToken ?? newPutToken();
  const streamId = streamIdOf(putToken);
  // Who publishes a stream already takes no room that is not its own.
  if (!store.streams.has(streamId)) {
    const full = refuseNew(store, address);
    if (full !== null) {
      refuse(request, response, full);
      return;
    }
    createStream(store, streamId, address);
  }
  answerJson(response, 201, toCreated(store, streamId, putToken));
}

function toCreated(store: Store, streamId: string, putToken: string): HlsCreated {
  const { maxFileBytes, maxPlaylistBytes, maxStreamBytes, maxSegmentCount, idleMs } = store.limits;
  const putPath = `${hlsPathPrefix}${streamId}/`;
  return {
    streamId,
    putToken,
    putPath,
    playPath: `${putPath}${topPlaylistName}`,
    limits: { maxFileBytes, maxPlaylistBytes, maxStreamBytes, maxSegmentCount, idleMs },
  };
}

function refuseEarly(limiter: Limiter, request: IncomingMessage, address: string): Refusal | null {
  if (!isSameOrigin(request)) {
    return refusal(
      403,
      failureOf(
        "denied",
        "give a stream to a page of another site",
        "Ask from this server's own page, or without an Origin header.",
      ),
    );
  }
  if (!limiter.take(address)) {
    return refusal(
      429,
      failureOf("denied", "give this address so many streams so fast", "Wait a few seconds and ask again."),
    );
  }
  return null;
}

function refuseNew({ streams, limits }: Store, address: string): Refusal | null {
  const { maxStreamCount, maxAddressStreamCount } = limits;
  const next = "End one (DELETE its address), or wait until an idle one is dropped.";
  if (streams.size >= maxStreamCount)
    return refusal(503, failureOf("denied", `hold more than ${maxStreamCount} streams`, next));
  const ownCount = [...streams.values()].filter((stream) => stream.address === address).length;
  if (ownCount >= maxAddressStreamCount)
    return refusal(
      429,
      failureOf("denied", `hold more than ${maxAddressStreamCount} streams of one address`, next),
    );
  return null;
}

async function readAsked(request: IncomingMessage): Promise<Result<HlsCreate>> {
  const text = await readText(request);
  if (text === null) return fail(badAsked(`it broke off or is longer than ${maxBodyBytes} characters`));
  try {
    const parsed = v.safeParse(hlsCreateSchema, text.trim() === "" ? {} : JSON.parse(text));
    return parsed.success ? succeed(parsed.output) : fail(badAsked(parsed.issues[0].message));
  } catch (thrown) {
    return fail(badAsked(reason(thrown)));
  }
}

function readText(request: IncomingMessage): Promise<string | null> {
  return new Promise((resolve) => {
    let text = "";
    request.setEncoding("utf8");
    request.on("data", (chunk) => {
      if (text.length <= maxBodyBytes) text += String(chunk);
      if (text.length > maxBodyBytes) resolve(null);
    });
    request.once("end", () => resolve(text));
    request.once("close", () => resolve(null));
    request.on("error", () => resolve(null));
  });
}

function badAsked(cause: string): Failure {
  const next = 'Send nothing, {}, or {"putToken": "..."} with a token that this server gave.';
  return { ...failureOf("refused-input", "read what stream is asked for", next), cause };
}

function failureOf(kind: Failure["kind"], what: string, next: string): Failure {
  return { kind, what, where: hlsCreatePath, next };
}
