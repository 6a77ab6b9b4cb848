import type { Failure } from "../../../core/failure.ts";
import type { IceServer } from "../../../core/wire/config.ts";
import type { FromServer } from "../../../core/wire/signalling.ts";
import type { SignallingState } from "../../link/signalling.ts";
import type { Timers } from "../../link/timers.ts";
import type { PeerSignal } from "../../peer/envelope.ts";
import type { CreatePeerLink, PeerLink } from "../../peer/peer.ts";
import type { PlayState } from "../way.ts";

/** Options of a receiver's session. */
export type SessionOptions = {
  readonly create: CreatePeerLink;
  readonly timers: Timers;
  /** 0 to below 1. */
  readonly random: () => number;
  /** This receiver's own name towards the sender, the same over all its reconnects. */
  readonly receiverId: string;
  readonly relayOnly: boolean;
  readonly bufferMs: number | null;
  /** Asked before each connection. Never rejects. */
  readonly iceServers: () => Promise<readonly IceServer[]>;
  readonly sendSignal: (signal: PeerSignal) => void;
  readonly onState: (state: PlayState) => void;
  /** The receiver of a track that is about to come. */
  readonly onReceiver?: (receiver: RTCRtpReceiver) => void;
  readonly onTrack: (track: MediaStreamTrack, stream: MediaStream) => void;
  /** A link stands (anew), or none does any more. */
  readonly onLink: (link: PeerLink | null) => void;
  /** A text or datagram from the sender, unchecked. */
  readonly onWords: (text: string) => void;
  /** It cannot go on. Called once; a sender that stops is waited for. */
  readonly onEnd: (failure: Failure) => void;
};

/** A receiver's dealings with its sender: connects, and connects again whatever breaks. Whoever made it closes it. */
export type Session = {
  readonly onSignalling: (state: SignallingState) => void;
  readonly onMessage: (message: FromServer) => void;
  readonly link: () => PeerLink | null;
  readonly close: () => void;
};
