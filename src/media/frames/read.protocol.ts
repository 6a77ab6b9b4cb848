import type { MarkerReading, UnreadReason } from "../../core/timeline/observation.ts";

/**
 * What the page tells the reading worker. Frames and streams are transferred: from then on they are the worker's, which
 * closes every frame in `finally` as soon as its luma is out.
 */
export type ReadRequest =
  /** Loads the search. First, and once. */
  | { readonly kind: "start"; readonly finderWasmUrl: string }
  /** Read every frame of this stream from now on, instead of any earlier one. */
  | {
      readonly kind: "track";
      readonly streamId: number;
      readonly frames: ReadableStream<VideoFrame>;
    }
  /** Read this one frame; `frameKey` comes back with the answer. */
  | {
      readonly kind: "frame";
      readonly streamId: number;
      readonly frameKey: number;
      /** The callback's stamp, us: the frame's own is not to be trusted everywhere. */
      readonly presentationTimeUs: number;
      readonly frame: VideoFrame;
    }
  /** Give the luma of one frame, as `LumaReport`: the next one, or the next whose marker can be read. */
  | { readonly kind: "want-luma"; readonly of: LumaWish };

/** Which frame's luma is asked for. */
export type LumaWish = "any" | "read";

/** A whole picture, taken after its marker was read. */
export type LumaReport = {
  readonly kind: "luma";
  readonly streamId: number;
  readonly reading: MarkerReading;
  /** When the worker got the frame: ms since the epoch by its own `performance`. */
  readonly arrivedAtMs: number;
  readonly widthPx: number;
  readonly heightPx: number;
  /** 8 bit, rows without padding; given away. */
  readonly bytes: ArrayBuffer;
  /** What taking it cost, ms. */
  readonly tookMs: number;
};

/** One frame after the worker has had it. */
export type ReadAnswer = {
  readonly kind: "read";
  readonly streamId: number;
  /**
   * What names the frame on both sides: RTP timestamp for frames of a track (the same 32 bits that requestVideoFrameCallback
   * reports), the page's own count for single frames.
   */
  readonly frameKey: number;
  /** When the worker got the frame: ms since the epoch by its own `performance`. */
  readonly arrivedAtMs: number;
  /** Whether it lay ready when the worker asked: only then can frames before it have been dropped for want of room. */
  readonly wasQueued: boolean;
  /** us from its own zero: `VideoFrame.timestamp` for frames of a track, what the page said for single frames. */
  readonly presentationTimeUs: number;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly reading: MarkerReading;
  readonly readMs: number;
};

/** What the reading worker tells the page. */
export type ReadReport =
  /** It runs, the search is loaded, frames may be sent. */
  | { readonly kind: "ready" }
  /** The search cannot be loaded: no marker would ever be found. */
  | { readonly kind: "no-finder"; readonly why: string }
  | ReadAnswer
  | LumaReport
  /** Frames of this track carry no RTP timestamp, so they cannot be matched with display times; it stopped reading them. */
  | { readonly kind: "keyless"; readonly streamId: number };

/** The answer for a frame that the browser gave no pixels for, or that nothing was tried on. */
export function unread(why: UnreadReason): MarkerReading {
  return { read: false, why };
}
