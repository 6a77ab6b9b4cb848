import type { IncomingMessage, ServerResponse } from "node:http";

import { decideReload, holdLimitMs, readDirectives, type Directives } from "../../core/hls/blocking.ts";
import type { MediaPlaylist } from "../../core/hls/playlist.ts";
import { refusal, refuse, type Refusal } from "./answer.ts";
import { answerBytes, answerFile } from "./bytes.ts";
import { addHold, canHold } from "./holds.ts";
import { hintOf } from "./playlists.ts";
import type { Store, StoredPlaylist, Stream } from "./store.ts";

/** One request for a file of a stream, and what it is answered with. */
type Wanted = {
  readonly store: Store;
  readonly stream: Stream;
  readonly key: string;
  readonly where: string;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
};

/**
 * Answers a request for a file: at once, or once there is news (a blocking reload, RFC 8216bis 6.2.5.2, or a hinted
 * part, 6.2.6), or with a refusal. A file is sent only when all of it is here: 6.2.6 forbids to trickle a part.
 */
export function getFrom(
  store: Store,
  stream: Stream,
  key: string,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const wanted: Wanted = { store, stream, key, where: `/hls/${stream.id}/${key}`, request, response };
  const playlist = stream.playlists.get(key);
  if (playlist !== undefined) getPlaylist(wanted, playlist);
  else if (!answerStored(wanted)) getHinted(wanted);
}

function getPlaylist(wanted: Wanted, playlist: StoredPlaylist): void {
  const [, queryText = ""] = (wanted.request.url ?? "").split("?", 2);
  const query = new URLSearchParams(queryText);
  const directives = readDirectives((name) => query.get(name), wanted.where);
  if (!directives.ok) {
    refuse(wanted.request, wanted.response, refusal(400, directives.failure));
    return;
  }
  const wake = (): boolean => answerReload(wanted, directives.value);
  if (!wake()) hold(wanted, playlist.media, wake);
}

/** Answers a reload if it can be answered now; whether it was. */
function answerReload(wanted: Wanted, directives: Directives): boolean {
  const { stream, key, request, response, where } = wanted;
  const playlist = stream.playlists.get(key);
  const file = stream.files.get(key);
  if (playlist === undefined || file === undefined) {
    refuse(request, response, notFound(where));
    return true;
  }
  const decision = decideReload(directives, playlist.media, where);
  if (decision.kind === "wait") return false;
  if (decision.kind === "refuse") {
    refuse(request, response, refusal(400, decision.failure));
    return true;
  }
  const delta = directives.skip ? playlist.delta : null;
  // An answer that waited for one segment is the same for all who ask for it; others must be asked for anew.
  const cache =
    directives.msn === null
      ? "no-cache"
      : `public, max-age=${Math.ceil(playlist.media.targetDurationS ?? 1)}`;
  if (delta === null) answerFile(request, response, key, file, cache);
  else answerBytes(request, response, key, delta, cache);
  return true;
}

/** Answers with the file if it is here; whether it is. */
function answerStored({ stream, key, request, response }: Wanted): boolean {
  const file = stream.files.get(key);
  if (file === undefined) return false;
  const isStable = !key.endsWith(".m3u8") && !file.isReplaced;
  const windowS = Math.max(
    60,
    ...[...stream.playlists.values()].map(({ media }) => 3 * (media.targetDurationS ?? 1)),
  );
  answerFile(
    request,
    response,
    key,
    file,
    isStable ? `public, max-age=${Math.ceil(windowS)}, immutable` : "no-cache",
  );
  return true;
}

function getHinted(wanted: Wanted): void {
  const hint = hintOf(wanted.stream, wanted.key);
  const wake = (): boolean => {
    if (answerStored(wanted)) return true;
    if (hintOf(wanted.stream, wanted.key) !== undefined) return false;
    refuse(wanted.request, wanted.response, notFound(wanted.where));
    return true;
  };
  if (hint === undefined) wake();
  else hold(wanted, hint.media, wake);
}

function hold(wanted: Wanted, media: MediaPlaylist, wake: () => boolean): void {
  const { store, stream, key, where, request, response } = wanted;
  if (!canHold(store, stream)) {
    const next = "Try again, or reload without _HLS_msn.";
    refuse(
      request,
      response,
      refusal(503, { kind: "denied", what: "let one more player wait", where, next }),
    );
    return;
  }
  const untilMs = store.nowMs() + Math.min(store.limits.maxHoldMs, holdLimitMs(media));
  const giveUp = (): void => refuse(request, response, overdue(where));
  addHold(store, stream, key, { untilMs, wake, giveUp }, response);
}

function overdue(where: string): Refusal {
  return refusal(503, {
    kind: "timed-out",
    what: "wait for what the publisher was to send next",
    where,
    next: "The publisher has fallen behind or gone; reload the playlist without directives to see where it stands.",
  });
}

function notFound(where: string): Refusal {
  return refusal(404, {
    kind: "unreachable",
    what: "find a file of this stream",
    where,
    next: "It was not published, or has left the window; reload the playlist.",
  });
}
