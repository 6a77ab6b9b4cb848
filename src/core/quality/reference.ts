import { drawMarker } from "../marker/draw.ts";
import { layoutMarker, layoutMarkerAlone, type PictureSize } from "../marker/layout.ts";
import type { Marker } from "../marker/payload.ts";
import { createPlanes, type Planes } from "../scene/planes.ts";
import { createPlainScene, sceneSteps } from "../scene/scene.ts";
import { allAtOnce, type Steps } from "../steps.ts";

/** What a sender's pictures were made from; with the marker of a frame it gives the frame again to the bit. */
export type SceneReference = PictureSize & {
  /** The built-in scene, or the marker alone on grey. */
  readonly scene: "builtin" | "marker";
  /** Integer, 0 to 999999999. */
  readonly seed: number;
};

/** Makes reference pictures again. Keeps its working memory; nothing to close. */
export type ReferenceMaker = {
  /** The luma of a frame as it was handed to the encoder, marker and digits included: a copy, the caller's to keep. */
  readonly luma: (marker: Marker) => Uint8Array<ArrayBuffer>;
  /** The whole picture, I420, limited range, BT.709; valid until asked again. */
  readonly planes: (marker: Marker) => Planes;
};

/** Makes a maker of references. Takes about a second at 1080p. The size must be one that senders have. */
export function createReferenceMaker(reference: SceneReference): ReferenceMaker {
  return allAtOnce(referenceMakerSteps(reference));
}

/** Makes the same maker step by step. */
export function* referenceMakerSteps({
  scene,
  seed,
  widthPx,
  heightPx,
}: SceneReference): Steps<ReferenceMaker> {
  const size = { widthPx, heightPx };
  const isAlone = scene === "marker";
  const painter = isAlone ? createPlainScene() : yield* sceneSteps({ ...size, seed });
  const layout = isAlone ? layoutMarkerAlone(size) : layoutMarker(size);
  const planes = createPlanes(size);
  const paint = (marker: Marker): Planes => {
    painter.paint(marker.frameId, planes);
    drawMarker(planes, layout, marker);
    return planes;
  };
  return { luma: (marker) => paint(marker).luma.slice(), planes: paint };
}
