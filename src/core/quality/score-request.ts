import type { Marker } from "../marker/payload.ts";
import type { LumaPlane } from "../marker/sample.kernel.ts";
import type { FrameFeatures } from "./frame-features.ts";
import type { SceneReference } from "./reference.ts";

/**
 * The references of successive frames. Motion compares each with its neighbours, so the one before the first and the one after
 * the last are given too; null where the sequence begins or ends.
 */
export type References =
  | {
      readonly kind: "pictures";
      readonly before: LumaPlane | null;
      /** All of one size, the size that is scored. */
      readonly frames: readonly LumaPlane[];
      readonly after: LumaPlane | null;
    }
  | {
      /** Painted again by the scorer. Where a neighbour's capture time is not known, one that is likely will do. */
      readonly kind: "scene";
      readonly scene: SceneReference;
      readonly before: Marker | null;
      readonly frames: readonly Marker[];
      readonly after: Marker | null;
    };

/** Successive frames to be scored; a single one is a sequence of one. */
export type ScoreRequest = {
  readonly references: References;
  /** As many as there are references, of any size each; null for a frame that is not to be scored. */
  readonly received: readonly (LumaPlane | null)[];
  /** Multi-scale SSIM as well. */
  readonly withMsSsim: boolean;
  /** Part of one core that may be taken, over 0 to 1: the scorer rests between its steps. Not given: all of it. */
  readonly shareRatio?: number;
};

/** Which build of the kernels runs. */
export type KernelKind = "simd" | "scalar";

/** What came of a request. */
export type ScoreAnswer = {
  /** In the order of the request; null where nothing was received. */
  readonly frames: readonly (FrameFeatures | null)[];
  /** How received pictures of another size were scaled; null where none was. */
  readonly scaledBy: string | null;
  /** Time in the scorer, ms: painting, scaling, scoring; rests are not in it. */
  readonly tookMs: number;
  readonly kernels: KernelKind;
};
