import type { PictureSize } from "../marker/layout.ts";
import { createScaleFilter } from "./scale-filter.ts";
import { scaleAlong, scaleDown } from "./scale.kernel.ts";

/** How pictures of another size are brought to the reference's; goes with results that needed it. */
export const scaleLabel = "bicubic, as ffmpeg's swscale defines it (flags=bicubic+accurate_rnd)";

/** Brings luma planes from one size to another; keeps its working memory and needs no closing. */
export type Scaler = {
  /** How it scales, for results. */
  readonly label: string;
  /** Scales `source` into `target`, rows without padding in both. Throws when either is not of its size. */
  readonly scale: (source: Uint8Array, target: Uint8Array) => void;
};

function requireSize(plane: Uint8Array, { widthPx, heightPx }: PictureSize): void {
  if (plane.length === widthPx * heightPx) return;
  throw new Error(`a luma plane of ${plane.length} samples where ${widthPx * heightPx} are due`);
}

/**
 * Makes a scaler of 8-bit luma: swscale's bicubic in whole numbers, first along to 15 bits, then down, rounded to nearest.
 */
export function createScaler(from: PictureSize, to: PictureSize): Scaler {
  const along = createScaleFilter(from.widthPx, to.widthPx, 2 ** 14);
  const down = createScaleFilter(from.heightPx, to.heightPx, 2 ** 12);
  const rows = new Int16Array(from.heightPx * to.widthPx);
  const sums = new Int32Array(to.widthPx);
  return {
    label: scaleLabel,
    scale: (source, target) => {
      requireSize(source, from);
      requireSize(target, to);
      for (let y = 0; y < from.heightPx; y += 1) {
        scaleAlong(source, y * from.widthPx, along, rows, y * to.widthPx);
      }
      const clamped = new Uint8ClampedArray(target.buffer, target.byteOffset, target.length);
      for (let y = 0; y < to.heightPx; y += 1) scaleDown(rows, to.widthPx, down, y, sums, clamped);
    },
  };
}
