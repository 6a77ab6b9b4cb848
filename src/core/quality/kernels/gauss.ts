// Symmetric kernels: their taps in tables, and the passes along a row.
import { add, mad, mul, spread } from "./lanes";

/**
 * Tables of 2*half+1 taps each. VIF's are Gaussians of deviation taps/5 in units of 2^-16 that sum to
 * 2^16, as in libvmaf's fixed point; SSIM's has deviation 1.5 and six decimals, as in libvmaf.
 */
export const VIF0: usize = memory.data<f32>([
  489, 935, 1640, 2640, 3896, 5274, 6547, 7455, 7784, 7455, 6547, 5274, 3896, 2640, 1640, 935, 489,
]);
export const VIF1: usize = memory.data<f32>([1244, 3663, 7925, 12590, 14692, 12590, 7925, 3663, 1244]);
export const VIF2: usize = memory.data<f32>([3571, 16004, 26386, 16004, 3571]);
export const VIF3: usize = memory.data<f32>([10904, 43728, 10904]);
export const SSIM: usize = memory.data<f32>([
  0.001028, 0.007599, 0.036001, 0.109361, 0.213006, 0.266012, 0.213006, 0.109361, 0.036001, 0.007599, 0.001028,
]);
/** Motion's blur is the Gaussian of deviation 1 as well. */
export const MOTION: usize = VIF2;

let scaled: bool = false;

function scaleDown(table: usize, taps: i32): void {
  for (let k = 0; k < taps; k++) store<f32>(table + (k << 2), load<f32>(table + (k << 2)) / 65536);
}

/** Brings the taps in units of 2^-16 to sum 1; once. */
export function fillTables(): void {
  if (scaled) return;
  scaled = true;
  scaleDown(VIF0, 17);
  scaleDown(VIF1, 9);
  scaleDown(VIF2, 5);
  scaleDown(VIF3, 3);
}

/** The table of VIF's scale 0..3. */
export function vifTable(scale: i32): usize {
  return scale == 0 ? VIF0 : scale == 1 ? VIF1 : scale == 2 ? VIF2 : VIF3;
}

/** Half the taps of VIF's scale 0..3, the middle not counted: 8, 4, 2, 1. */
// @ts-ignore: decorator
@inline
export function vifHalf(scale: i32): i32 {
  return 8 >> scale;
}

// Each pass reads [from - half, to + half) of `src` and writes [from, to) of `dst`, rounded up to whole vectors.

function along3<V>(src: usize, dst: usize, bytes: usize, table: usize): void {
  const c1 = spread<V>(table), c0 = spread<V>(table + 4);
  for (let x: usize = 0; x < bytes; x += sizeof<V>()) {
    const p = src + x - 4;
    store<V>(dst + x, mad<V>(mul<V>(c0, load<V>(p, 4)), c1, add<V>(load<V>(p), load<V>(p, 8))));
  }
}

function along5<V>(src: usize, dst: usize, bytes: usize, table: usize): void {
  const c2 = spread<V>(table), c1 = spread<V>(table + 4), c0 = spread<V>(table + 8);
  for (let x: usize = 0; x < bytes; x += sizeof<V>()) {
    const p = src + x - 8;
    const near = mad<V>(mul<V>(c0, load<V>(p, 8)), c1, add<V>(load<V>(p, 4), load<V>(p, 12)));
    store<V>(dst + x, mad<V>(near, c2, add<V>(load<V>(p), load<V>(p, 16))));
  }
}

function along9<V>(src: usize, dst: usize, bytes: usize, table: usize): void {
  const c4 = spread<V>(table), c3 = spread<V>(table + 4), c2 = spread<V>(table + 8);
  const c1 = spread<V>(table + 12), c0 = spread<V>(table + 16);
  for (let x: usize = 0; x < bytes; x += sizeof<V>()) {
    const p = src + x - 16;
    let near = mad<V>(mul<V>(c0, load<V>(p, 16)), c1, add<V>(load<V>(p, 12), load<V>(p, 20)));
    let far = mul<V>(c2, add<V>(load<V>(p, 8), load<V>(p, 24)));
    near = mad<V>(near, c3, add<V>(load<V>(p, 4), load<V>(p, 28)));
    far = mad<V>(far, c4, add<V>(load<V>(p), load<V>(p, 32)));
    store<V>(dst + x, add<V>(near, far));
  }
}

function along11<V>(src: usize, dst: usize, bytes: usize, table: usize): void {
  const c5 = spread<V>(table), c4 = spread<V>(table + 4), c3 = spread<V>(table + 8);
  const c2 = spread<V>(table + 12), c1 = spread<V>(table + 16), c0 = spread<V>(table + 20);
  for (let x: usize = 0; x < bytes; x += sizeof<V>()) {
    const p = src + x - 20;
    let near = mad<V>(mul<V>(c0, load<V>(p, 20)), c1, add<V>(load<V>(p, 16), load<V>(p, 24)));
    let far = mul<V>(c2, add<V>(load<V>(p, 12), load<V>(p, 28)));
    near = mad<V>(near, c3, add<V>(load<V>(p, 8), load<V>(p, 32)));
    far = mad<V>(far, c4, add<V>(load<V>(p, 4), load<V>(p, 36)));
    near = mad<V>(near, c5, add<V>(load<V>(p), load<V>(p, 40)));
    store<V>(dst + x, add<V>(near, far));
  }
}

function along17<V>(src: usize, dst: usize, bytes: usize, table: usize): void {
  const c8 = spread<V>(table), c7 = spread<V>(table + 4), c6 = spread<V>(table + 8);
  const c5 = spread<V>(table + 12), c4 = spread<V>(table + 16), c3 = spread<V>(table + 20);
  const c2 = spread<V>(table + 24), c1 = spread<V>(table + 28), c0 = spread<V>(table + 32);
  for (let x: usize = 0; x < bytes; x += sizeof<V>()) {
    const p = src + x - 32;
    let near = mad<V>(mul<V>(c0, load<V>(p, 32)), c1, add<V>(load<V>(p, 28), load<V>(p, 36)));
    let far = mul<V>(c2, add<V>(load<V>(p, 24), load<V>(p, 40)));
    near = mad<V>(near, c3, add<V>(load<V>(p, 20), load<V>(p, 44)));
    far = mad<V>(far, c4, add<V>(load<V>(p, 16), load<V>(p, 48)));
    near = mad<V>(near, c5, add<V>(load<V>(p, 12), load<V>(p, 52)));
    far = mad<V>(far, c6, add<V>(load<V>(p, 8), load<V>(p, 56)));
    near = mad<V>(near, c7, add<V>(load<V>(p, 4), load<V>(p, 60)));
    far = mad<V>(far, c8, add<V>(load<V>(p), load<V>(p, 64)));
    store<V>(dst + x, add<V>(near, far));
  }
}

/** Filters samples [from, to) of a row whose sample 0 stands at `src` into the row at `dst`. */
export function along<V>(src: usize, dst: usize, from: i32, to: i32, table: usize, half: i32): void {
  const start = <usize>from << 2;
  const bytes = <usize>(to - from) << 2;
  if (half == 8) along17<V>(src + start, dst + start, bytes, table);
  else if (half == 5) along11<V>(src + start, dst + start, bytes, table);
  else if (half == 4) along9<V>(src + start, dst + start, bytes, table);
  else if (half == 2) along5<V>(src + start, dst + start, bytes, table);
  else along3<V>(src + start, dst + start, bytes, table);
}
