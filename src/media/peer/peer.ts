import type { Result } from "../../core/failure.ts";
import type { IceServer } from "../../core/wire/config.ts";
import type { CodecName } from "../../core/wire/setup.ts";
import type { PeerData } from "./envelope.ts";

/**
 * What gives way when bitrate or processor fall short (W3C mst-content-hint, RTCDegradationPreference). Streamgauge asks for
 * `maintain-resolution`: the size asked for is the size measured, and a shortage shows as the missing frames it is rather than
 * as a smaller picture whose marker is harder to read.
 */
export type Degradation = "balanced" | "maintain-framerate" | "maintain-resolution";

/** What one end does with video. Sending makes it the end that offers. */
export type PeerRole =
  | {
      readonly kind: "send";
      /** Stays the caller's: it is not stopped when the link closes. */
      readonly track: MediaStreamTrack;
      /** The only codec offered, so that no other can be measured by mistake. */
      readonly codec: CodecName;
      /** Upper bound of the encoder, kbit/s; also where bandwidth estimation starts, so that the stream is soon at it. */
      readonly bitrateKbps: number;
      readonly maxFps: number;
      readonly degradation: Degradation;
    }
  | {
      readonly kind: "receive";
      /** Jitter buffer target, ms; null leaves it to the browser. */
      readonly bufferMs: number | null;
    };

/** What a link is doing. `interrupted` may return to `connected` by itself; `closed` is final. */
export type PeerLinkState =
  | { readonly state: "connecting" | "connected" | "interrupted" }
  | { readonly state: "closed"; readonly why: string };

/** What a link tells. Called on the main thread; must return at once. */
export type PeerListener = {
  readonly onState: (state: PeerLinkState) => void;
  /** To be carried to the other end's `signal`, in order. */
  readonly onSignal: (data: PeerData) => void;
  readonly onText: (text: string) => void;
  readonly onDatagram: (text: string) => void;
  /** The receiver of a track that is about to come, before its first frame. */
  readonly onReceiver?: (receiver: RTCRtpReceiver) => void;
  readonly onTrack: (track: MediaStreamTrack, stream: MediaStream) => void;
};

/** Options of a link. */
export type PeerLinkOptions = {
  readonly role: PeerRole;
  readonly iceServers: readonly IceServer[];
  /** Use TURN relays alone. */
  readonly relayOnly: boolean;
  readonly listener: PeerListener;
};

/** One entry of getStats as a plain record (W3C webrtc-stats). */
export type StatsEntry = Readonly<Record<string, unknown>>;

/**
 * One end of a connection between two pages: video one way and two text roads both ways. Texts arrive in order or the
 * link closes; datagrams may be lost but are never held up behind a retransmission, which is what a clock exchange wants.
 * Whoever made it closes it.
 */
export type PeerLink = {
  readonly signal: (data: PeerData) => void;
  /** False where the link cannot carry it now. */
  readonly sendText: (text: string) => boolean;
  readonly sendDatagram: (text: string) => boolean;
  /** Empty where it cannot be had. Never rejects. */
  readonly stats: () => Promise<readonly StatsEntry[]>;
  /** Looks for a new network path without closing; only at the end that sends. */
  readonly restartIce: () => void;
  readonly close: () => void;
};

/** Makes a link, or says why this browser cannot have one. */
export type CreatePeerLink = (options: PeerLinkOptions) => Result<PeerLink>;
