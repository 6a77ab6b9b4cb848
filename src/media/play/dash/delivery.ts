import type { MediaPlayerClass, Representation } from "dashjs";

import { measured, missing } from "../../../core/measured.ts";
import type { DeliveryReport } from "../../../core/timeline/delivery.ts";
import type { Rung } from "../../../core/timeline/rungs.ts";
import { bufferEndS } from "../element.ts";
import type { DashPlay } from "./listen.ts";

const notInDash = "DASH manifests tell it per segment, if at all";

/** What a DASH player tells of its stream. */
export function toDashDelivery(
  player: MediaPlayerClass,
  video: HTMLVideoElement,
  playing: Pick<DashPlay, "requests" | "rungs" | "rungId" | "rungSwitchCount">,
): DeliveryReport {
  const isReady = player.isReady() && player.getActiveStream() !== null;
  const representations = isReady ? player.getRepresentationsByType("video") : [];
  const loaded = isReady ? player.getCurrentRepresentationForType("video") : null;
  // What is loaded now is seen later.
  const rung = representations.find(({ id }) => id === playing.rungId) ?? loaded;
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
    rung: rung === null ? null : toRung(rung),
    rungs: playing.rungs.read(representations.map((each) => ({ key: each.id, ...toRung(each) }))),
    rungCount: representations.length,
    rungSwitchCount: playing.rungSwitchCount,
    breaches: [],
    requests: playing.requests.read(),
  };
}

function toRung({ width, height, bitrateInKbit }: Representation): Rung {
  return { widthPx: width, heightPx: height, bitrateKbps: bitrateInKbit };
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
