// Memory for one picture size, laid out once. Nothing is allocated while frames are scored.

/** Floats kept free before sample 0 of a row buffer, for mirrored edges. */
export const PAD: i32 = 16;
/** Rows the ring of converted samples holds; more than the 17 of the widest kernel. */
export const RING_ROWS: i32 = 32;
/** Levels of halved pictures below the full one. */
const LEVELS: i32 = 4;
/** Row buffers that a kernel may use. */
const ROW_BUFFERS: i32 = 28;

/** Size of the pictures. */
export let width: i32 = 0;
export let height: i32 = 0;

/** Bytes from one row buffer to the next. */
export let rowBytes: usize = 0;
/** The ring of converted rows: reference and received side by side. */
export let ring: usize = 0;

let planes: usize = 0;
let planeBytes: usize = 0;
let rows: usize = 0;
const levelBase: usize = memory.data(LEVELS * 4, 16);

// @ts-ignore: decorator
@inline
function aligned(bytes: usize): usize {
  return (bytes + 63) & ~63;
}

/** Samples across, or down, of the picture halved `level` times, rounded up. */
// @ts-ignore: decorator
@inline
export function halved(size: i32, level: i32): i32 {
  return (size + (1 << level) - 1) >> level;
}

/** Bytes from a row of a level to its next: reference row, then received row. */
export function levelPair(level: i32): usize {
  return aligned(<usize>(halved(width, level) + 2 * PAD) << 2) << 1;
}

/** Lays out memory for pictures of this size. Bytes in use, or 0 where they cannot be had. */
export function layOut(w: i32, h: i32): usize {
  width = w;
  height = h;
  let at = aligned(__heap_base);
  planes = at;
  planeBytes = aligned(<usize>w * <usize>h + 64);
  at += 4 * planeBytes;
  ring = at;
  rowBytes = aligned(<usize>(w + 3 * PAD) << 2) + 64;
  at += <usize>(RING_ROWS * 2) * rowBytes;
  rows = at;
  at += <usize>ROW_BUFFERS * rowBytes;
  for (let level = 1; level <= LEVELS; level++) {
    store<usize>(levelBase + ((level - 1) << 2), at);
    at += levelPair(level) * <usize>halved(h, level) + 64;
  }
  const pages = <i32>((at + 0xffff) >> 16) - memory.size();
  if (pages > 0 && memory.grow(pages) < 0) return 0;
  return at;
}

/** The luma plane of a slot 0..3: `width` bytes a row, no padding between rows. */
export function planeAt(slot: i32): usize {
  return planes + <usize>slot * planeBytes;
}

/** Sample 0 of a row buffer; PAD floats before it and as many after the row are free as well. */
// @ts-ignore: decorator
@inline
export function rowAt(index: i32): usize {
  return rows + <usize>index * rowBytes + (PAD << 2);
}

/** Sample 0 of row 0 of a halved picture. */
export function levelAt(level: i32): usize {
  return load<usize>(levelBase + ((level - 1) << 2));
}
