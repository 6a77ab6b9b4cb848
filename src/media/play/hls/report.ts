import type { DeliveryReport } from "../../../core/timeline/delivery.ts";
import { bufferEndS } from "../element.ts";
import { toHlsDelivery } from "./delivery.ts";
import type { HlsPlay } from "./hls-play.ts";

/** The rung being played; null until one is. */
export function rungOf({ hls, level }: HlsPlay): DeliveryReport["rung"] {
  const rung = hls.levels[level];
  if (rung === undefined) return null;
  return {
    widthPx: positive(rung.width),
    heightPx: positive(rung.height),
    bitrateKbps: rung.bitrate > 0 ? rung.bitrate / 1000 : null,
  };
}

function positive(value: number): number | null {
  return value > 0 ? value : null;
}

/** What playlist, player and requests tell now. */
export function deliveryOf(playing: HlsPlay): DeliveryReport {
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
