import { type Result, fail, succeed } from "../failure.ts";
import type { PictureSize } from "../marker/layout.ts";
import { allAtOnce, type Steps } from "../steps.ts";
import { type FrameFeatures, type SpatialFeatures, spatialSteps, withMotion } from "./frame-features.ts";
import { type Kernels, putPlane } from "./kernels.ts";

/** Sizes that can be scored. */
export const SMALLEST_SIDE_PX = 32;
/** The longer side may have this many pixels at most. */
export const LARGEST_SIDE_PX = 3840;
/** Pixels that a picture may have at most: 3840 x 2160. */
export const LARGEST_AREA_PX: number = 3840 * 2160;

/** What to measure besides the features of VMAF, PSNR and SSIM. */
export type ScorerOptions = PictureSize & {
  /** Multi-scale SSIM as well; off when not given. */
  readonly withMsSsim?: boolean;
};

/** A frame on its own: luma planes of 8 bit, `widthPx` bytes a row. They are copied and stay the caller's. */
export type FramePair = {
  /** Reference before this one, for motion; null at the start, where motion is 0 by definition. */
  readonly previousReference: Uint8Array | null;
  readonly reference: Uint8Array;
  /** Reference after this one; null at the end, where motion is that to the previous one. */
  readonly nextReference: Uint8Array | null;
  readonly received: Uint8Array;
};

/** Scores frames in any order. Uses the kernels' memory alone; nothing to close. */
export type FrameScorer = {
  /** Throws when a plane is not of the scorer's size. */
  readonly score: (pair: FramePair) => FrameFeatures;
};

/** Scores frames in their order, each reference pushed once. */
export type SequenceScorer = {
  /**
   * Takes the next frame and answers the one before it, whose motion is known only now; null when there was none, or when
   * it was not received. `received` is null for a frame that was never displayed: its reference still moves.
   */
  readonly push: (reference: Uint8Array, received: Uint8Array | null) => FrameFeatures | null;
  /** The same, step by step. Nothing else may be asked of the scorer before the last one. */
  readonly pushSteps: (reference: Uint8Array, received: Uint8Array | null) => Steps<FrameFeatures | null>;
  /** Ends the sequence and answers its last frame. The next push starts another sequence. */
  readonly finish: () => FrameFeatures | null;
};

const PREVIOUS = 0;
const REFERENCE = 1;
const NEXT = 2;
const RECEIVED = 3;

function isScorable({ widthPx, heightPx }: PictureSize): boolean {
  const sides = [widthPx, heightPx];
  return (
    sides.every((side) => Number.isInteger(side) && side >= SMALLEST_SIDE_PX && side <= LARGEST_SIDE_PX) &&
    widthPx * heightPx <= LARGEST_AREA_PX
  );
}

function prepare(kernels: Kernels, size: PictureSize): Result<PictureSize> {
  const { widthPx, heightPx } = size;
  const where = `${widthPx}x${heightPx}`;
  if (!isScorable(size)) {
    return fail({
      kind: "refused-input",
      what: "scoring pictures",
      where,
      next: "Score pictures from 32x32 to 3840x2160 pixels.",
    });
  }
  if (kernels.layout(widthPx, heightPx) === 0) {
    return fail({
      kind: "unsupported",
      what: "taking memory for scoring",
      where,
      next: "Close other pages or score a smaller picture.",
    });
  }
  return succeed({ widthPx, heightPx });
}

/**
 * Makes a scorer of frames in any order over an instance of the kernels, which then serves this scorer alone.
 * Fails when the size is out of bounds or memory is short.
 */
export function createFrameScorer(kernels: Kernels, options: ScorerOptions): Result<FrameScorer> {
  const prepared = prepare(kernels, options);
  if (!prepared.ok) return prepared;
  const size = prepared.value;
  const put = (slot: number, plane: Uint8Array): void => putPlane(kernels, slot, plane, size);
  const motionTo = (slot: number, plane: Uint8Array): number => {
    put(slot, plane);
    return kernels.motion(slot, REFERENCE);
  };
  return succeed({
    score: ({ previousReference, reference, nextReference, received }) => {
      put(REFERENCE, reference);
      put(RECEIVED, received);
      const slots = { reference: REFERENCE, received: RECEIVED };
      const spatial = allAtOnce(spatialSteps(kernels, size, slots, options.withMsSsim === true));
      if (previousReference === null) return withMotion(spatial, 0);
      const before = motionTo(PREVIOUS, previousReference);
      return withMotion(
        spatial,
        nextReference === null ? before : Math.min(before, motionTo(NEXT, nextReference)),
      );
    },
  });
}

/**
 * Makes a scorer of frames in order over an instance of the kernels, which then serves this scorer alone.
 * Fails when the size is out of bounds or memory is short.
 */
export function createSequenceScorer(kernels: Kernels, options: ScorerOptions): Result<SequenceScorer> {
  const prepared = prepare(kernels, options);
  if (!prepared.ok) return prepared;
  const size = prepared.value;
  let pushedCount = 0;
  let pending: SpatialFeatures | null = null;
  let lastMotion = 0;

  const complete = (motion2: number): FrameFeatures | null =>
    pending === null ? null : withMotion(pending, motion2);

  function* pushSteps(reference: Uint8Array, received: Uint8Array | null): Steps<FrameFeatures | null> {
    // Two slots take turns for the reference; the one not written still holds the frame before.
    const slot = pushedCount % 2;
    putPlane(kernels, slot, reference, size);
    const motion = pushedCount === 0 ? 0 : kernels.motion(1 - slot, slot);
    const answer = complete(pushedCount < 2 ? 0 : Math.min(lastMotion, motion));
    lastMotion = motion;
    pushedCount += 1;
    pending = null;
    if (received === null) return answer;
    yield;
    putPlane(kernels, RECEIVED, received, size);
    const slots = { reference: slot, received: RECEIVED };
    pending = yield* spatialSteps(kernels, size, slots, options.withMsSsim === true);
    return answer;
  }

  return succeed({
    push: (reference, received) => allAtOnce(pushSteps(reference, received)),
    pushSteps,
    finish: () => {
      const answer = complete(lastMotion);
      pushedCount = 0;
      pending = null;
      lastMotion = 0;
      return answer;
    },
  });
}
