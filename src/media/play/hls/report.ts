import type { FragLoadedData, Level } from "hls.js";

import type { DeliveryReport } from "../../../core/timeline/delivery.ts";
import type { Rung } from "../../../core/timeline/rungs.ts";
import { bufferEndS, isPlaying } from "../element.ts";
import { toHlsDelivery } from "./delivery.ts";
import type { HlsPlay } from "./hls-play.ts";

/** The rung being played; null until one is. */
export function rungOf({ hls, level }: HlsPlay): Rung | null {
  const rung = hls.levels[level];
  return rung === undefined ? null : toRung(rung);
}

function toRung({ width, height, bitrate }: Level): Rung {
  return {
    widthPx: positive(width),
    heightPx: positive(height),
    bitrateKbps: bitrate > 0 ? bitrate / 1000 : null,
  };
}

function positive(value: number): number | null {
  return value > 0 ? value : null;
}

/** Names a rung for the log: levels are renumbered when the player takes one out. Null where there is no such level. */
function keyOf({ hls }: Pick<HlsPlay, "hls">, level: number): string | null {
  return hls.levels[level]?.uri ?? null;
}

/**
 * The level whose picture is on screen: by its size where that is one level's alone, for hls.js finds out which segment is
 * played a moment later, and may take one that was left half loaded for it; else as hls.js says.
 */
function levelOnScreen({ hls, level, options }: HlsPlay): number {
  const { videoWidth, videoHeight } = options.video;
  const isOfSize = ({ width, height }: Level): boolean => width === videoWidth && height === videoHeight;
  const ofSizeCount = hls.levels.filter(isOfSize).length;
  return ofSizeCount === 1 ? hls.levels.findIndex(isOfSize) : level;
}

/** Notes what is on screen now; what is not played now is counted for no rung. */
export function noteRung(playing: HlsPlay): void {
  const key = isPlaying(playing.options.video) ? keyOf(playing, levelOnScreen(playing)) : null;
  playing.rungs.see(key, performance.now());
}

/** Notes a segment or part that came. Its bytes are no longer here to be counted: they are with the worker that unpacks them. */
export function noteMedia(playing: HlsPlay, { frag, part }: Pick<FragLoadedData, "frag" | "part">): void {
  const key =
    (frag.type as string) === "main" && frag.sn !== "initSegment" ? keyOf(playing, frag.level) : null;
  const piece = part ?? frag;
  if (key !== null) playing.rungs.receive(key, piece.stats.loaded, piece.duration);
}

/** What playlist, player and requests tell now. */
export function deliveryOf(playing: HlsPlay): DeliveryReport {
  const { hls, options, requests, watch } = playing;
  const { currentTime, buffered } = options.video;
  noteRung(playing);
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
    rungs: playing.rungs.read(hls.levels.map((level) => Object.assign({ key: level.uri }, toRung(level)))),
    rungSwitchCount: playing.rungSwitchCount,
  });
}
