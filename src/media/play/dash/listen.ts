import type { MediaPlayerClass } from "dashjs";

import type { Failure } from "../../../core/failure.ts";
import type { RungLog } from "../../../core/timeline/rungs.ts";
import { showSource } from "../../../core/wire/source.ts";
import type { Timers } from "../../link/timers.ts";
import type { FetchAdapters } from "../bounded-fetch.ts";
import { isMediaAhead } from "../element.ts";
import { isAnswered, playlistTroubles, segmentTroubles, type LoadFault, type Past } from "../faults.ts";
import { findOut, whyOf } from "../no-answer.ts";
import type { Recovery } from "../recover.ts";
import type { Requests } from "../requests.ts";
import { nowMs, tellState } from "../tell-state.ts";
import type { Troubles } from "../troubles.ts";
import type { PlayOptions } from "../way.ts";
import { hearAnswers, type Asking } from "./answers.ts";
import { judgeDash, judgeDashLoad, type DashVerdict } from "./errors.ts";
import type { ManifestWatch } from "./manifest-watch.ts";
import { dashPieceOf } from "./piece.ts";

/** The changing parts of one play. */
export type DashPlay = {
  readonly url: URL;
  readonly options: Pick<PlayOptions, "listener" | "tap" | "video">;
  readonly player: Pick<MediaPlayerClass, "on"> & Asking;
  readonly troubles: Troubles;
  readonly requests: Requests;
  readonly rungs: RungLog;
  readonly recovery: Recovery;
  /** When play was asked for, page clock, ms. */
  readonly askedMs: number;
  readonly end: (failure: Failure | null) => void;
  watch: ManifestWatch;
  hasPlayed: boolean;
  rungSwitchCount: number;
  /** Of the period that is displayed; null before the first, and from a reload on. */
  periodId: string | null;
  /** Why requests get no answer, while they get none. */
  noAnswer: { readonly why: string; readonly next: string } | null;
  /** Id of the representation on screen; null before the first. */
  rungId: string | null;
};

/** What listening needs beside the play. */
export type ListenAdapters = {
  readonly timers: Timers;
  /** 0 to below 1. */
  readonly random: () => number;
  readonly fetch: FetchAdapters["fetch"];
  /** Aborted when play is closed. */
  readonly closing: AbortSignal;
  /** Loads everything anew, at once. */
  readonly reload: () => void;
};

/** What is attempted, in the user's words. */
const playingDash = "playing the DASH stream";

/** Tells troubles, rungs, periods and requests by what dash.js says, and recovers from what comes back. */
export function listenToDash(playing: DashPlay, adapters: ListenAdapters): void {
  const { player, troubles } = playing;
  const onFailed = (fault: LoadFault, url: string): void => {
    playing.requests.fail();
    const isSilent = !isAnswered(fault.status) && fault.found === null;
    const tell = (): void => tellState(playing);
    if (isSilent)
      void findOut(playing, {
        what: playingDash,
        target: url,
        fetch: adapters.fetch,
        signal: adapters.closing,
        tell,
      });
    act(playing, judgeDashLoad(fault, pastOf(playing)), "");
  };
  const headersOf = hearAnswers(player, adapters.timers, adapters.random, { onFailed });
  player.on("error", ({ error }) => {
    const { code, message } = readError(error);
    act(playing, judgeDash(code, pastOf(playing)), message);
  });
  // Told before dash.js begins the decoder anew by itself, which it does some times.
  player.on("playbackError", () => {
    troubles.begin("segment-corrupt", "a segment cannot be decoded", nowMs());
    tellState(playing);
  });
  player.on("manifestLoaded", ({ data }) => onManifest(playing, data, adapters.reload));
  player.on("fragmentLoadingCompleted", ({ request, response }) =>
    onSegment(playing, request, response, headersOf(request)),
  );
  player.on("playbackPlaying", () => {
    playing.hasPlayed = true;
    playing.recovery.succeeded();
    troubles.end(["segment-corrupt", "codec", "restart", "stuck"], nowMs());
    tellState(playing);
  });
  player.on("playbackEnded", () => tellState(playing));
  listenToPicture(playing);
}

/** What is displayed: periods and rungs. */
function listenToPicture(playing: DashPlay): void {
  const { player, options } = playing;
  player.on("periodSwitchCompleted", ({ toStreamInfo }) => {
    const id = toStreamInfo?.id ?? null;
    const isNew = playing.periodId !== null && id !== playing.periodId;
    playing.periodId = id;
    if (isNew) options.listener.onEvent({ kind: "discontinuity", atMs: nowMs() });
  });
  player.on("qualityChangeRendered", ({ mediaType, newRepresentation, oldRepresentation }) => {
    if (mediaType !== "video") return;
    playing.rungId = newRepresentation.id;
    // Typed as always there; the first rung has none before it.
    if (!(oldRepresentation as object | null)) return;
    playing.rungSwitchCount += 1;
    const { width, height, bitrateInKbit } = newRepresentation;
    options.listener.onEvent({
      kind: "rung",
      widthPx: width,
      heightPx: height,
      bitrateKbps: bitrateInKbit,
      atMs: nowMs(),
    });
  });
}

function pastOf({ hasPlayed, askedMs, options }: DashPlay): Past {
  return {
    hasPlayed,
    sinceAskedMs: performance.now() - askedMs,
    isMediaAhead: isMediaAhead(options.video),
  };
}

function act(playing: DashPlay, verdict: DashVerdict, message: string): void {
  const { trouble, why, action } = verdict;
  if (trouble !== null) playing.troubles.begin(trouble, whyOf(playing, trouble, why), nowMs());
  tellState(playing);
  if (action === "reload" || action === "load-on") playing.recovery.schedule(action);
  if (action === "give-up") playing.end(toFailure(playing, verdict, message));
}

function onManifest(playing: DashPlay, manifest: unknown, reload: () => void): void {
  const { troubles } = playing;
  const atMs = nowMs();
  troubles.end(playlistTroubles, atMs);
  if (playing.watch.add(manifest, atMs).isRestarted) {
    troubles.begin("restart", "the publisher began its manifest anew", atMs);
    reload();
  }
  tellState(playing);
}

function onSegment(
  playing: DashPlay,
  request: object,
  response: ArrayBuffer | undefined,
  headers: Readonly<Record<string, string>>,
): void {
  const { requests, options, troubles, recovery } = playing;
  if (options.tap !== undefined && response !== undefined) {
    const piece = dashPieceOf(request, response);
    if (piece !== null) options.tap.onPiece(piece);
  }
  if (response !== undefined) noteMedia(playing, request, response.byteLength);
  const { startDate, firstByteDate, endDate } = request as Partial<
    Record<"startDate" | "firstByteDate" | "endDate", Date>
  >;
  const byteCount = response?.byteLength ?? 0;
  if (byteCount === 0) return;
  troubles.end(segmentTroubles, nowMs());
  recovery.succeeded();
  tellState(playing);
  if (!startDate || !endDate) return;
  const startMs = startDate.getTime();
  const times = { startMs, firstMs: firstByteDate?.getTime() ?? startMs, endMs: endDate.getTime() };
  requests.add({ times, byteCount, headers: { get: (name) => headers[name] ?? null } });
}

/** Weighs a segment of the video for its rung. */
function noteMedia({ rungs }: DashPlay, request: object, byteCount: number): void {
  const { type, mediaType, duration, representation } = request as Partial<Record<string, unknown>>;
  const { id } = (representation ?? {}) as { readonly id?: unknown };
  if (mediaType !== "video" || type !== "MediaSegment" || typeof id !== "string") return;
  rungs.receive(id, byteCount, typeof duration === "number" ? duration : Number.NaN);
}

type ReadError = { readonly code: number; readonly message: string };

/** dash.js tells errors as objects with a code, or as a bare word for those of subtitles and content protection. */
function readError(error: unknown): ReadError {
  if (typeof error !== "object" || error === null) return { code: -1, message: String(error) };
  const { code, message } = error as Partial<Record<"code" | "message", unknown>>;
  return {
    code: typeof code === "number" ? code : -1,
    message: typeof message === "string" ? message.slice(0, 300) : "",
  };
}

function toFailure({ url, noAnswer }: DashPlay, { failure, why }: DashVerdict, message: string): Failure {
  const told = noAnswer?.why ?? why;
  return {
    kind: failure,
    what: playingDash,
    where: showSource(url.href),
    next:
      noAnswer?.next ??
      "Check the address, that its publisher runs, and that its server allows this page to read it (CORS).",
    cause: message === "" ? told : `${told}: ${message}`,
  };
}
