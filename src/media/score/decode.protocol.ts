import type { Failure, Result } from "../../core/failure.ts";
import type { DecodedFrame } from "../../core/quality/frame-source.ts";
import type { LumaTarget, VideoFacts } from "../../core/quality/video-facts.ts";

/** What is to decode a video: the browser where it does so exactly, else ffmpeg.wasm; or one of them alone. */
export type DecoderChoice = "auto" | "webcodecs" | "ffmpeg";

/** Whether markers are read: in every frame, in every frame if the first ones show any, or not at all. */
export type MarkerReadingWish = "always" | "if-shown" | "never";

/** Where the files of what is loaded on demand are; absolute URLs. */
export type DecodeUrls = {
  readonly finderWasm: string;
  readonly ffmpegScript: string;
  readonly ffmpegWasm: string;
};

/** Page to worker: `open`, then `decode`, once each; `more` for every frame that was taken. */
export type DecodeRequest =
  | {
      readonly kind: "open";
      readonly file: File;
      readonly choice: DecoderChoice;
      readonly urls: DecodeUrls;
    }
  | {
      readonly kind: "decode";
      /** What ffmpeg.wasm scales to; the browser's frames come as large as they are. */
      readonly target: LumaTarget;
      readonly markers: MarkerReadingWish;
      /** Frames that may be on their way at once. */
      readonly roomCount: number;
    }
  | { readonly kind: "more" };

/** Worker to page. */
export type DecodeReport =
  | { readonly kind: "opened"; readonly facts: Result<VideoFacts>; readonly decoder: string }
  | { readonly kind: "frame"; readonly frame: DecodedFrame }
  /** Another decoder took over. */
  | { readonly kind: "decoder"; readonly decoder: string }
  | { readonly kind: "end"; readonly failure: Failure | null; readonly notes: readonly string[] };
