import type { Planes } from "./planes.ts";

/** A square picture without seams, seen from above; side a power of two. */
export type Carpet = {
  readonly side: number;
  readonly luma: Uint8Array;
  /** Of half the side: U in the low byte, V in the high one. */
  readonly chroma: Uint16Array;
};

/** Where the frame lies on a carpet, 65536ths of a carpet pixel. */
export type View = {
  readonly centreU: number;
  readonly centreV: number;
  /** One frame pixel to the right on the carpet. */
  readonly stepU: number;
  readonly stepV: number;
};

/** Where a row of the plane begins on the carpet, along the one axis or the other. */
function rowStart(
  centre: number,
  alongStep: number,
  downStep: number,
  halfWidth: number,
  down: number,
): number {
  return (centre - halfWidth * alongStep + down * downStep) | 0;
}

/** Paints `count` luma pixels of a row: four at a time, written as one word, takes half as long as byte by byte. */
function paintLumaRow(
  planes: Planes,
  start: number,
  count: number,
  texture: Uint8Array,
  side: number,
  uStart: number,
  vStart: number,
  stepU: number,
  stepV: number,
): void {
  const { bytes, words } = planes;
  const sideBits = 31 - Math.clz32(side);
  const mask = side - 1;
  const rows = mask << sideBits;
  const shift = 16 - sideBits;
  const end = start + count;
  let to = start;
  let u = uStart;
  let v = vStart;
  for (const wordsFrom = Math.min(end, (start + 3) & ~3); to < wordsFrom; to += 1) {
    bytes[to] = texture[((v >> shift) & rows) | ((u >> 16) & mask)]!;
    u = (u + stepU) | 0;
    v = (v + stepV) | 0;
  }
  const lastWord = end >> 2;
  for (let word = (to + 3) >> 2; word < lastWord; word += 1) {
    const first = texture[((v >> shift) & rows) | ((u >> 16) & mask)]!;
    u = (u + stepU) | 0;
    v = (v + stepV) | 0;
    const second = texture[((v >> shift) & rows) | ((u >> 16) & mask)]!;
    u = (u + stepU) | 0;
    v = (v + stepV) | 0;
    const third = texture[((v >> shift) & rows) | ((u >> 16) & mask)]!;
    u = (u + stepU) | 0;
    v = (v + stepV) | 0;
    const fourth = texture[((v >> shift) & rows) | ((u >> 16) & mask)]!;
    u = (u + stepU) | 0;
    v = (v + stepV) | 0;
    words[word] = first | (second << 8) | (third << 16) | (fourth << 24);
  }
  for (to = Math.max(to, end & ~3); to < end; to += 1) {
    bytes[to] = texture[((v >> shift) & rows) | ((u >> 16) & mask)]!;
    u = (u + stepU) | 0;
    v = (v + stepV) | 0;
  }
}

/**
 * Paints `count` chroma pixels of a row, U and V from one look at the carpet.
 * @param uTo where the row begins in U, in bytes of the picture; `vTo` likewise
 */
function paintChromaRow(
  planes: Planes,
  uTo: number,
  vTo: number,
  count: number,
  texture: Uint16Array,
  side: number,
  uStart: number,
  vStart: number,
  stepU: number,
  stepV: number,
): void {
  const { bytes, words } = planes;
  const sideBits = 31 - Math.clz32(side);
  const mask = side - 1;
  const rows = mask << sideBits;
  const shift = 16 - sideBits;
  let u = uStart;
  let v = vStart;
  let index = 0;
  if (((uTo | vTo) & 3) === 0) {
    for (; index + 4 <= count; index += 4) {
      const first = texture[((v >> shift) & rows) | ((u >> 16) & mask)]!;
      u = (u + stepU) | 0;
      v = (v + stepV) | 0;
      const second = texture[((v >> shift) & rows) | ((u >> 16) & mask)]!;
      u = (u + stepU) | 0;
      v = (v + stepV) | 0;
      const third = texture[((v >> shift) & rows) | ((u >> 16) & mask)]!;
      u = (u + stepU) | 0;
      v = (v + stepV) | 0;
      const fourth = texture[((v >> shift) & rows) | ((u >> 16) & mask)]!;
      u = (u + stepU) | 0;
      v = (v + stepV) | 0;
      const left = first | (second << 16);
      const right = third | (fourth << 16);
      words[(uTo + index) >> 2] =
        (left & 0xff) | ((left >>> 8) & 0xff00) | ((right & 0xff) << 16) | ((right << 8) & 0xff000000);
      words[(vTo + index) >> 2] =
        ((left >>> 8) & 0xff) | ((left >>> 16) & 0xff00) | ((right << 8) & 0xff0000) | (right & 0xff000000);
    }
  }
  for (; index < count; index += 1) {
    const here = texture[((v >> shift) & rows) | ((u >> 16) & mask)]!;
    bytes[uTo + index] = here & 255;
    bytes[vTo + index] = here >> 8;
    u = (u + stepU) | 0;
    v = (v + stepV) | 0;
  }
}

/** Paints the carpet turned and zoomed, each pixel the nearest one of the carpet. */
export function paintCarpet(planes: Planes, carpet: Carpet, view: View): void {
  const { widthPx, heightPx, uStart, vStart } = planes;
  const stepU = view.stepU | 0;
  const stepV = view.stepV | 0;
  const halfWidth = widthPx >> 1;
  const halfHeight = heightPx >> 1;
  for (let y = 0; y < heightPx; y += 1) {
    const u = rowStart(view.centreU, stepU, -stepV, halfWidth, y - halfHeight);
    const v = rowStart(view.centreV, stepV, stepU, halfWidth, y - halfHeight);
    paintLumaRow(planes, y * widthPx, widthPx, carpet.luma, carpet.side, u, v, stepU, stepV);
    if ((y & 1) !== 0) continue;
    const to = (y >> 1) * halfWidth;
    const side = carpet.side >> 1;
    paintChromaRow(
      planes,
      uStart + to,
      vStart + to,
      halfWidth,
      carpet.chroma,
      side,
      u >> 1,
      v >> 1,
      stepU,
      stepV,
    );
  }
}
