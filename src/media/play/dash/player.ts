import { MediaPlayer, type MediaPlayerClass } from "dashjs";

import { toPageMs } from "../../../core/clock/instants.ts";
import type { Failure } from "../../../core/failure.ts";
import { showSource } from "../../../core/wire/source.ts";
import { createDeferred } from "../../link/deferred.ts";
import { realTimers } from "../../link/timers.ts";
import { detach, play, sampleElement } from "../element.ts";
import { startPatienceMs } from "../hls/errors.ts";
import { createRecovery, type Recovery } from "../hls/recover.ts";
import { createRequests, type Requests } from "../hls/requests.ts";
import { watchStalls } from "../stalls.ts";
import { createTroubles, type Troubles } from "../troubles.ts";
import type { Playing, PlayOptions } from "../way.ts";
import { toDashDelivery } from "./delivery.ts";
import { judgeDash } from "./errors.ts";
import { dashPieceOf } from "./piece.ts";

/** As it is shipped, without catching up by speed, which would bend what is measured. */
function createPlayer({ syncS }: PlayOptions): MediaPlayerClass {
  const player = MediaPlayer().create();
  player.updateSettings({
    streaming: {
      liveCatchup: { enabled: false },
      fragmentRequestTimeout: 20_000,
      delay: syncS === null ? {} : { liveDelay: syncS },
      text: { defaultEnabled: false },
    },
  });
  return player;
}

type Play = {
  readonly url: URL;
  readonly options: PlayOptions;
  readonly player: MediaPlayerClass;
  readonly troubles: Troubles;
  readonly requests: Requests;
  readonly recovery: Recovery;
  readonly askedMs: number;
  readonly end: (failure: Failure | null) => void;
  hasPlayed: boolean;
  rungSwitchCount: number;
};

function nowMs() {
  return toPageMs(performance.now());
}

/** Plays by dash.js until closed; recovers by itself from whatever comes back. */
export function playByDashJs(url: URL, options: PlayOptions): Playing {
  const { video, listener } = options;
  const ended = createDeferred<Failure | null>();
  const player = createPlayer(options);
  const reload = (): void => {
    player.attachSource(url.href);
    play(video);
  };
  const playing: Play = {
    url,
    options,
    player,
    troubles: createTroubles(listener.onEvent),
    requests: createRequests(),
    recovery: createRecovery(realTimers, () => Math.random(), reload),
    askedMs: performance.now(),
    end: ended.settle,
    hasPlayed: false,
    rungSwitchCount: 0,
  };
  player.initialize(video, url.href, true);
  listen(playing);
  const unwatch = watchStalls(
    video,
    () => performance.now(),
    (atMs, durationMs) => listener.onEvent({ kind: "stall", atMs, durationMs }),
  );
  listener.onState({ state: "connecting", why: "asking for the manifest" });
  listener.onTrack(null);
  return {
    ended: ended.promise,
    sample: async () => ({ ...sampleElement(video), receivedBytes: playing.requests.receivedBytes() }),
    delivery: () => toDashDelivery(player, video, playing.requests.read(), playing.rungSwitchCount),
    close: () => {
      unwatch();
      playing.recovery.close();
      player.destroy();
      detach(video);
      ended.settle(null);
    },
  };
}

function listen(playing: Play): void {
  const { player, troubles, recovery, options } = playing;
  const { listener } = options;
  player.on("error", ({ error }) => onError(playing, error));
  player.on("fragmentLoadingCompleted", ({ request, response }) => onSegment(playing, request, response));
  player.on("playbackPlaying", () => {
    playing.hasPlayed = true;
    recovery.succeeded();
    troubles.end(
      troubles.current().map(({ trouble }) => trouble),
      nowMs(),
    );
    listener.onState({ state: "connected", why: "" });
  });
  player.on("playbackEnded", () => listener.onState({ state: "ended", why: "the stream has ended" }));
  player.on("qualityChangeRendered", ({ mediaType, newRepresentation, oldRepresentation }) => {
    // Typed as always there; the first rung has none before it.
    if (mediaType !== "video" || !(oldRepresentation as object | null)) return;
    playing.rungSwitchCount += 1;
    const { width, height, bitrateInKbit } = newRepresentation;
    listener.onEvent({
      kind: "rung",
      widthPx: width,
      heightPx: height,
      bitrateKbps: bitrateInKbit,
      atMs: nowMs(),
    });
  });
}

function onError(playing: Play, error: unknown): void {
  const { code, message } = readError(error);
  const sinceAskedMs = performance.now() - playing.askedMs;
  const verdict = judgeDash(code, playing.hasPlayed, sinceAskedMs, startPatienceMs);
  playing.troubles.begin(verdict.trouble, verdict.why, nowMs());
  playing.options.listener.onState({ state: "connecting", why: verdict.why });
  if (verdict.action === "reload") playing.recovery.schedule("reload");
  if (verdict.action === "give-up") playing.end(toFailure(playing.url, verdict, message));
}

function onSegment({ requests, options }: Play, request: object, response: ArrayBuffer | undefined): void {
  if (options.tap !== undefined && response !== undefined) {
    const piece = dashPieceOf(request, response);
    if (piece !== null) options.tap.onPiece(piece);
  }
  const { startDate, firstByteDate, endDate } = request as Partial<
    Record<"startDate" | "firstByteDate" | "endDate", Date>
  >;
  const byteCount = response?.byteLength ?? 0;
  if (byteCount === 0 || !startDate || !endDate) return;
  const startMs = startDate.getTime();
  const times = { startMs, firstMs: firstByteDate?.getTime() ?? startMs, endMs: endDate.getTime() };
  requests.add({ times, byteCount, headers: { get: () => null } });
}

/** dash.js tells errors as objects with a code, or as a bare word for those of subtitles and content protection. */
function readError(error: unknown): { readonly code: number; readonly message: string } {
  if (typeof error !== "object" || error === null) return { code: -1, message: String(error) };
  const { code, message } = error as { readonly code?: unknown; readonly message?: unknown };
  return {
    code: typeof code === "number" ? code : -1,
    message: typeof message === "string" ? message.slice(0, 300) : "",
  };
}

function toFailure(url: URL, { failure, why }: ReturnType<typeof judgeDash>, message: string): Failure {
  return {
    kind: failure,
    what: "playing the DASH stream",
    where: showSource(url.href),
    next: "Check the address, that its publisher runs, and that its server allows this page to read it (CORS).",
    cause: message === "" ? why : `${why}: ${message}`,
  };
}
