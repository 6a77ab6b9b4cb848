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

/** Names a rung for the log: levels are renumbered when the player takes one out. Null where there is no such level. */
function keyOf({ hls }: Pick<HlsPlay, "hls">, level: number): string | null {
  return hls.levels[level]?.uri ?? null;
}

/** Notes what is on screen now; what is not played now is counted for no rung. */
export function noteRung(playing: HlsPlay): void {
  playing.rungs.see(
    isPlaying(playing.options.video) ? keyOf(playing, playing.level) : null,
    performance.now(),
  );
}

/** Notes a segment or part that came. */
export function noteMedia(playing: HlsPlay, { frag, part, payload }: FragLoadedData): void {
  const key =
    (frag.type as string) === "main" && frag.sn !== "initSegment" ? keyOf(playing, frag.level) : null;
  if (key !== null) playing.rungs.receive(key, payload.byteLength, (part ?? frag).duration);
}

function positive(value: number): number | null {
  return value > 0 ? value : null;
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
