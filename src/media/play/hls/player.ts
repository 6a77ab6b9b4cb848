import Hls, { type ErrorData, type LevelLoadedData } from "hls.js";
import hlsWorkerPath from "hls.js/dist/hls.worker.js?url";

import { toPageMs } from "../../../core/clock/instants.ts";
import type { Failure } from "../../../core/failure.ts";
import type { DeliveryReport } from "../../../core/timeline/delivery.ts";
import { showSource } from "../../../core/wire/source.ts";
import { createDeferred } from "../../link/deferred.ts";
import { realTimers } from "../../link/timers.ts";
import { diagnoseNoAnswer, noAnswerWords } from "../diagnose.ts";
import { bufferEndS, detach, play, sampleElement } from "../element.ts";
import { watchStalls } from "../stalls.ts";
import { createTroubles, type Troubles } from "../troubles.ts";
import type { Playing, PlayOptions } from "../way.ts";
import { toHlsConfig } from "./config.ts";
import { toHlsDelivery } from "./delivery.ts";
import { judge, type HlsFault, type HlsVerdict } from "./errors.ts";
import { joinLive } from "./join.ts";
import { boundedLoader, foundWords } from "./loader.ts";
import { pieceOf } from "./piece.ts";
import { createPlaylistWatch, type PlaylistWatch } from "./playlist-watch.ts";
import { createRecovery, type Recovery } from "./recover.ts";
import { createRequests, type Requests } from "./requests.ts";
import { createStuckWatch } from "./stuck.ts";

/** How often it is looked whether the stream stands still, ms. */
const lookEveryMs = 500;

/** The changing parts of one play. */
type Play = {
  readonly url: URL;
  readonly options: PlayOptions;
  readonly askedMs: number;
  readonly hls: Hls;
  readonly troubles: Troubles;
  readonly requests: Requests;
  readonly recovery: Recovery;
  readonly end: (failure: Failure | null) => void;
  watch: PlaylistWatch;
  hasPlayed: boolean;
  mediaRecoveryCount: number;
  rungSwitchCount: number;
  level: number;
  noAnswer: { readonly url: string; why: string; next: string } | null;
  discontinuity: number | null;
};

/** Plays by hls.js until closed; recovers by itself from whatever comes back. */
export function playByHlsJs(url: URL, options: PlayOptions): Playing {
  const { video, listener } = options;
  const ended = createDeferred<Failure | null>();
  const closing = new AbortController();
  const requests = createRequests();
  const hls = new Hls(
    toHlsConfig(
      options.syncS,
      boundedLoader({
        fetch: (target, init) => fetch(target, init),
        nowMs: () => performance.now(),
        requests,
        onNoAnswer: (target) => void findOut(playing, target, closing.signal),
        onMedia: (context, bytes) => {
          const piece = options.tap === undefined ? null : pieceOf(context, bytes);
          if (piece !== null) options.tap?.onPiece(piece);
        },
      }),
      hlsWorkerPath,
    ),
  );
  const playing: Play = {
    url,
    options,
    hls,
    requests,
    askedMs: performance.now(),
    troubles: createTroubles(listener.onEvent),
    recovery: createRecovery(
      realTimers,
      () => Math.random(),
      () => reload(playing),
    ),
    end: ended.settle,
    watch: createPlaylistWatch(),
    hasPlayed: false,
    mediaRecoveryCount: 0,
    rungSwitchCount: 0,
    level: -1,
    noAnswer: null,
    discontinuity: null,
  };
  listener.onState({ state: "connecting", why: "asking for the playlist" });
  listen(playing);
  // What is displayed before is a still of where loading began, which no viewer waits for.
  const stopJoining = joinLive({ hls, video, timers: realTimers, onBegin: () => listener.onTrack(null) });
  hls.attachMedia(video);
  hls.loadSource(url.href);
  const unwatchStalls = watchStalls(
    video,
    () => performance.now(),
    (atMs, durationMs) => listener.onEvent({ kind: "stall", atMs, durationMs }),
  );
  const stopLooking = lookAfter(playing);
  return {
    ended: ended.promise,
    sample: async () => ({ ...sampleElement(video), receivedBytes: requests.receivedBytes() }),
    delivery: () => deliveryOf(playing),
    close: () => {
      closing.abort(new Error("play was closed"));
      unwatchStalls();
      stopLooking();
      stopJoining();
      playing.recovery.close();
      hls.destroy();
      detach(video);
      ended.settle(null);
    },
  };
}

function nowMs() {
  return toPageMs(performance.now());
}

function listen(playing: Play): void {
  const { hls, troubles, options } = playing;
  hls.on(Hls.Events.ERROR, (_event, data) => onError(playing, data));
  hls.on(Hls.Events.MANIFEST_LOADED, () => {
    troubles.end(["playlist-missing", "unreachable", "playlist-broken"], nowMs());
  });
  hls.on(Hls.Events.LEVEL_LOADED, (_event, data) => onPlaylist(playing, data));
  hls.on(Hls.Events.FRAG_LOADED, () => {
    troubles.end(["segment-missing", "unreachable", "too-slow", "too-large"], nowMs());
  });
  hls.on(Hls.Events.FRAG_BUFFERED, () => {
    playing.recovery.succeeded();
    playing.mediaRecoveryCount = 0;
    playing.hasPlayed = true;
    troubles.end(["segment-corrupt", "restart"], nowMs());
    tellState(playing);
  });
  hls.on(Hls.Events.FRAG_CHANGED, (_event, { frag }) => {
    const isNew = playing.discontinuity !== null && frag.cc !== playing.discontinuity;
    playing.discontinuity = frag.cc;
    if (isNew) options.listener.onEvent({ kind: "discontinuity", atMs: nowMs() });
    onRung(playing, frag.level);
  });
}

/** The rung whose segment is displayed now. */
function onRung(playing: Play, level: number): void {
  const before = playing.level;
  playing.level = level;
  if (before < 0 || before === level) return;
  playing.rungSwitchCount += 1;
  const rung = rungOf(playing);
  if (rung !== null) playing.options.listener.onEvent({ kind: "rung", ...rung, atMs: nowMs() });
}

function rungOf({ hls, level }: Play): DeliveryReport["rung"] {
  const rung = hls.levels[level];
  if (rung === undefined) return null;
  const positive = (value: number): number | null => (value > 0 ? value : null);
  return {
    widthPx: positive(rung.width),
    heightPx: positive(rung.height),
    bitrateKbps: rung.bitrate > 0 ? rung.bitrate / 1000 : null,
  };
}

function onPlaylist(playing: Play, { details }: LevelLoadedData): void {
  const { troubles } = playing;
  const atMs = nowMs();
  troubles.end(["playlist-missing", "unreachable", "playlist-broken", "too-large", "too-slow"], atMs);
  const news = playing.watch.add(details.m3u8, details.url, atMs);
  if (news.isRestarted) {
    troubles.begin("restart", "the publisher began its playlist anew", atMs);
    reload(playing);
  }
}

function onError(playing: Play, data: ErrorData): void {
  const { troubles } = playing;
  const verdict = judge(faultOf(data), {
    hasPlayed: playing.hasPlayed,
    sinceAskedMs: performance.now() - playing.askedMs,
    mediaRecoveryCount: playing.mediaRecoveryCount,
  });
  if (verdict.trouble !== null) {
    troubles.begin(verdict.trouble, playing.noAnswer?.why ?? verdict.why, nowMs());
    tellState(playing);
  }
  act(playing, verdict, data);
}

function act(playing: Play, verdict: HlsVerdict, data: ErrorData): void {
  switch (verdict.action) {
    case "go-on":
      return;
    case "reload":
      playing.recovery.schedule();
      return;
    case "renew-decoder":
      playing.mediaRecoveryCount += 1;
      playing.hls.recoverMediaError();
      return;
    case "give-up":
      playing.end(failureOf(playing, verdict, data));
      return;
    default:
      throw new Error(`no such action: ${String(verdict.action satisfies never)}`);
  }
}

function faultOf({ details, fatal, response }: ErrorData): HlsFault {
  const found = response?.text === foundWords["too-large"] ? "too-large" : null;
  return {
    details,
    isFatal: fatal,
    status: response?.code ?? null,
    found: found ?? (/timeout/i.test(details) ? "too-slow" : null),
  };
}

function failureOf({ url, noAnswer }: Play, { why, failure }: HlsVerdict, data: ErrorData): Failure {
  return {
    kind: failure,
    what: "playing the HLS stream",
    where: showSource(url.href),
    next: noAnswer?.next ?? nextFor[failure],
    cause: `${noAnswer?.why ?? why} (${data.details}${data.reason === undefined ? "" : `: ${data.reason}`})`,
  };
}

const nextFor: Readonly<Record<Failure["kind"], string>> = {
  "refused-input": "Check that the address is that of a playlist.",
  unreachable: "Check the address, and that its publisher runs.",
  unsupported: "Play a rendition in another codec, or use another browser.",
  denied: "The stream needs access that this address does not carry: ask for a signed address.",
  "timed-out": "Try again when the server answers faster.",
  "ended-early": "Start it again.",
};

/** Why there was no answer is found out once for each stretch without one, and told with the trouble. */
async function findOut(playing: Play, target: string, signal: AbortSignal): Promise<void> {
  if (playing.noAnswer !== null) return;
  playing.noAnswer = {
    url: target,
    why: noAnswerWords.unreachable.why,
    next: noAnswerWords.unreachable.next,
  };
  try {
    const why = await diagnoseNoAnswer((url, init) => fetch(url, init), target, signal);
    playing.noAnswer = { url: target, ...noAnswerWords[why] };
    if (why === "cors" && !playing.hasPlayed) playing.end(deniedBy(playing));
    tellState(playing);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

function deniedBy({ url, noAnswer }: Play): Failure {
  return {
    kind: "denied",
    what: "playing the HLS stream",
    where: showSource(url.href),
    next: noAnswer?.next ?? nextFor.denied,
    cause: noAnswer?.why ?? "",
  };
}

/** Connected while media comes; what goes on instead, in its own words. */
function tellState(playing: Play): void {
  const [trouble] = playing.troubles.current();
  const { onState } = playing.options.listener;
  if (trouble === undefined) {
    playing.noAnswer = null;
    if (playing.hasPlayed) onState({ state: "connected", why: "" });
    return;
  }
  const isAway = trouble.trouble === "unreachable" && playing.noAnswer !== null;
  onState({ state: "connecting", why: isAway ? (playing.noAnswer?.why ?? trouble.why) : trouble.why });
}

/** From the playlist on: with the same decoder when only requests failed is not enough after a restart. */
function reload(playing: Play): void {
  playing.watch = createPlaylistWatch();
  playing.discontinuity = null;
  playing.hls.loadSource(playing.url.href);
  playing.hls.startLoad(-1);
  play(playing.options.video);
}

/** Looks whether the playlist goes stale and whether the picture stands still although media comes. */
function lookAfter(playing: Play): () => void {
  const stuck = createStuckWatch();
  const { troubles, options } = playing;
  const look = (): void => {
    const atMs = nowMs();
    const staleMs = playing.watch.staleMs(atMs);
    if (staleMs === null) troubles.end(["playlist-stale"], atMs);
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
      playing.recovery.schedule();
    }
    tellState(playing);
  };
  const timer = setInterval(look, lookEveryMs);
  return () => clearInterval(timer);
}

function deliveryOf(playing: Play): DeliveryReport {
  const { hls, options, requests, watch } = playing;
  const { currentTime, buffered } = options.video;
  return toHlsDelivery({
    facts: watch.facts(),
    breaches: watch.breaches(),
    requests: requests.read(),
    currentTimeS: currentTime,
    bufferEndS: bufferEndS(buffered, currentTime),
    edgeS: hls.latestLevelDetails?.edge ?? null,
    playingDateMs: hls.playingDate?.getTime() ?? null,
    nowEpochMs: performance.timeOrigin + performance.now(),
    rung: rungOf(playing),
    rungCount: hls.levels.length,
    rungSwitchCount: playing.rungSwitchCount,
  });
}
