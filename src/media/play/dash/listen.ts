import type { MediaPlayerClass } from "dashjs";

import { toPageMs } from "../../../core/clock/instants.ts";
import type { Failure } from "../../../core/failure.ts";
import type { RungLog } from "../../../core/timeline/rungs.ts";
import { showSource } from "../../../core/wire/source.ts";
import type { Recovery } from "../hls/recover.ts";
import type { Requests } from "../hls/requests.ts";
import type { Troubles } from "../troubles.ts";
import type { PlayOptions } from "../way.ts";
import { judgeDash, type DashVerdict } from "./errors.ts";
import { dashPieceOf } from "./piece.ts";

/** The changing parts of one play. */
export type DashPlay = {
  readonly url: URL;
  readonly options: Pick<PlayOptions, "listener" | "tap">;
  readonly player: Pick<MediaPlayerClass, "on" | "addResponseInterceptor">;
  readonly troubles: Troubles;
  readonly requests: Requests;
  readonly rungs: RungLog;
  readonly recovery: Recovery;
  /** When play was asked for, page clock, ms. */
  readonly askedMs: number;
  readonly end: (failure: Failure | null) => void;
  hasPlayed: boolean;
  rungSwitchCount: number;
  /** Id of the representation on screen; null before the first. */
  rungId: string | null;
};

function nowMs() {
  return toPageMs(performance.now());
}

/** Tells troubles, rungs and requests by what dash.js says, and recovers from what comes back. */
export function listenToDash(playing: DashPlay): void {
  const { player, troubles, recovery, options } = playing;
  const { listener } = options;
  const headersOf = noteHeaders(player);
  player.on("error", ({ error }) => onError(playing, error));
  player.on("manifestLoaded", () => {
    troubles.end(["playlist-missing", "playlist-broken"], nowMs());
    tellState(playing);
  });
  player.on("fragmentLoadingCompleted", ({ request, response }) =>
    onSegment(playing, request, response, headersOf(request)),
  );
  player.on("playbackPlaying", () => {
    playing.hasPlayed = true;
    recovery.succeeded();
    troubles.end(
      troubles.current().map(({ trouble }) => trouble),
      nowMs(),
    );
    tellState(playing);
  });
  player.on("playbackEnded", () => listener.onState({ state: "ended", why: "the stream has ended" }));
  player.on("qualityChangeRendered", ({ mediaType, newRepresentation, oldRepresentation }) => {
    if (mediaType !== "video") return;
    playing.rungId = newRepresentation.id;
    // Typed as always there; the first rung has none before it.
    if (!(oldRepresentation as object | null)) return;
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

/** Connected while pictures come; what goes on instead, in its own words. */
function tellState({ troubles, hasPlayed, options }: DashPlay): void {
  const [trouble] = troubles.current();
  if (trouble !== undefined) options.listener.onState({ state: "connecting", why: trouble.why });
  else if (hasPlayed) options.listener.onState({ state: "connected", why: "" });
}

function onError(playing: DashPlay, error: unknown): void {
  const { message, ...fault } = readError(error);
  const sinceAskedMs = performance.now() - playing.askedMs;
  const verdict = judgeDash(fault, { hasPlayed: playing.hasPlayed, sinceAskedMs });
  if (verdict.trouble !== null) playing.troubles.begin(verdict.trouble, verdict.why, nowMs());
  tellState(playing);
  if (verdict.action === "reload") playing.recovery.schedule("reload");
  if (verdict.action === "give-up") playing.end(toFailure(playing.url, verdict, message));
}

type Headers = Readonly<Record<string, string>>;

/** The headers that this page may see of what was answered, by the request of dash.js. */
function noteHeaders(player: DashPlay["player"]): (request: object) => Headers {
  const noted = new WeakMap<object, Headers>();
  player.addResponseInterceptor(async (response) => {
    const { request } = response.request.customData as { readonly request?: object };
    if (request !== undefined) noted.set(request, response.headers ?? {});
    return response;
  });
  return (request) => noted.get(request) ?? {};
}

function onSegment(
  playing: DashPlay,
  request: object,
  response: ArrayBuffer | undefined,
  headers: Headers,
): void {
  const { requests, options, troubles } = playing;
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
  troubles.end(["segment-missing", "unreachable"], nowMs());
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

type ReadError = { readonly code: number; readonly message: string; readonly isUnanswered: boolean };

/** dash.js tells errors as objects with a code, or as a bare word for those of subtitles and content protection. */
function readError(error: unknown): ReadError {
  if (typeof error !== "object" || error === null)
    return { code: -1, message: String(error), isUnanswered: false };
  const { code, message, data } = error as Partial<Record<"code" | "message" | "data", unknown>>;
  const { response } = (data ?? {}) as { readonly response?: { readonly status?: unknown } | null };
  return {
    code: typeof code === "number" ? code : -1,
    message: typeof message === "string" ? message.slice(0, 300) : "",
    isUnanswered: response?.status === 0,
  };
}

function toFailure(url: URL, { failure, why }: DashVerdict, message: string): Failure {
  return {
    kind: failure,
    what: "playing the DASH stream",
    where: showSource(url.href),
    next: "Check the address, that its publisher runs, and that its server allows this page to read it (CORS).",
    cause: message === "" ? why : `${why}: ${message}`,
  };
}
