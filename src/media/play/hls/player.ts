import HlsJs, { Events, type ErrorData, type LevelLoadedData } from "hls.js";
import hlsWorkerPath from "hls.js/dist/hls.worker.js?url";

import type { Failure } from "../../../core/failure.ts";
import { createRungLog } from "../../../core/timeline/rungs.ts";
import { createDeferred } from "../../link/deferred.ts";
import { realTimers } from "../../link/timers.ts";
import { pageFetch } from "../bounded-fetch.ts";
import { detach, isMediaAhead, play, sampleElement } from "../element.ts";
import { playlistTroubles, segmentTroubles } from "../faults.ts";
import { lookAfter } from "../look-after.ts";
import { findOut } from "../no-answer.ts";
import { createRecovery, steadyMs } from "../recover.ts";
import { createRequests, type Requests } from "../requests.ts";
import { watchStalls } from "../stalls.ts";
import { nowMs, tellState } from "../tell-state.ts";
import { createTroubles } from "../troubles.ts";
import type { Playing, PlayOptions } from "../way.ts";
import { toHlsConfig } from "./config.ts";
import { judge, type HlsVerdict } from "./errors.ts";
import { failureOf, faultOf, playingHls } from "./failures.ts";
import type { HlsPlay } from "./hls-play.ts";
import { joinLive } from "./join.ts";
import { boundedLoader } from "./loader.ts";
import { pieceOf } from "./piece.ts";
import { createPlaylistWatch } from "./playlist-watch.ts";
import { deliveryOf, noteMedia, noteRung, rungOf } from "./report.ts";

/** A recording that breaks again and again at one place is gone on with this much later at each try, s. */
const skipPerTryS = 2;

/** Plays by hls.js until closed; recovers by itself from whatever comes back. */
export function playByHlsJs(url: URL, options: PlayOptions): Playing {
  const { video, listener } = options;
  const ended = createDeferred<Failure | null>();
  const closing = new AbortController();
  const requests = createRequests();
  const hls = createHls(options, requests, (target) => askWhy(playing, target, closing.signal));
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
  const stopLooking = lookAfter(playing, (atMs) => {
    noteRung(playing);
    return {
      name: "playlist",
      staleMs: playing.watch.staleMs(atMs),
      isLive: playing.watch.facts()?.isLive ?? null,
    };
  });
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

function askWhy(playing: HlsPlay, target: string, signal: AbortSignal): void {
  const tell = (): void => tellState(playing);
  void findOut(playing, { what: playingHls, target, fetch: pageFetch, signal, tell });
}

function createHls(options: PlayOptions, requests: Requests, onNoAnswer: (url: string) => void): HlsJs {
  const loader = boundedLoader({
    fetch: pageFetch,
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
    troubles.end(segmentTroubles, nowMs());
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
