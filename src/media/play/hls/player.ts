import HlsJs, { Events, type ErrorData, type LevelLoadedData } from "hls.js";
import hlsWorkerPath from "hls.js/dist/hls.worker.js?url";

import type { Failure } from "../../../core/failure.ts";
import type { TroubleKind } from "../../../core/timeline/event.ts";
import { createRungLog } from "../../../core/timeline/rungs.ts";
import { createDeferred } from "../../link/deferred.ts";
import { realTimers } from "../../link/timers.ts";
import { bufferEndS, detach, play, sampleElement } from "../element.ts";
import { watchStalls } from "../stalls.ts";
import { createTroubles } from "../troubles.ts";
import type { Playing, PlayOptions } from "../way.ts";
import { toHlsConfig } from "./config.ts";
import { judge, type HlsVerdict } from "./errors.ts";
import { failureOf, faultOf, findOut } from "./failures.ts";
import { nowMs, tellState, type HlsPlay } from "./hls-play.ts";
import { joinLive } from "./join.ts";
import { boundedLoader } from "./loader.ts";
import { pieceOf } from "./piece.ts";
import { createPlaylistWatch } from "./playlist-watch.ts";
import { createRecovery, steadyMs } from "./recover.ts";
import { deliveryOf, noteMedia, noteRung, rungOf } from "./report.ts";
import { createRequests, type Requests } from "./requests.ts";
import { createStuckWatch } from "./stuck.ts";

/** How often it is looked whether the stream stands still, ms. */
const lookEveryMs = 500;

/** What a playlist that comes puts an end to. */
const playlistTroubles: readonly TroubleKind[] = [
  "playlist-missing",
  "unreachable",
  "playlist-broken",
  "too-large",
  "too-slow",
];

/** Less than this past the place that is displayed is nothing to keep, s. */
const leastAheadS = 0.1;

/** A recording that breaks again and again at one place is gone on with this much later at each try, s. */
const skipPerTryS = 2;

/** Plays by hls.js until closed; recovers by itself from whatever comes back. */
export function playByHlsJs(url: URL, options: PlayOptions): Playing {
  const { video, listener } = options;
  const ended = createDeferred<Failure | null>();
  const closing = new AbortController();
  const requests = createRequests();
  const hls = createHls(options, requests, (target) => void findOut(playing, target, closing.signal));
  const playing: HlsPlay = {
    url,
    options,
    hls,
    requests,
    rungs: createRungLog(),
    askedMs: performance.now(),
    troubles: createTroubles(listener.onEvent),
    recovery: createRecovery(
      realTimers,
      () => Math.random(),
      (how) => (how === "reload" ? reload(playing) : hls.startLoad()),
    ),
    end: ended.settle,
    watch: createPlaylistWatch(),
    hasPlayed: false,
    mediaRecoveryCount: 0,
    renewedMs: -Infinity,
    rungSwitchCount: 0,
    level: -1,
    noAnswer: null,
    discontinuity: null,
  };
  listener.onState({ state: "connecting", why: "asking for the playlist" });
  listen(playing);
  // What is displayed before is a still of where loading began, which no viewer waits for.
  const onBegin = (): void => listener.onTrack(null);
  const stopJoining = joinLive({ hls, video, timers: realTimers, onBegin });
  hls.attachMedia(video);
  hls.loadSource(url.href);
  const onResize = (): void => noteRung(playing);
  video.addEventListener("resize", onResize);
  const unwatchStalls = watchStalls(video, () => performance.now(), listener.onEvent);
  const stopLooking = lookAfter(playing);
  return {
    ended: ended.promise,
    sample: async () => ({ ...sampleElement(video), receivedBytes: requests.receivedBytes() }),
    delivery: () => deliveryOf(playing),
    close: () => {
      closing.abort(new Error("play was closed"));
      unwatchStalls();
      video.removeEventListener("resize", onResize);
      stopLooking();
      stopJoining();
      playing.recovery.close();
      hls.destroy();
      detach(video);
      ended.settle(null);
    },
  };
}

function createHls(options: PlayOptions, requests: Requests, onNoAnswer: (url: string) => void): HlsJs {
  const loader = boundedLoader({
    fetch: (target, init) => fetch(target, init),
    nowMs: () => performance.now(),
    requests,
    onNoAnswer,
    onMedia: (context, bytes) => {
      const piece = options.tap === undefined ? null : pieceOf(context, bytes);
      if (piece !== null) options.tap?.onPiece(piece);
    },
  });
  return new HlsJs(toHlsConfig(options.syncS, loader, hlsWorkerPath));
}

function listen(playing: HlsPlay): void {
  const { hls, troubles, options } = playing;
  hls.on(Events.ERROR, (_event, data) => onError(playing, data));
  hls.on(Events.MANIFEST_LOADED, () => {
    troubles.end(["playlist-missing", "unreachable", "playlist-broken"], nowMs());
  });
  hls.on(Events.LEVEL_LOADED, (_event, data) => onPlaylist(playing, data));
  hls.on(Events.FRAG_LOADED, (_event, data) => {
    noteMedia(playing, data);
    troubles.end(["segment-missing", "unreachable", "too-slow", "too-large"], nowMs());
  });
  hls.on(Events.FRAG_BUFFERED, (_event, { frag }) => {
    // It is told of segments in which nothing was found, too.
    if (Object.values(frag.elementaryStreams).every((stream) => stream === null)) return;
    playing.recovery.succeeded();
    if (nowMs() - playing.renewedMs > steadyMs) playing.mediaRecoveryCount = 0;
    playing.hasPlayed = true;
    troubles.end(["segment-corrupt", "restart"], nowMs());
    tellState(playing);
  });
  hls.on(Events.FRAG_CHANGED, (_event, { frag }) => {
    const isNew = playing.discontinuity !== null && frag.cc !== playing.discontinuity;
    playing.discontinuity = frag.cc;
    if (isNew) options.listener.onEvent({ kind: "discontinuity", atMs: nowMs() });
    onRung(playing, frag.level);
  });
}

/** The rung whose segment is displayed now. */
function onRung(playing: HlsPlay, level: number): void {
  const before = playing.level;
  playing.level = level;
  noteRung(playing);
  if (before < 0 || before === level) return;
  playing.rungSwitchCount += 1;
  const rung = rungOf(playing);
  if (rung !== null) playing.options.listener.onEvent({ kind: "rung", ...rung, atMs: nowMs() });
}

function onPlaylist(playing: HlsPlay, { details }: LevelLoadedData): void {
  const { troubles } = playing;
  const atMs = nowMs();
  troubles.end(playlistTroubles, atMs);
  const news = playing.watch.add(details.m3u8, details.url, atMs);
  if (news.isRestarted) {
    troubles.begin("restart", "the publisher began its playlist anew", atMs);
    reload(playing);
  }
}

function onError(playing: HlsPlay, data: ErrorData): void {
  const { troubles } = playing;
  const verdict = judge(faultOf(data), {
    hasPlayed: playing.hasPlayed,
    sinceAskedMs: performance.now() - playing.askedMs,
    mediaRecoveryCount: playing.mediaRecoveryCount,
    isMediaAhead: isMediaAhead(playing.options.video),
  });
  if (verdict.trouble !== null) {
    troubles.begin(verdict.trouble, playing.noAnswer?.why ?? verdict.why, nowMs());
    tellState(playing);
  }
  act(playing, verdict, data);
}

function isMediaAhead({ buffered, currentTime }: HTMLVideoElement): boolean {
  return (bufferEndS(buffered, currentTime) ?? 0) - currentTime > leastAheadS;
}

function act(playing: HlsPlay, verdict: HlsVerdict, data: ErrorData): void {
  switch (verdict.action) {
    case "go-on":
      return;
    case "load-on":
    case "reload":
      playing.recovery.schedule(verdict.action);
      return;
    case "renew-decoder":
      renewDecoder(playing);
      return;
    case "give-up":
      playing.end(failureOf(playing, verdict, data));
      return;
    default:
      throw new Error(`no such action: ${String(verdict.action satisfies never)}`);
  }
}

/** At once the first time; a decoder that breaks again soon is not the fault's cause, and everything is loaded anew, later each time. */
function renewDecoder(playing: HlsPlay): void {
  const sinceMs = nowMs() - playing.renewedMs;
  playing.renewedMs = nowMs();
  playing.mediaRecoveryCount += 1;
  if (sinceMs < steadyMs) playing.recovery.schedule("reload");
  else playing.hls.recoverMediaError();
}

/** From the playlist on; a recording from where it stood, past what has broken it again and again. */
function reload(playing: HlsPlay): void {
  const isRecording = playing.watch.facts()?.isLive === false;
  const skipS = (playing.recovery.reloads() - 1) * skipPerTryS;
  const fromS = isRecording ? playing.options.video.currentTime + Math.max(0, skipS) : -1;
  playing.watch = createPlaylistWatch();
  playing.discontinuity = null;
  playing.hls.loadSource(playing.url.href);
  playing.hls.startLoad(fromS);
  play(playing.options.video);
}

/** That it brings nothing new is said already. */
function isPlaylistAway({ troubles }: HlsPlay): boolean {
  return troubles.current().some(({ trouble }) => playlistTroubles.includes(trouble));
}

/** Looks whether the playlist goes stale and whether the picture stands still although media comes. */
function lookAfter(playing: HlsPlay): () => void {
  const stuck = createStuckWatch();
  const { troubles, options } = playing;
  const look = (): void => {
    const atMs = nowMs();
    noteRung(playing);
    const staleMs = playing.watch.staleMs(atMs);
    if (staleMs === null || isPlaylistAway(playing)) troubles.end(["playlist-stale"], atMs);
    else
      troubles.begin(
        "playlist-stale",
        `the playlist has brought nothing new for ${(staleMs / 1000).toFixed(0)} s`,
        atMs,
      );
    const isOver = playing.watch.facts()?.isLive === false && options.video.ended;
    const verdict = stuck({
      atMs,
      currentTimeS: options.video.currentTime,
      hasPlayed: playing.hasPlayed,
      isWaiting: isOver || staleMs !== null,
    });
    if (verdict === "moving") troubles.end(["stuck"], atMs);
    if (verdict === "reload") {
      troubles.begin("stuck", "the player stands still although the stream goes on", atMs);
      playing.recovery.schedule("reload");
    }
    tellState(playing);
  };
  const timer = setInterval(look, lookEveryMs);
  return () => clearInterval(timer);
}
