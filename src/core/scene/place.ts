import type { PictureSize } from "../marker/layout.ts";
import type { Fractal } from "./fractal.ts";
import type { Planes } from "./planes.ts";

/** One stretch between two cuts. */
export type Shot = {
  /** Random bits of this shot: which way it pans, where things fly. */
  readonly key: number;
  readonly frameCount: number;
};

/** What a place is made from. */
export type Materials = {
  readonly seed: number;
  readonly size: PictureSize;
  /** Rough noise, for ground. */
  readonly rough: Fractal;
  /** Smooth noise, for clouds and water. */
  readonly smooth: Fractal;
};

/**
 * A place that shots are taken of. Paints every byte of the planes, from shot and step alone.
 * @param step frames since the shot began
 */
export type Place = (planes: Planes, shot: Shot, step: number) => void;

/** How far a camera has travelled, quarters of a pixel: 0 to `4 * travelPx` over a shot, or back where the key says so. */
export function travelled(shot: Shot, step: number, travelPx: number): number {
  const quarters = Math.floor((4 * travelPx * step) / shot.frameCount);
  return (shot.key & 1) === 0 ? quarters : 4 * travelPx - quarters;
}
