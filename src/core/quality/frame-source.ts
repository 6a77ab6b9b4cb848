import type { Failure } from "../failure.ts";
import type { Marker } from "../marker/payload.ts";
import type { LumaPlane } from "../marker/sample.kernel.ts";
import type { VideoFacts } from "./video-facts.ts";

/** One decoded frame. The luma is the taker's to keep. */
export type DecodedFrame = {
  /** Counts up from 0 in the order of display. */
  readonly index: number;
  readonly luma: LumaPlane;
  /** Null where no marker was looked for or none was read. */
  readonly marker: Marker | null;
};

/** How a source ended. */
export type SourceEnd = {
  /** Null where it was decoded to its end. */
  readonly failure: Failure | null;
  /** What was wrong with it on the way, in the user's words; damage that a decoder worked around. */
  readonly notes: readonly string[];
};

/** Decoded frames of one video in the order of display. Whoever opened it closes it. */
export type FrameSource = {
  /** The file's name, or what stands for one. */
  readonly name: string;
  readonly facts: VideoFacts;
  /** The files it is made of, in order, where they are several; `facts` are then those of the first, counts and lengths of all. */
  readonly parts?: readonly { readonly name: string; readonly facts: VideoFacts }[];
  /** What decodes it, such as `ffmpeg 5.1.9` or `WebCodecs`; may change when one decoder gives up and another takes over. */
  readonly decoder: () => string;
  /** The next frame; null after the last one, however often it is asked. One call at a time. Rejects when the reading is aborted. */
  readonly next: () => Promise<DecodedFrame | null>;
  /** To be asked after `next` was null. */
  readonly end: () => SourceEnd;
  readonly close: () => void;
};
