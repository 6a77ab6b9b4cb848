import type { AppliedConditions, NetworkConditions } from "../../core/runs/run.ts";

/** How a stream reaches the receiver; `capture`: by no network at all. */
export type Road = "webrtc" | "http" | "capture" | "unknown";

/** A stream of a run, and how it comes. */
export type StreamRoad = { readonly provider: string; readonly road: Road };

const nothing: Omit<NetworkConditions, "name"> = {
  delayMs: null,
  jitterMs: null,
  lossRatio: null,
  rateKbps: null,
};

function namesOf(streams: readonly StreamRoad[], road: Road): string {
  return streams
    .filter((stream) => stream.road === road)
    .map(({ provider }) => provider)
    .join(", ");
}

function lossLimits(streams: readonly StreamRoad[]): readonly string[] {
  const http = namesOf(streams, "http");
  const unknown = namesOf(streams, "unknown");
  const alone = "the browser loses packets of WebRTC alone";
  return [
    ...(http === "" ? [] : [`no loss for ${http}: ${alone}, and HLS, DASH and files come over HTTP`]),
    ...(unknown === "" ? [] : [`no loss for ${unknown}, unless it came by WebRTC: ${alone}`]),
  ];
}

/**
 * Conditions as Chromium makes them (DevTools Protocol, Network.emulateNetworkConditions): it delays both ways, varies no delay,
 * and loses packets of WebRTC alone. What is not made for every stream of the run is not claimed for the run.
 * @param why why the kernel does not make them, in the user's words
 */
export function browserConditions(
  asked: NetworkConditions,
  why: string,
  streams: readonly StreamRoad[],
): AppliedConditions {
  const captured = namesOf(streams, "capture");
  const isLossMade = streams.every(({ road }) => road === "webrtc");
  const reached = { ...asked, jitterMs: null, lossRatio: isLossMade ? asked.lossRatio : null };
  return {
    asked,
    made: captured === "" ? reached : { ...asked, ...nothing },
    by: "browser",
    limits: [
      `made by the browser: ${why}`,
      ...(asked.delayMs === null ? [] : ["the delay is also put on the way back"]),
      ...(asked.jitterMs === null ? [] : ["no jitter: the browser cannot vary the delay"]),
      ...(asked.lossRatio === null ? [] : lossLimits(streams)),
      ...(captured === "" ? [] : [`nothing of it for ${captured}: a camera or a screen comes by no network`]),
    ],
  };
}
