// One level of the Daubechies-2 wavelet: a pair's rows filtered down into two row buffers, which are split into even and odd
// samples so that filtering along and keeping every second sample reads them in order.
import { rowAt, rowBytes } from "./arena";
import { evens, mad, mul, odds, onGrid, splat } from "./lanes";
import { acrossCount, downCount, rowOf, toReceived } from "./source";

/**
 * Daubechies-2 taps: low pass in this order; high pass is them reversed with alternating sign. They
 * and the first level stand on the grids of libvmaf's fixed point, so that angles next to one degree
 * fall on the same side of it: a single large one moves adm2 by up to 1e-3.
 */
const D0: f32 = 15826.0 / 32768.0;
const D1: f32 = 27411.0 / 32768.0;
const D2: f32 = 7345.0 / 32768.0;
const D3: f32 = -4240.0 / 32768.0;
/** The first level stands on these grids once filtered down, and along; the others do not round. */
const DOWN_GRID: f32 = 128;
const ALONG_GRID: f32 = 64;
/** Row buffers of low-passed samples: reference even, odd; received even, odd. */
export const LOW: i32 = 0;
/** The same of high-passed ones. */
export const HIGH: i32 = 4;

// @ts-ignore: decorator
@inline
function low<V>(a: V, b: V, c: V, d: V): V {
  const front = mad<V>(mul<V>(splat<V>(D0), a), splat<V>(D1), b);
  return mad<V>(mad<V>(front, splat<V>(D2), c), splat<V>(D3), d);
}

// @ts-ignore: decorator
@inline
function high<V>(a: V, b: V, c: V, d: V): V {
  const front = mad<V>(mul<V>(splat<V>(D3), a), splat<V>(-D2), b);
  return mad<V>(mad<V>(front, splat<V>(D1), c), splat<V>(-D0), d);
}

/** A row or column under the wavelet's taps: -1 -> 1 at the start, n -> n-1 and n+1 -> n-2 at the end. */
// @ts-ignore: decorator
@inline
function folded(index: i32, count: i32): i32 {
  return index < 0 ? -index : index >= count ? 2 * count - 1 - index : index;
}

/** Filters four rows down into one of low and, if asked, one of high, even and odd samples apart. */
// @ts-ignore: decorator
@inline
function down<V>(row: i32, which: i32, delta: usize, wantsHigh: bool, first: bool): void {
  const count = downCount;
  const r0 = rowOf(folded(2 * row - 1, count)) + delta, r1 = rowOf(2 * row) + delta;
  const r2 = rowOf(folded(2 * row + 1, count)) + delta, r3 = rowOf(folded(2 * row + 2, count)) + delta;
  const lowRow = rowAt(LOW + 2 * which), highRow = rowAt(HIGH + 2 * which);
  const stride = rowBytes, step = sizeof<V>();
  for (let x: usize = 0; x < <usize>acrossCount << 2; x += 2 * step) {
    const a0 = load<V>(r0 + x), b0 = load<V>(r1 + x), c0 = load<V>(r2 + x), d0 = load<V>(r3 + x);
    const a1 = load<V>(r0 + x + step), b1 = load<V>(r1 + x + step);
    const c1 = load<V>(r2 + x + step), d1 = load<V>(r3 + x + step);
    const to = x >> 1;
    let l0 = low<V>(a0, b0, c0, d0), l1 = low<V>(a1, b1, c1, d1);
    if (first) {
      l0 = onGrid<V>(l0, DOWN_GRID);
      l1 = onGrid<V>(l1, DOWN_GRID);
    }
    store<V>(lowRow + to, evens<V>(l0, l1));
    store<V>(lowRow + stride + to, odds<V>(l0, l1));
    if (wantsHigh) {
      let h0 = high<V>(a0, b0, c0, d0), h1 = high<V>(a1, b1, c1, d1);
      if (first) {
        h0 = onGrid<V>(h0, DOWN_GRID);
        h1 = onGrid<V>(h1, DOWN_GRID);
      }
      store<V>(highRow + to, evens<V>(h0, h1));
      store<V>(highRow + stride + to, odds<V>(h0, h1));
    }
  }
}

/** Folds the ends of a split row: odd sample -1, and the samples past the end. */
function foldEnds(even: usize, count: i32): void {
  const odd = even + rowBytes;
  store<f32>(odd - 4, load<f32>(odd));
  const bands = <usize>((count + 1) >> 1) << 2;
  if (count & 1) {
    store<f32>(odd + bands - 4, load<f32>(even + bands - 4));
    store<f32>(even + bands, load<f32>(odd + bands - 8));
  } else {
    store<f32>(even + bands, load<f32>(odd + bands - 4));
  }
}

/** Low-pass along a split row: the picture of the next level. */
// @ts-ignore: decorator
@inline
function nextAlong<V>(even: usize, to: usize, count: i32, first: bool): void {
  const odd = even + rowBytes;
  for (let x: usize = 0; x < <usize>count << 2; x += sizeof<V>()) {
    const o = odd + x - 4, e = even + x;
    const next = low<V>(load<V>(o), load<V>(e), load<V>(o, 4), load<V>(e, 4));
    store<V>(to + x, first ? onGrid<V>(next, ALONG_GRID) : next);
  }
}

/** High-pass at a band sample: `even` and `odd` are its places in a split row. */
// @ts-ignore: decorator
@inline
export function highAt<V>(even: usize, odd: usize, first: bool): V {
  const band = high<V>(load<V>(odd - 4), load<V>(even), load<V>(odd), load<V>(even, 4));
  return first ? onGrid<V>(band, ALONG_GRID) : band;
}

/** Low-pass at a band sample. */
// @ts-ignore: decorator
@inline
export function lowAt<V>(even: usize, odd: usize, first: bool): V {
  const band = low<V>(load<V>(odd - 4), load<V>(even), load<V>(odd), load<V>(even, 4));
  return first ? onGrid<V>(band, ALONG_GRID) : band;
}

/** Filters one of the pair down and, unless it is the last level, along into the next level's row at `next`. */
export function filterRow<V>(row: i32, which: i32, wanted: bool, level: i32, next: usize): void {
  const delta: usize = which == 0 ? 0 : toReceived, lowRow = rowAt(LOW + 2 * which);
  if (level == 0) down<V>(row, which, delta, wanted, true);
  else down<V>(row, which, delta, wanted, false);
  foldEnds(lowRow, acrossCount);
  if (wanted) foldEnds(rowAt(HIGH + 2 * which), acrossCount);
  const across = (acrossCount + 1) >> 1;
  if (level == 0) nextAlong<V>(lowRow, next, across, true);
  else if (level < 3) nextAlong<V>(lowRow, next, across, false);
}
