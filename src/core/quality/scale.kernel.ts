import type { ScaleFilter } from "./scale-filter.ts";

/** Filters one row of 8-bit samples along, to 15 bits, as swscale's hScale8To15 does. */
export function scaleAlong(
  source: Uint8Array,
  sourceStart: number,
  filter: ScaleFilter,
  target: Int16Array,
  targetStart: number,
): void {
  const { tapCount, places, weights } = filter;
  for (let x = 0, at = 0; x < places.length; x += 1) {
    const from = sourceStart + places[x]!;
    let sum = 0;
    for (let tap = 0; tap < tapCount; tap += 1, at += 1) sum += source[from + tap]! * weights[at]!;
    target[targetStart + x] = Math.min(sum >> 7, 32767);
  }
}

/** Filters rows of 15 bits down into one row of 8-bit samples, rounded to nearest, as swscale's yuv2planeX does. */
export function scaleDown(
  rows: Int16Array,
  widthPx: number,
  filter: ScaleFilter,
  row: number,
  sums: Int32Array,
  target: Uint8ClampedArray,
): void {
  const { tapCount, places, weights } = filter;
  sums.fill(1 << 18);
  for (let tap = 0; tap < tapCount; tap += 1) {
    const weight = weights[row * tapCount + tap]!;
    const from = (places[row]! + tap) * widthPx;
    for (let x = 0; x < widthPx; x += 1) sums[x] = sums[x]! + rows[from + x]! * weight;
  }
  const to = row * widthPx;
  for (let x = 0; x < widthPx; x += 1) target[to + x] = sums[x]! >> 19;
}
