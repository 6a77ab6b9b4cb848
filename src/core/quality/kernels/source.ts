// The pair of pictures that a kernel reads row by row: the planes themselves, converted as they are
// needed into a ring that stays in cache, or a halved picture in memory.
import { RING_ROWS, height, levelAt, levelPair, ring, rowBytes, width } from "./arena";
import { centred, sub } from "./lanes";

let base: usize = 0;
let pair: usize = 0;
let mask: i32 = 0;
let reference: usize = 0;
let received: usize = 0;
let ready: i32 = 0;

/** Size of the picture being read. */
export let acrossCount: i32 = 0;
export let downCount: i32 = 0;
/** Bytes from a reference sample to the received one. */
export let toReceived: usize = 0;

/** Reads the 8-bit planes at these addresses. */
export function openPlanes(ref: usize, dist: usize): void {
  reference = ref;
  received = dist;
  base = ring;
  toReceived = rowBytes;
  pair = rowBytes << 1;
  mask = RING_ROWS - 1;
  ready = 0;
  acrossCount = width;
  downCount = height;
}

/** Reads a halved picture of this size. */
export function openLevel(level: i32, across: i32, down: i32): void {
  base = levelAt(level);
  pair = levelPair(level);
  toReceived = pair >> 1;
  mask = -1;
  ready = down;
  acrossCount = across;
  downCount = down;
}

// @ts-ignore: decorator
@inline
function convert<V>(from: usize, to: usize): void {
  for (let x = 0; x < acrossCount; x += <i32>(sizeof<V>() >> 2)) {
    store<V>(to + (<usize>x << 2), centred<V>(from + x));
  }
}

/** Makes rows up to this one readable; at most RING_ROWS - 1 rows back stay so. */
export function ensure<V>(row: i32): void {
  while (ready <= row) {
    const to = base + <usize>(ready & mask) * pair;
    const from = <usize>ready * <usize>acrossCount;
    convert<V>(reference + from, to);
    convert<V>(received + from, to + toReceived);
    ready++;
  }
}

/** Sample 0 of a reference row. */
// @ts-ignore: decorator
@inline
export function rowOf(row: i32): usize {
  return base + <usize>(row & mask) * pair;
}

/** An index outside [0, count) mirrored about the edge sample, which is not repeated. */
// @ts-ignore: decorator
@inline
export function mirrored(index: i32, count: i32): i32 {
  return index < 0 ? -index : index >= count ? 2 * count - 2 - index : index;
}

/** The difference of rows of two 8-bit planes, as numbers. */
export function differ<V>(a: usize, b: usize, to: usize, count: i32): void {
  for (let x = 0; x < count; x += <i32>(sizeof<V>() >> 2)) {
    store<V>(to + (<usize>x << 2), sub<V>(centred<V>(a + x), centred<V>(b + x)));
  }
}
