import type { LumaPlane } from "./sample.kernel.ts";

/**
 * Enlarges a plane by a whole factor, bilinear: finder patterns of a few pixels become large enough for run lengths to be told
 * apart.
 */
export function enlarge(plane: LumaPlane, factor: number): LumaPlane {
  const { data, strideBytes } = plane;
  const widthPx = plane.widthPx * factor;
  const heightPx = plane.heightPx * factor;
  const out = new Uint8Array(widthPx * heightPx);
  for (let y = 0; y < heightPx; y += 1) {
    const fromY = Math.min(Math.max((y + 0.5) / factor - 0.5, 0), plane.heightPx - 1);
    const top = fromY | 0;
    const below = top + 1 < plane.heightPx ? strideBytes : 0;
    const fy = fromY - top;
    for (let x = 0; x < widthPx; x += 1) {
      const fromX = Math.min(Math.max((x + 0.5) / factor - 0.5, 0), plane.widthPx - 1);
      const left = fromX | 0;
      const right = left + 1 < plane.widthPx ? 1 : 0;
      const at = top * strideBytes + left;
      const fx = fromX - left;
      const upper = data[at]! + (data[at + right]! - data[at]!) * fx;
      const lower = data[at + below]! + (data[at + below + right]! - data[at + below]!) * fx;
      out[y * widthPx + x] = upper + (lower - upper) * fy + 0.5;
    }
  }
  return { data: out, widthPx, heightPx, strideBytes: widthPx };
}

/** Makes a plane smaller by a whole factor: each pixel is the mean of `factor` squared; what does not fill one is dropped. */
export function reduce(plane: LumaPlane, factor: number): LumaPlane {
  const widthPx = Math.floor(plane.widthPx / factor);
  const heightPx = Math.floor(plane.heightPx / factor);
  const out = new Uint8Array(widthPx * heightPx);
  for (let y = 0; y < heightPx; y += 1) {
    for (let x = 0; x < widthPx; x += 1) {
      let sum = 0;
      for (let dy = 0; dy < factor; dy += 1) {
        const line = (y * factor + dy) * plane.strideBytes + x * factor;
        for (let dx = 0; dx < factor; dx += 1) sum += plane.data[line + dx]!;
      }
      out[y * widthPx + x] = sum / (factor * factor);
    }
  }
  return { data: out, widthPx, heightPx, strideBytes: widthPx };
}

/**
 * Luma of pixels that hold red, green and blue in some order, 4 bytes each, full range (ITU-R BT.709 weights).
 * @param red,green,blue place of each within a pixel's 4 bytes
 */
export function lumaOfPixels(
  pixels: Uint8Array | Uint8ClampedArray,
  count: number,
  red: number,
  green: number,
  blue: number,
): Uint8Array {
  const out = new Uint8Array(count);
  for (let index = 0; index < count; index += 1) {
    const at = index * 4;
    out[index] = (54 * pixels[at + red]! + 183 * pixels[at + green]! + 19 * pixels[at + blue]! + 128) >> 8;
  }
  return out;
}
