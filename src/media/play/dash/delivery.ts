import type { MediaPlayerClass } from "dashjs";

import { measured, missing } from "../../../core/measured.ts";
import type { DeliveryReport, RequestReading } from "../../../core/timeline/delivery.ts";
import { bufferEndS } from "../element.ts";

const notInDash = "DASH manifests tell it per segment, if at all";

/** What a DASH player tells of its stream. */
export function toDashDelivery(
  player: MediaPlayerClass,
  video: HTMLVideoElement,
  requests: RequestReading,
  rungSwitchCount: number,
): DeliveryReport {
  const isReady = player.isReady() && player.getActiveStream() !== null;
  const rung = isReady ? player.getCurrentRepresentationForType("video") : null;
  const endS = bufferEndS(video.buffered, video.currentTime);
  return {
    protocol: "dash",
    isLowLatency: null,
    targetDurationS: missing(notInDash),
    segmentS:
      rung === null
        ? missing("no rendition plays yet")
        : figure(rung.fragmentDuration ?? Number.NaN, notInDash),
    partS: missing(notInDash),
    ...placeOf(player, isReady),
    bufferMs: endS === null ? missing("nothing is buffered") : measured((endS - video.currentTime) * 1000),
    rung:
      rung === null ? null : { widthPx: rung.width, heightPx: rung.height, bitrateKbps: rung.bitrateInKbit },
    rungCount: isReady ? player.getRepresentationsByType("video").length : 0,
    rungSwitchCount,
    breaches: [],
    requests,
  };
}

/** Where in the stream it plays. */
function placeOf(
  player: MediaPlayerClass,
  isReady: boolean,
): Pick<DeliveryReport, "isLive" | "windowS" | "behindEdgeMs" | "dateTimeLatencyMs"> {
  const window = isReady ? player.getDvrWindow() : null;
  if (window === null) {
    const none = missing("the manifest has not been read yet");
    return { isLive: null, windowS: none, behindEdgeMs: none, dateTimeLatencyMs: none };
  }
  const windowS = figure(window.size, notInDash);
  if (!player.isDynamic()) {
    const none = missing("the stream is not live");
    return { isLive: false, windowS, behindEdgeMs: none, dateTimeLatencyMs: none };
  }
  return {
    isLive: true,
    windowS,
    behindEdgeMs: figure((window.end - player.timeInDvrWindow()) * 1000, "the player does not tell"),
    dateTimeLatencyMs: figure(player.getCurrentLiveLatency() * 1000, "the player does not tell"),
  };
}

function figure(value: number, why: string) {
  return Number.isFinite(value) ? measured(value) : missing(why);
}
