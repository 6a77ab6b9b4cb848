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
  const isLive = isReady ? player.isDynamic() : null;
  const latencyS = isLive === true ? player.getCurrentLiveLatency() : Number.NaN;
  const window = isReady ? player.getDvrWindow() : null;
  const rung = isReady ? player.getCurrentRepresentationForType("video") : null;
  const endS = bufferEndS(video.buffered, video.currentTime);
  const notLive = missing(isLive === false ? "the stream is not live" : "the manifest has not been read yet");
  return {
    protocol: "dash",
    isLive,
    isLowLatency: null,
    targetDurationS: missing(notInDash),
    segmentS:
      rung === null
        ? missing("no rendition plays yet")
        : figure(rung.fragmentDuration ?? Number.NaN, notInDash),
    partS: missing(notInDash),
    windowS: window === null ? missing("the manifest has not been read yet") : figure(window.size, notInDash),
    behindEdgeMs:
      isLive === true && window !== null
        ? figure((window.end - player.timeInDvrWindow()) * 1000, "the player does not tell")
        : notLive,
    bufferMs: endS === null ? missing("nothing is buffered") : measured((endS - video.currentTime) * 1000),
    dateTimeLatencyMs: Number.isFinite(latencyS) ? measured(latencyS * 1000) : notLive,
    rung:
      rung === null ? null : { widthPx: rung.width, heightPx: rung.height, bitrateKbps: rung.bitrateInKbit },
    rungCount: isReady ? player.getRepresentationsByType("video").length : 0,
    rungSwitchCount,
    breaches: [],
    requests,
  };
}

function figure(value: number, why: string) {
  return Number.isFinite(value) ? measured(value) : missing(why);
}
