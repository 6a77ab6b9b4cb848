/** What the page gives along with each receiver whose frames are taken (W3C webrtc-encoded-transform, RTCRtpScriptTransform). */
export type TapOptions = {
  /** Counts the connections of the stream; it outlives the worker. */
  readonly linkNumber: number;
};

/** What the page tells the worker that takes encoded frames out of a WebRTC receiver. */
export type TapRequest =
  /** Where frames go from now on: the keeping worker's end is `Intake` and `IntakeNews`. */
  | { readonly kind: "port"; readonly port: MessagePort }
  /** Codecs by payload type (RTCRtpReceiver.getParameters), for browsers whose frames do not name theirs. */
  | {
      readonly kind: "codecs";
      readonly codecs: readonly { readonly payloadType: number; readonly mimeType: string }[];
    };

/** What that worker tells the page. */
export type TapNews =
  /** Frames are being taken. Told once. */
  | { readonly kind: "taking" }
  /** Frames come whose codec is not known: the codecs are to be told. */
  | { readonly kind: "codecs-wanted" };
