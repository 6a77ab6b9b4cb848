import type { Failure } from "../../core/failure.ts";
import type { CodecName } from "../../core/wire/setup.ts";
import { onlyCodec } from "./codecs.ts";
import type { PeerRole } from "./peer.ts";

/** Why this browser has no WebRTC; null when it has. */
export function checkWebRtc(): Failure | null {
  return typeof RTCPeerConnection === "undefined" ? noWebRtc : null;
}

/** Why this browser cannot send a codec over WebRTC; null when it can. */
export function checkSending(codec: CodecName): Failure | null {
  return checkWebRtc() ?? (sendCodecs(codec).length === 0 ? noCodec(codec) : null);
}

/** What is offered so that one codec alone can be chosen; empty where the browser does not send it. */
export function sendCodecs(codec: CodecName): readonly RTCRtpCodec[] {
  return onlyCodec(RTCRtpSender.getCapabilities("video")?.codecs ?? [], codec);
}

/** Bounds of the one encoding that is sent. */
export function sendEncoding(bitrateKbps: number, maxFps: number): RTCRtpEncodingParameters {
  return { maxBitrate: bitrateKbps * 1000, maxFramerate: maxFps };
}

/** Says what gives way in a shortage; a browser without the parameter decides for itself. Never rejects. */
export async function setDegradation(
  sender: RTCRtpSender,
  degradation: Extract<PeerRole, { kind: "send" }>["degradation"],
): Promise<void> {
  try {
    await sender.setParameters({ ...sender.getParameters(), degradationPreference: degradation });
  } catch {
    // Refused only by browsers without the parameter.
  }
}

/** What a page without WebRTC says. */
export const noWebRtc: Failure = {
  kind: "unsupported",
  what: "This browser has no WebRTC",
  where: "this browser",
  next: "Use a current Chromium, Chrome, Edge, Firefox or Safari.",
};

function noCodec(codec: CodecName): Failure {
  return {
    kind: "unsupported",
    what: `This browser cannot send ${codec.toUpperCase()} over WebRTC`,
    where: `codec ${codec}`,
    next: "Choose another codec: VP8 is in every browser.",
  };
}
