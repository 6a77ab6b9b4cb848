// Detail loss (Li, Zhang, Ma & Ngan 2011) as "adm2": four levels of a Daubechies-2 wavelet, with
// enhancement gain limit 100 and 1 at once.
//
// The restored part k*o with k = clamp(t/o, 0, 1) is the middle one of 0, o and t, so no division is
// needed; where the angles agree, the gain limit makes it the middle one of 0, gain*o and t.
import { halved, height, levelAt, levelPair, planeAt, rowAt, rowBytes, width } from "./arena";
import {
  add,
  atLeast,
  both,
  greatest,
  lanes,
  least,
  mad,
  magnitude,
  mul,
  pick,
  splat,
  sub,
  total,
  wholeEnd,
} from "./lanes";
import { HIGH, LOW, filterRow, highAt, lowAt } from "./adm-wavelet";
import { acrossCount, downCount, ensure, openLevel, openPlanes } from "./source";

/** cos(1 degree) squared. */
const SAME_ANGLE: f32 = 0.9996954135095479;
const GAIN: f32 = 100;

/** Contrast sensitivity of level 0..3, for both the horizontal and vertical band, then for the diagonal. */
const SENSITIVITY: usize = memory.data<f32>([
  0.01738153, 0.00589069, 0.03198481, 0.01429907, 0.04337266, 0.02439691, 0.04567341, 0.03131274,
]);

// Rings of decoupled rows among the row buffers, after those of the wavelet.
const LOST: i32 = 8; // 4 rows of weighted additive detail, then 4 rows of it for NEG
const KEPT: i32 = 16; // 2 rows each of the restored h, v, d, then of the same for NEG

/** Cubes summed over one level: restored h, v, d, the same for NEG, reference h, v, d. */
const SUMS: usize = memory.data(72, 16);

let left: i32 = 0;
let right: i32 = 0;
let top: i32 = 0;
let bottom: i32 = 0;

/** The middle one of 0, o and t. */
// @ts-ignore: decorator
@inline
function middle<V>(o: V, t: V): V {
  const zero = splat<V>(0);
  return add<V>(greatest<V>(least<V>(o, t), zero), least<V>(greatest<V>(o, t), zero));
}

// @ts-ignore: decorator
@inline
function cube<V>(a: V): V {
  return mul<V>(mul<V>(a, a), a);
}

// @ts-ignore: decorator
@inline
function addSum(index: usize, value: f64): void {
  store<f64>(SUMS + (index << 3), load<f64>(SUMS + (index << 3)) + value);
}

/** Decouples bands [from, to) of a row (a whole number of vectors); sums the reference's cubes if asked. */
// @ts-ignore: decorator
@inline
function decoupled<V>(row: i32, from: i32, to: i32, level: i32, counts: bool, first: bool): void {
  const stride = rowBytes;
  const re = rowAt(LOW), te = rowAt(LOW + 2), reh = rowAt(HIGH), teh = rowAt(HIGH + 2);
  const lost = rowAt(LOST + (row & 3)), lostNeg = rowAt(LOST + 4 + (row & 3));
  const kept = rowAt(KEPT + (row & 1)), keptNeg = rowAt(KEPT + 6 + (row & 1));
  const side = splat<V>(load<f32>(SENSITIVITY + (level << 3)));
  const diagonal = splat<V>(load<f32>(SENSITIVITY + (level << 3), 4));
  const zero = splat<V>(0), one = splat<V>(1), gain = splat<V>(GAIN);
  let sumH = zero, sumV = zero, sumD = zero;
  for (let x = <usize>from << 2; x < <usize>to << 2; x += sizeof<V>()) {
    const ov = highAt<V>(re + x, re + stride + x, first), tv = highAt<V>(te + x, te + stride + x, first);
    const oh = lowAt<V>(reh + x, reh + stride + x, first), th = lowAt<V>(teh + x, teh + stride + x, first);
    const od = highAt<V>(reh + x, reh + stride + x, first), td = highAt<V>(teh + x, teh + stride + x, first);
    const dot = mad<V>(mul<V>(oh, th), ov, tv);
    const o2 = mad<V>(mul<V>(oh, oh), ov, ov), t2 = mad<V>(mul<V>(th, th), tv, tv);
    const close = atLeast<V>(mul<V>(dot, dot), mul<V>(mul<V>(splat<V>(SAME_ANGLE), o2), t2));
    const factor = pick<V>(both<V>(close, atLeast<V>(dot, zero)), gain, one);
    const nh = middle<V>(oh, th), nv = middle<V>(ov, tv), nd = middle<V>(od, td);
    const rh = middle<V>(mul<V>(oh, factor), th);
    const rv = middle<V>(mul<V>(ov, factor), tv);
    const rd = middle<V>(mul<V>(od, factor), td);
    const sides = add<V>(magnitude<V>(sub<V>(th, rh)), magnitude<V>(sub<V>(tv, rv)));
    const sidesNeg = add<V>(magnitude<V>(sub<V>(th, nh)), magnitude<V>(sub<V>(tv, nv)));
    store<V>(lost + x, mad<V>(mul<V>(side, sides), diagonal, magnitude<V>(sub<V>(td, rd))));
    store<V>(lostNeg + x, mad<V>(mul<V>(side, sidesNeg), diagonal, magnitude<V>(sub<V>(td, nd))));
    store<V>(kept + x, mul<V>(side, magnitude<V>(rh)));
    store<V>(kept + 2 * stride + x, mul<V>(side, magnitude<V>(rv)));
    store<V>(kept + 4 * stride + x, mul<V>(diagonal, magnitude<V>(rd)));
    store<V>(keptNeg + x, mul<V>(side, magnitude<V>(nh)));
    store<V>(keptNeg + 2 * stride + x, mul<V>(side, magnitude<V>(nv)));
    store<V>(keptNeg + 4 * stride + x, mul<V>(diagonal, magnitude<V>(nd)));
    sumH = add<V>(sumH, cube<V>(mul<V>(side, magnitude<V>(oh))));
    sumV = add<V>(sumV, cube<V>(mul<V>(side, magnitude<V>(ov))));
    sumD = add<V>(sumD, cube<V>(mul<V>(diagonal, magnitude<V>(od))));
  }
  if (!counts) return;
  addSum(6, total<V>(sumH));
  addSum(7, total<V>(sumV));
  addSum(8, total<V>(sumD));
}

function decouple<V>(row: i32, from: i32, to: i32, level: i32, counts: bool): void {
  if (from >= to) return;
  if (level == 0) decoupled<V>(row, from, to, level, counts, true);
  else decoupled<V>(row, from, to, level, counts, false);
}

/** Sums the cubes of what stays of bands [from, to) above the masking threshold. */
function masked<V>(lost: i32, kept: i32, row: i32, before: i32, after: i32, from: i32, to: i32, sum: i32): void {
  if (from >= to) return;
  const up = rowAt(lost + (before & 3)), here = rowAt(lost + (row & 3)), below = rowAt(lost + (after & 3));
  const h = rowAt(kept + (row & 1)), stride = rowBytes;
  const zero = splat<V>(0), share = splat<V>(<f32>(1.0 / 30.0));
  let sumH = zero, sumV = zero, sumD = zero;
  for (let x = <usize>from << 2; x < <usize>to << 2; x += sizeof<V>()) {
    const u = up + x - 4, m = here + x - 4, b = below + x - 4;
    const centre = load<V>(m, 4);
    const beside = add<V>(add<V>(load<V>(u), load<V>(m)), add<V>(load<V>(b), load<V>(u, 8)));
    const beyond = add<V>(add<V>(load<V>(m, 8), load<V>(b, 8)), add<V>(load<V>(u, 4), load<V>(b, 4)));
    const threshold = mul<V>(share, add<V>(add<V>(beside, beyond), add<V>(centre, centre)));
    const p = h + x;
    sumH = add<V>(sumH, cube<V>(greatest<V>(sub<V>(load<V>(p), threshold), zero)));
    sumV = add<V>(sumV, cube<V>(greatest<V>(sub<V>(load<V>(p + 2 * stride), threshold), zero)));
    sumD = add<V>(sumD, cube<V>(greatest<V>(sub<V>(load<V>(p + 4 * stride), threshold), zero)));
  }
  addSum(sum, total<V>(sumH));
  addSum(sum + 1, total<V>(sumV));
  addSum(sum + 2, total<V>(sumD));
}

/** Finishes a row once the row below it is decoupled. */
function finish<V>(row: i32, count: i32): void {
  const before = row == 0 ? 1 : row - 1, after = row + 1 < count ? row + 1 : row;
  const whole = wholeEnd<V>(left, right);
  for (let neg = 0; neg < 2; neg++) {
    const lost = LOST + 4 * neg, kept = KEPT + 6 * neg, sum = 3 * neg;
    masked<V>(lost, kept, row, before, after, left, whole, sum);
    if (lanes<V>() > 1) masked<f32>(lost, kept, row, before, after, whole, right, sum);
  }
}

/** Folds the ends of the rows of additive detail where the counted part touches the band's edge. */
function foldLost(row: i32, count: i32): void {
  for (let neg = 0; neg < 2; neg++) {
    const lost = rowAt(LOST + 4 * neg + (row & 3));
    if (left == 0) store<f32>(lost - 4, load<f32>(lost + 4));
    if (right == count) {
      const end = lost + (<usize>count << 2);
      store<f32>(end, load<f32>(end - 4));
    }
  }
}

/** Decouples one row, the counted part and one sample on either side of it. */
function decoupleRow<V>(row: i32, across: i32, level: i32): void {
  const counts = row >= top && row < bottom;
  const whole = wholeEnd<V>(left, right);
  if (left > 0) decouple<f32>(row, left - 1, left, level, false);
  if (right < across) decouple<f32>(row, right, right + 1, level, false);
  decouple<V>(row, left, whole, level, counts);
  if (lanes<V>() > 1) decouple<f32>(row, whole, right, level, counts);
  foldLost(row, across);
}

/** Where the counted part of `count` bands begins. */
// @ts-ignore: decorator
@inline
function margin(count: i32): i32 {
  return max(0, <i32>(0.1 * <f64>count - 0.5));
}

/** One level of the opened source; makes the next level's picture on the way. */
function levelOf<V>(level: i32): void {
  const across = (acrossCount + 1) >> 1, rows = (downCount + 1) >> 1;
  left = margin(across);
  right = across - left;
  top = margin(rows);
  bottom = rows - top;
  memory.fill(SUMS, 0, 72);
  const next = level < 3 ? levelAt(level + 1) : 0, pair = levelPair(level + 1);
  for (let row = 0; row < rows; row++) {
    ensure<V>(min(2 * row + 2, downCount - 1));
    const wanted = row >= top - 1 && row <= bottom;
    for (let which = 0; which < 2; which++) {
      if (level == 3 && !wanted) continue;
      filterRow<V>(row, which, wanted, level, next + <usize>row * pair + <usize>which * (pair >> 1));
    }
    if (wanted) decoupleRow<V>(row, across, level);
    if (wanted && row > top) finish<V>(row - 1, rows);
  }
  if (bottom == rows) finish<V>(rows - 1, rows);
}

/** adm2's numerator, NEG numerator and denominator, as 3 f64 at `out`. */
export function admOf<V>(ref: i32, dist: i32, out: usize): void {
  openPlanes(planeAt(ref), planeAt(dist));
  let sum: f64 = 0, sumNeg: f64 = 0, whole: f64 = 0;
  for (let level = 0; level < 4; level++) {
    levelOf<V>(level);
    const floor = Math.cbrt((<f64>(right - left) * <f64>(bottom - top)) / 32.0);
    for (let band: usize = 0; band < 24; band += 8) {
      sum += Math.cbrt(load<f64>(SUMS + band)) + floor;
      sumNeg += Math.cbrt(load<f64>(SUMS + band, 24)) + floor;
      whole += Math.cbrt(load<f64>(SUMS + band, 48)) + floor;
    }
    if (level < 3) openLevel(level + 1, halved(width, level + 1), halved(height, level + 1));
  }
  store<f64>(out, sum);
  store<f64>(out, sumNeg, 8);
  store<f64>(out, whole, 16);
}
