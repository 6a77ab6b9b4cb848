import { grainPeak } from "./grain.ts";
import { whiteLuma } from "./planes.ts";

/** A colour as luma and chroma, limited range. */
export type Yuv = { readonly y: number; readonly u: number; readonly v: number };

/** Brightest luma a scene paints itself: grain comes on top. */
export const peakLuma: number = whiteLuma - grainPeak;

/** Converts `0xRRGGBB` by BT.709 (ITU-R BT.709-6, 3.4 and 3.5) in whole numbers, luma leaving room for grain. */
export function toYuv(rgb: number): Yuv {
  const red = rgb >> 16;
  const green = (rgb >> 8) & 255;
  const blue = rgb & 255;
  return {
    y: 16 + (((((47 * red + 157 * green + 16 * blue) >> 8) * (peakLuma - 16)) / 219) | 0),
    u: 128 + ((-26 * red - 86 * green + 112 * blue) >> 8),
    v: 128 + ((112 * red - 102 * green - 10 * blue) >> 8),
  };
}

/** From `one` (share 0) to `other` (share 256). */
export function mix(one: number, other: number, share256: number): number {
  return one + (((other - one) * share256) >> 8);
}

/** Between two colours, as `mix`. */
export function mixYuv(one: Yuv, other: Yuv, share256: number): Yuv {
  return {
    y: mix(one.y, other.y, share256),
    u: mix(one.u, other.u, share256),
    v: mix(one.v, other.v, share256),
  };
}

/** Keeps a value between two bounds. */
export function clamp(value: number, low: number, high: number): number {
  return value < low ? low : Math.min(value, high);
}

/** A luma that a scene may paint. */
export function clampLuma(value: number): number {
  return clamp(value, 16, peakLuma);
}

/** `count` colours evenly along the given stops, from the first to the last. */
export function createGradient(stops: readonly number[], count: number): readonly Yuv[] {
  const colours = stops.map(toYuv);
  return Array.from({ length: count }, (_, index) => {
    const place = Math.floor((index * (colours.length - 1) * 256) / count);
    return mixYuv(colours[place >> 8]!, colours[(place >> 8) + 1]!, place & 255);
  });
}
