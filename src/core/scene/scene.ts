import type { PictureSize } from "../marker/layout.ts";
import { allAtOnce, type Steps } from "../steps.ts";
import { createCoast } from "./coast.ts";
import { createFractal } from "./fractal.ts";
import { createGrain, paintGrain } from "./grain.ts";
import { createLeaves } from "./leaves.ts";
import { createMountains } from "./mountains.ts";
import type { Materials, Place, Shot } from "./place.ts";
import { neutralChroma, type Planes } from "./planes.ts";
import { hash } from "./random.ts";
import { createSea } from "./sea.ts";

/** Pictures by number. */
export type Scene = {
  /**
   * Paints every byte of the planes. The same frame id gives the same bytes, whatever was painted before.
   * @param frameId integer, 0 or more
   * @param planes of the size the scene was made for
   */
  readonly paint: (frameId: number, planes: Planes) => void;
};

/** What the built-in scene is made from: the same three give the same pictures to the bit on every machine. */
export type SceneOptions = PictureSize & {
  /** Integer, 0 to 999999999. */
  readonly seed: number;
};

/** Frames between cuts, over and over: four to six seconds at 30 frames a second. */
const shotFrameCounts = [150, 132, 174, 144] as const;
const roundFrameCount = 600;

/** Which shot a frame belongs to, counted from 0, and how far into it the frame is. */
export function shotAt(frameId: number): {
  readonly shotIndex: number;
  readonly step: number;
  readonly frameCount: number;
} {
  const round = Math.floor(frameId / roundFrameCount);
  let step = frameId - round * roundFrameCount;
  let inRound = 0;
  for (const frameCount of shotFrameCounts) {
    if (step < frameCount) return { shotIndex: round * shotFrameCounts.length + inRound, step, frameCount };
    step -= frameCount;
    inRound += 1;
  }
  throw new Error("a round is as long as its shots");
}

/** Noise is as fine as the picture: the next power of two above its longer side, so that it does not repeat within it. */
function noiseSide(size: PictureSize): number {
  let side = 256;
  while (side < Math.max(size.widthPx, size.heightPx) * 0.75) side *= 2;
  return side;
}

function* placeSteps(options: SceneOptions): Steps<readonly Place[]> {
  const side = noiseSide(options);
  const rough = createFractal(options.seed * 2 + 1, side, 150);
  yield;
  const materials: Materials = {
    seed: options.seed,
    size: { widthPx: options.widthPx, heightPx: options.heightPx },
    rough,
    smooth: createFractal(options.seed * 2 + 2, side, 118),
  };
  const places: Place[] = [];
  for (const create of [createMountains, createSea, createCoast, createLeaves]) {
    yield;
    places.push(create(materials));
  }
  return places;
}

/**
 * Makes the built-in scene: landscapes with texture at all scales, a travelling camera, things that move, cuts and grain.
 * Takes about a second at 1080p; painting then allocates nothing that grows.
 */
export function createScene(options: SceneOptions): Scene {
  return allAtOnce(sceneSteps(options));
}

/** Makes the same scene in six steps. */
export function* sceneSteps(options: SceneOptions): Steps<Scene> {
  const places = yield* placeSteps(options);
  const grain = createGrain(options.seed);
  const first = hash(options.seed, 0) % places.length;
  return {
    paint: (frameId, planes) => {
      if (planes.widthPx !== options.widthPx || planes.heightPx !== options.heightPx) {
        throw new RangeError(`the scene is ${options.widthPx}x${options.heightPx}, the planes are not`);
      }
      const { shotIndex, step, frameCount } = shotAt(frameId);
      const shot: Shot = { key: hash(options.seed, shotIndex + 1), frameCount };
      places[(first + shotIndex) % places.length]!(planes, shot, step);
      paintGrain(planes, grain, frameId);
    },
  };
}

/** Surround of a marker shown alone: grey, so that a camera exposes for it and the white does not bloom. */
const surroundLuma = 90;

/** A plain ground for the marker alone, to be filmed by a camera. */
export function createPlainScene(): Scene {
  return {
    paint: (_frameId, planes) => {
      planes.luma.fill(surroundLuma);
      planes.bytes.fill(neutralChroma, planes.uStart);
    },
  };
}
