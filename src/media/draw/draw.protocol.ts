import type { Failure } from "../../core/failure.ts";
import type { SceneKind } from "../../core/wire/setup.ts";
import type { PaceReport } from "./pace.shared.ts";

/** What the worker is to draw. */
export type DrawPlan = {
  readonly scene: SceneKind;
  readonly seed: number;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly fps: number;
  readonly runNumber: number;
  /** Every finished picture waits so long before it is handed over, ms. */
  readonly holdMs: number;
};

/**
 * Page to worker. `sink` takes finished frames without the page seeing them; null: they come back as `frame`. `pictures` are
 * what the marker is drawn over; null: they are asked for by `want`, where the scene needs any. `clip` gives the
 * pictures of a file by frame id (`ClipWish`, `ClipGiven`); null where the scene is none, or its file is just played. The side that receives a
 * frame or picture closes it.
 */
export type DrawRequest =
  | {
      readonly type: "start";
      readonly plan: DrawPlan;
      readonly sink: WritableStream<VideoFrame> | null;
      readonly pictures: ReadableStream<VideoFrame> | null;
      readonly clip: MessagePort | null;
    }
  | { readonly type: "picture"; readonly picture: ImageBitmap | null };

/** Worker to page. */
export type DrawReply =
  /** The first frame was handed over. */
  | { readonly type: "started" }
  | { readonly type: "want" }
  | { readonly type: "frame"; readonly frame: VideoFrame }
  | { readonly type: "pace"; readonly pace: PaceReport }
  | { readonly type: "failed"; readonly failure: Failure };
