import type { IncomingMessage, ServerResponse } from "node:http";

import { unreachable, type Failure } from "../../core/failure.ts";
import { answerEmpty, refusal, refuse, type Refusal } from "./answer.ts";
import { wakeHolds } from "./holds.ts";
import { readStored, setPlaylist } from "./playlists.ts";
import { receive, type Received } from "./receive.ts";
import { putFile, release, type Store, type Stream } from "./store.ts";

/** Takes in a file of a stream, from a sender whose token was checked: 201 when its name is new, 204 when not. */
export async function putInto(
  store: Store,
  stream: Stream,
  key: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const where = `/hls/${stream.id}/${key}`;
  const maxBytes = key.endsWith(".m3u8") ? store.limits.maxPlaylistBytes : store.limits.maxFileBytes;
  const early = refuseEarly(store, stream, key, request, maxBytes, where);
  if (early !== null) {
    refuse(request, response, early);
    return;
  }
  const received = await receive(store, stream, request, maxBytes);
  const outcome =
    received.kind === "whole"
      ? commit(store, stream, key, received.bytes, where)
      : notReceived(received, maxBytes, where);
  if ("failure" in outcome) refuse(request, response, outcome);
  else answerEmpty(response, outcome.isNew ? 201 : 204);
}

function refuseEarly(
  store: Store,
  stream: Stream,
  key: string,
  request: IncomingMessage,
  maxBytes: number,
  where: string,
): Refusal | null {
  if (Number(request.headers["content-length"] ?? 0) > maxBytes) return tooLarge(maxBytes, where);
  if (request.headers["content-range"] !== undefined || request.headers["content-encoding"] !== undefined) {
    return refusal(
      400,
      failureOf(
        "refused-input",
        "take part of a file, or a packed one",
        where,
        "Send whole files as they are.",
      ),
    );
  }
  const { maxUploadCount, maxFileCount } = store.limits;
  if (stream.uploads.size >= maxUploadCount) {
    return refusal(
      503,
      failureOf(
        "denied",
        `take more than ${maxUploadCount} uploads at once`,
        where,
        "Try again when one of them is done.",
      ),
    );
  }
  if (!stream.files.has(key) && stream.files.size + stream.uploads.size >= maxFileCount) {
    return refusal(
      507,
      failureOf(
        "denied",
        `keep more than ${maxFileCount} files of one stream`,
        where,
        "List fewer segments, so that old files can go.",
      ),
    );
  }
  return null;
}

function commit(
  store: Store,
  stream: Stream,
  key: string,
  bytes: Buffer,
  where: string,
): Refusal | { readonly isNew: boolean } {
  if (store.streams.get(stream.id) !== stream) {
    release(store, stream, bytes.length);
    return refusal(
      404,
      failureOf(
        "ended-early",
        "publish into a stream that has just ended",
        where,
        "Ask for the stream again.",
      ),
    );
  }
  if (!key.endsWith(".m3u8")) {
    const put = putFile(store, stream, key, bytes);
    wakeHolds(store, stream, key);
    return put;
  }
  const read = readStored(store, key, bytes, where);
  if (!read.ok) {
    release(store, stream, bytes.length);
    return refusal(400, read.failure);
  }
  const before = stream.playlists.get(key);
  const put = putFile(store, stream, key, bytes);
  if (before !== undefined) stream.playlists.set(key, before);
  if (read.value === null) stream.playlists.delete(key);
  else setPlaylist(store, stream, key, read.value);
  wakeHolds(store, stream, key);
  // Who waits for a part that is hinted no longer waits in vain.
  for (const hinted of before?.hinted ?? []) wakeHolds(store, stream, hinted);
  return put;
}

function notReceived(
  received: Exclude<Received, { kind: "whole" }>,
  maxBytes: number,
  where: string,
): Refusal {
  switch (received.kind) {
    case "too-large":
      return tooLarge(maxBytes, where);
    case "no-room":
      return noRoom(where);
    case "too-slow":
      return tooSlow(where);
    case "broken-off":
      return brokenOff(where);
    default:
      return unreachable(received);
  }
}

function noRoom(where: string): Refusal {
  const what = "keep another file; the memory for this stream or for all is used up";
  const next = "Publish a shorter window, a lower bitrate, or end other streams.";
  return refusal(507, failureOf("denied", what, where, next));
}

function tooSlow(where: string): Refusal {
  const what = "receive a file; its upload took too long or fell silent";
  return refusal(408, failureOf("timed-out", what, where, "Send each file in one go, when it is complete."));
}

function brokenOff(where: string): Refusal {
  const what = "receive a file; its upload broke off";
  return refusal(400, failureOf("ended-early", what, where, "Send the file again."));
}

function tooLarge(maxBytes: number, where: string): Refusal {
  return refusal(
    413,
    failureOf(
      "refused-input",
      `take a file of more than ${maxBytes} bytes`,
      where,
      "Publish shorter segments or a lower bitrate.",
    ),
  );
}

function failureOf(kind: Failure["kind"], what: string, where: string, next: string): Failure {
  return { kind, what, where, next };
}
