import type { Failure } from "../../../core/failure.ts";
import type { CodecName } from "../../../core/wire/setup.ts";

/** One size and bitrate to encode; several make a ladder. Frames of another size are scaled by the encoder. */
export type EncodeRung = {
  /** Even. */
  readonly widthPx: number;
  /** Even. */
  readonly heightPx: number;
  readonly bitrateKbps: number;
};

/** What is to be encoded. */
export type EncodePlan = {
  readonly codec: CodecName;
  /** Frames stand on a grid of this rate; a place on it that no frame fills is counted as missing. */
  readonly fps: number;
  /** A key frame stands at every such place of the grid, in all rungs alike, or at the next frame after it. */
  readonly framesPerKey: number;
  /** At least one. Each is an encoder of its own. */
  readonly rungs: readonly EncodeRung[];
  /**
   * How H.264 is best written (W3C WebCodecs AVC registration): `avc` with lengths and the parameter sets apart, for MP4;
   * `annexb` with start codes and the parameter sets in each key frame, for streams, and where a browser makes no sound
   * `avc`. Other codecs have one form only.
   */
  readonly avcFormat: "avc" | "annexb";
};

/** One encoded frame of one rung, in decode order, which is display order: encoders that reorder are not taken. */
export type EncodedChunk = {
  /** Index into the plan's rungs. */
  readonly rungIndex: number;
  readonly data: Uint8Array<ArrayBuffer>;
  readonly isKey: boolean;
  /** Place on the grid, 0 for the first frame; strictly growing within a rung. */
  readonly slot: number;
  /** `slot` as media time from 0, us. */
  readonly timestampUs: number;
  /** One place of the grid, us, whether or not the next place will be filled. */
  readonly durationUs: number;
  /** When a frame of this place was due at the encoder: this page's anchored clock, epoch us. */
  readonly dateUs: number;
  /** With the first chunk of a rung and whenever it changes; null else. */
  readonly decoderConfig: VideoDecoderConfig | null;
};

/** Counts since the start. */
export type EncodeCounts = {
  /** Frames given to the encoders; with several rungs each frame counts once. */
  readonly takenCount: number;
  /** Frames thrown away because an encoder was behind. */
  readonly droppedCount: number;
  /** Places of the grid that no frame filled, those of dropped frames included. */
  readonly missingCount: number;
  /** Frames that came out, and their bytes, per rung. */
  readonly rungs: readonly { readonly encodedCount: number; readonly encodedBytes: number }[];
};

/**
 * Page to worker. `frames` are read in the worker, unseen by the page; null: they come as `frame`. The side that receives a
 * frame closes it.
 */
export type EncodeRequest =
  | {
      readonly type: "start";
      readonly plan: EncodePlan;
      readonly frames: ReadableStream<VideoFrame> | null;
    }
  | { readonly type: "frame"; readonly frame: VideoFrame }
  /** Take no more frames, hand out what is in the encoders, answer `finished`. */
  | { readonly type: "finish" };

/** Worker to page. */
export type EncodeReply =
  /** The encoders stand. `codecs` are RFC 6381 strings, one a rung. */
  | { readonly type: "ready"; readonly codecs: readonly string[] }
  | { readonly type: "chunk"; readonly chunk: EncodedChunk; readonly counts: EncodeCounts }
  /** All chunks are out. */
  | { readonly type: "finished" }
  | { readonly type: "failed"; readonly failure: Failure };
