import type { Failure } from "../../../core/failure.ts";
import type { CodecName } from "../../../core/wire/setup.ts";

/** Files that can be made in the page. */
export type FileKind = "mp4" | "webm";

/** What is to be rendered. */
export type RenderPlan = {
  readonly kind: FileKind;
  readonly codec: CodecName;
  /** Scene to draw, or the user's own video to lay the marker over. */
  readonly pictures:
    | { readonly from: "builtin" | "marker"; readonly seed: number }
    | { readonly from: "video"; readonly video: Blob };
  /** Even. A video of another shape stands in the middle of it. */
  readonly widthPx: number;
  /** Even. */
  readonly heightPx: number;
  /** Frames per second of the file; of a video, each frame shows what the video shows at its time. */
  readonly fps: number;
  readonly bitrateKbps: number;
  readonly runNumber: number;
  /** Length asked for; a shorter video ends it earlier. */
  readonly durationS: number;
  /** Capture time that frame 0 carries, epoch us; frame i carries i/fps more. */
  readonly startUs: number;
};

/** What a rendered file is. */
export type RenderFacts = {
  readonly frameCount: number;
  readonly sizeBytes: number;
  /** MIME type with the codec as RFC 6381 writes it. */
  readonly type: string;
};

/** Page to worker: the worker renders one file, then it is done with. */
export type RenderRequest = { readonly type: "render"; readonly plan: RenderPlan };

/** Worker to page. */
export type RenderReply =
  /** Frames done so far; `frameCount` is how many there will be. */
  | { readonly type: "progress"; readonly doneCount: number; readonly frameCount: number }
  | { readonly type: "done"; readonly file: ArrayBuffer; readonly facts: RenderFacts }
  | { readonly type: "failed"; readonly failure: Failure };
