import { clipTimeUs } from "../../core/clip/clip.ts";
import { createClipPainter } from "../../core/clip/paint.ts";
import { createPlanes, type Planes } from "../../core/scene/planes.ts";
import type { ClipPlan } from "./clip.protocol.ts";
import type { ClipReader } from "./reader.shared.ts";

/** Frames of a plan without their markers. */
export type PaintedClip = {
  /** The planes stay as they are until asked again. One call at a time. */
  readonly planesOf: (
    frameId: number,
  ) => Promise<{ readonly planes: Planes; readonly colorSpace: VideoColorSpaceInit }>;
};

/** Paints the frames of a plan out of an open file. A picture that several frames show is painted once. */
export function createPaintedClip(reader: ClipReader, plan: ClipPlan): PaintedClip {
  const { widthPx, heightPx, fps, times } = plan;
  const planes = createPlanes({ widthPx, heightPx });
  const paint = createClipPainter();
  let painted: { readonly shownAtUs: number; readonly colorSpace: VideoColorSpaceInit } | null = null;
  return {
    planesOf: async (frameId) => {
      const { picture, colorSpace, shownAtUs } = await reader.pictureAt(clipTimeUs(times, frameId, fps));
      if (painted?.shownAtUs !== shownAtUs) {
        painted = null;
        paint(picture, planes);
        painted = { shownAtUs, colorSpace };
      }
      return { planes, colorSpace };
    },
  };
}
