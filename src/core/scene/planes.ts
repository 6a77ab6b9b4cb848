import type { PictureSize } from "../marker/layout.ts";

/**
 * A picture as I420, limited range, BT.709: luma, then U, then V in one buffer without gaps, as `VideoFrame` takes it.
 * Both sides even, so chroma has half of each. Made once and painted over, never allocated per frame.
 */
export type Planes = PictureSize & {
  /** The whole picture: `widthPx * heightPx * 3 / 2` bytes. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** The same bytes four at a time, for the painters. */
  readonly words: Int32Array<ArrayBuffer>;
  /** Views of `bytes`. */
  readonly luma: Uint8Array<ArrayBuffer>;
  readonly u: Uint8Array<ArrayBuffer>;
  readonly v: Uint8Array<ArrayBuffer>;
  /** Where U and V begin in `bytes`. */
  readonly uStart: number;
  readonly vStart: number;
};

/** Darkest luma of limited range (ITU-R BT.709). */
export const blackLuma = 16;
/** Brightest luma of limited range. */
export const whiteLuma = 235;
/** Chroma without colour. */
export const neutralChroma = 128;

/**
 * Makes black planes.
 * @param size even numbers; odd ones are a bug and throw
 */
export function createPlanes(size: PictureSize): Planes {
  const { widthPx, heightPx } = size;
  if (widthPx % 2 !== 0 || heightPx % 2 !== 0) {
    throw new RangeError(`I420 needs even sides, not ${widthPx}x${heightPx}`);
  }
  const uStart = widthPx * heightPx;
  const vStart = uStart + uStart / 4;
  const buffer = new ArrayBuffer(uStart + uStart / 2);
  const bytes = new Uint8Array(buffer);
  bytes.fill(blackLuma, 0, uStart);
  bytes.fill(neutralChroma, uStart);
  return {
    widthPx,
    heightPx,
    bytes,
    words: new Int32Array(buffer, 0, Math.floor(buffer.byteLength / 4)),
    luma: bytes.subarray(0, uStart),
    u: bytes.subarray(uStart, vStart),
    v: bytes.subarray(vStart),
    uStart,
    vStart,
  };
}
