/** A piece of a segmented stream as the player loaded it. */
export type ReceivedPiece = {
  readonly role: "init" | "media";
  /** Names the rendition; pieces of one need its own init. */
  readonly rendition: string;
  /** Where it came from, without query: what may be secret is there. */
  readonly address: string;
  readonly startS: number | null;
  readonly durationS: number | null;
  /** Decoding can begin here, given the init. */
  readonly isIndependent: boolean;
  /** Byte for byte as it came; a copy, the taker's own. */
  readonly bytes: ArrayBuffer;
};

/** Takes what a way receives, beside its playing. Called on the main thread; returns at once. */
export type ReceivedTap = {
  /** A (new) receiver of video over WebRTC, before its first frame: its encoded frames can be taken. */
  readonly onReceiver: (receiver: RTCRtpReceiver) => void;
  readonly onPiece: (piece: ReceivedPiece) => void;
};

/** What can be kept of a stream: encoded frames, pieces as they were loaded, or its displayed luma where there is nothing better. */
export type KeptKind = "frames" | "pieces" | "luma";
