import { drawMarker } from "../../core/marker/draw.ts";
import { layoutMarker, layoutMarkerAlone, type PictureSize } from "../../core/marker/layout.ts";
import type { Marker } from "../../core/marker/payload.ts";
import { createPlanes, type Planes } from "../../core/scene/planes.ts";
import { createPlainScene, createScene } from "../../core/scene/scene.ts";
import type { DrawPlan } from "./draw.protocol.ts";

/** Makes pictures in steps, so that little is left to do once a frame's capture time is taken. */
export type PictureMaker = {
  /** Does what does not depend on the capture time; resolves when it is done, where that takes waiting. */
  readonly prepare: (frameId: number) => void | Promise<void>;
  /**
   * Lays the picture of this moment, once the frame is due and just before its capture time is taken. Absent where `prepare` has
   * done so: pictures that are painted for their frame id do not age.
   */
  readonly lay?: () => void;
  /**
   * Draws the marker over what was prepared.
   * @param timestampUs media clock of the frame, us from any zero
   * @returns the finished frame, to be closed by whoever takes it
   */
  readonly finish: (marker: Marker, timestampUs: number) => VideoFrame;
  readonly close: () => void;
};

/** Limited-range BT.709, as core paints it (ITU-R BT.709; names of W3C WebCodecs, VideoColorSpaceInit). */
export const bt709: VideoColorSpaceInit = {
  primaries: "bt709",
  transfer: "bt709",
  matrix: "bt709",
  fullRange: false,
};

/** A frame of planes as they are. To be closed by whoever takes it. */
export function toFrame(
  { bytes }: Planes,
  { widthPx, heightPx }: PictureSize,
  timestampUs: number,
  colorSpace: VideoColorSpaceInit,
): VideoFrame {
  return new VideoFrame(bytes, {
    format: "I420",
    codedWidth: widthPx,
    codedHeight: heightPx,
    timestamp: timestampUs,
    colorSpace,
  });
}

/** Paints the built-in scene, or the marker alone, as planes that the encoder takes as they are. */
export function createPaintedMaker(plan: DrawPlan): PictureMaker {
  const { widthPx, heightPx, seed } = plan;
  const size = { widthPx, heightPx };
  const isAlone = plan.scene === "marker";
  const scene = isAlone ? createPlainScene() : createScene({ ...size, seed });
  const layout = isAlone ? layoutMarkerAlone(size) : layoutMarker(size);
  const planes = createPlanes(size);
  return {
    prepare: (frameId) => scene.paint(frameId, planes),
    finish: (marker, timestampUs) => {
      drawMarker(planes, layout, marker);
      return toFrame(planes, size, timestampUs, bt709);
    },
    close: () => undefined,
  };
}
