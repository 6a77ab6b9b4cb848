// Vertical passes: from rows of the pair to filtered rows, and the mirrored edges of those.
import { add, mad, mul, onGrid, splat, spread, sub } from "./lanes";
import { ensure, mirrored, rowOf } from "./source";

/** Addresses of the rows under a kernel. */
const UNDER: usize = memory.data(17 * 4, 16);

/** Notes the rows within `half` of `row`, mirrored at the picture's edges. */
export function gather<V>(row: i32, half: i32, count: i32): void {
  ensure<V>(min(row + half, count - 1));
  for (let k = -half; k <= half; k++) {
    store<usize>(UNDER + ((k + half) << 2), rowOf(mirrored(row + k, count)));
  }
}

/** The grid on which VIF's filtered rows and halved pictures stand: 8 fractional bits, as in libvmaf. */
export const VIF_GRID: f32 = 256;

/**
 * Filtered r, d, r*r, d*d, r*d of the gathered rows, into five rows `stride` apart.
 *
 * With `rounds`, the means stand on VIF_GRID. What rounding takes from a mean m of samples less 128
 * goes into the squares as 2*128 times as much, which makes them what they would be of samples not so
 * reduced: libvmaf's variance has this noise, and some samples next to the threshold depend on it.
 */
// @ts-ignore: decorator
@inline
function moments<V>(
  table: usize,
  half: i32,
  delta: usize,
  out: usize,
  stride: usize,
  count: i32,
  rounds: bool,
): void {
  const end = UNDER + ((2 * half + 1) << 2);
  const bytes = <usize>count << 2;
  const toTable = table - UNDER;
  for (let x: usize = 0; x < bytes; x += sizeof<V>()) {
    let m1 = splat<V>(0), m2 = splat<V>(0), s1 = splat<V>(0), s2 = splat<V>(0), s12 = splat<V>(0);
    for (let at = UNDER; at < end; at += 4) {
      const p = load<usize>(at) + x;
      const c = spread<V>(at + toTable);
      const r = load<V>(p), d = load<V>(p + delta);
      const cr = mul<V>(c, r), cd = mul<V>(c, d);
      m1 = add<V>(m1, cr);
      m2 = add<V>(m2, cd);
      s1 = mad<V>(s1, cr, r);
      s2 = mad<V>(s2, cd, d);
      s12 = mad<V>(s12, cr, d);
    }
    if (rounds) {
      const g1 = onGrid<V>(m1, VIF_GRID), g2 = onGrid<V>(m2, VIF_GRID);
      const lost1 = mul<V>(splat<V>(128), sub<V>(m1, g1)), lost2 = mul<V>(splat<V>(128), sub<V>(m2, g2));
      s1 = add<V>(s1, add<V>(lost1, lost1));
      s2 = add<V>(s2, add<V>(lost2, lost2));
      s12 = add<V>(s12, add<V>(lost1, lost2));
      m1 = g1;
      m2 = g2;
    }
    let to = out + x;
    store<V>(to, m1);
    store<V>((to += stride), m2);
    store<V>((to += stride), s1);
    store<V>((to += stride), s2);
    store<V>(to + stride, s12);
  }
}

/** Filtered r, d, r*r, d*d, r*d of the gathered rows, into five rows `stride` apart. */
export function momentsDown<V>(
  table: usize,
  half: i32,
  delta: usize,
  out: usize,
  stride: usize,
  count: i32,
): void {
  moments<V>(table, half, delta, out, stride, count, false);
}

/** The same with means on VIF_GRID. */
export function roundedMomentsDown<V>(
  table: usize,
  half: i32,
  delta: usize,
  out: usize,
  stride: usize,
  count: i32,
): void {
  moments<V>(table, half, delta, out, stride, count, true);
}

/** Filtered r and d alone of the gathered rows, on VIF_GRID, into two rows `stride` apart. */
export function pairDown<V>(
  table: usize,
  half: i32,
  delta: usize,
  out: usize,
  stride: usize,
  count: i32,
): void {
  const end = UNDER + ((2 * half + 1) << 2);
  const bytes = <usize>count << 2;
  const toTable = table - UNDER;
  for (let x: usize = 0; x < bytes; x += sizeof<V>()) {
    let m1 = splat<V>(0), m2 = splat<V>(0);
    for (let at = UNDER; at < end; at += 4) {
      const p = load<usize>(at) + x;
      const c = spread<V>(at + toTable);
      m1 = mad<V>(m1, c, load<V>(p));
      m2 = mad<V>(m2, c, load<V>(p + delta));
    }
    store<V>(out + x, onGrid<V>(m1, VIF_GRID));
    store<V>(out + stride + x, onGrid<V>(m2, VIF_GRID));
  }
}

/** Writes `half` mirrored samples beyond both ends of a row. */
export function mirrorEnds(row: usize, count: i32, half: i32): void {
  const last = row + (<usize>(count - 1) << 2);
  for (let k: usize = 4; k <= <usize>half << 2; k += 4) {
    store<f32>(row - k, load<f32>(row + k));
    store<f32>(last + k, load<f32>(last - k));
  }
}
