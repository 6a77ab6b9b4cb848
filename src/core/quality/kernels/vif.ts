// Visual information fidelity in the pixel domain (Sheikh & Bovik 2006), four scales, gain limit 100 and 1 at once.
//
// Logarithms are summed as logarithms of products: every sample multiplies its ratio into a running
// product whose exponent is taken out before it can overflow. With s1 >= n the general formula
// shortens: g*g*s1 = g*s12 and sv + g*s12 = s2, and g stays under 100, since |s12| <= sqrt(s1*s2).
import { levelAt, levelPair, planeAt, rowAt, rowBytes } from "./arena";
import { along, vifHalf, vifTable } from "./gauss";
import {
  above,
  add,
  atLeast,
  both,
  div,
  evens,
  exponent,
  greatest,
  lanes,
  least,
  mad,
  mantissa,
  mul,
  odds,
  onGrid,
  pick,
  splat,
  sub,
  total,
  wholeEnd,
} from "./lanes";
import { VIF_GRID, gather, mirrorEnds, pairDown, roundedMomentsDown } from "./moments";
import { acrossCount, downCount, openLevel, openPlanes, toReceived } from "./source";

/** Variance of the noise of the visual channel. */
const NOISE: f32 = 2;
/** Samples multiplied between two takings of the exponent: 2^14 each at most, so 8 stay within f32. */
const RUN: i32 = 8;

/** Running products of numerators, denominators, NEG numerators and reference terms: for vectors, then for tails. */
const VECTORS: usize = memory.data(64, 16);
const TAILS: usize = memory.data(16, 16);

/** Sums of exponents of the same four, and of received variance where the reference is flat. */
const EXPONENTS: usize = memory.data(32, 16);
let flatSum: f64 = 0;

function begin(): void {
  for (let k: usize = 0; k < 64; k += 4) store<f32>(VECTORS + k, 1);
  for (let k: usize = 0; k < 16; k += 4) store<f32>(TAILS + k, 1);
  memory.fill(EXPONENTS, 0, 32);
  flatSum = 0;
}

// @ts-ignore: decorator
@inline
function addExponent(index: usize, sum: f64): void {
  store<f64>(EXPONENTS + (index << 3), load<f64>(EXPONENTS + (index << 3)) + sum);
}

/** Takes samples [from, to) of five filtered rows into the sums; a whole number of vectors. */
function take<V>(rows: usize, from: i32, to: i32): void {
  if (from >= to) return;
  const products = lanes<V>() == 1 ? TAILS : VECTORS;
  const one = splat<V>(1), two = splat<V>(2), zero = splat<V>(0), noise = splat<V>(NOISE), half = splat<V>(0.5);
  const stride = rowBytes;
  let top = load<V>(products), bottom = load<V>(products + sizeof<V>());
  let topNeg = load<V>(products + 2 * sizeof<V>()), whole = load<V>(products + 3 * sizeof<V>());
  let e0 = zero, e1 = zero, e2 = zero, e3 = zero, flat = zero;
  const end = rows + (<usize>to << 2);
  let p = rows + (<usize>from << 2);
  while (p < end) {
    const stop = min(end, p + RUN * sizeof<V>());
    for (; p < stop; p += sizeof<V>()) {
      const m1 = load<V>(p), m2 = load<V>(p + stride);
      const q = p + 2 * stride;
      const s1 = greatest<V>(sub<V>(load<V>(q), mul<V>(m1, m1)), zero);
      const s2 = greatest<V>(sub<V>(load<V>(q + stride), mul<V>(m2, m2)), zero);
      const s12 = sub<V>(load<V>(q + 2 * stride), mul<V>(m1, m2));
      const busy = atLeast<V>(s1, noise);
      const alike = both<V>(busy, above<V>(s12, zero));
      const g = div<V>(s12, s1);
      const signal = mul<V>(g, s12);
      const rest = add<V>(greatest<V>(sub<V>(s2, signal), zero), noise);
      const capped = least<V>(g, one);
      const neither = pick<V>(busy, one, two);
      top = mul<V>(top, pick<V>(alike, add<V>(rest, signal), neither));
      topNeg = mul<V>(topNeg, pick<V>(alike, mad<V>(rest, mul<V>(capped, capped), s1), neither));
      bottom = mul<V>(bottom, pick<V>(alike, rest, one));
      whole = mul<V>(whole, pick<V>(busy, mul<V>(add<V>(s1, noise), half), two));
      flat = add<V>(flat, pick<V>(busy, zero, s2));
    }
    e0 = add<V>(e0, exponent<V>(top));
    e1 = add<V>(e1, exponent<V>(bottom));
    e2 = add<V>(e2, exponent<V>(topNeg));
    e3 = add<V>(e3, exponent<V>(whole));
    top = mantissa<V>(top);
    bottom = mantissa<V>(bottom);
    topNeg = mantissa<V>(topNeg);
    whole = mantissa<V>(whole);
  }
  store<V>(products, top);
  store<V>(products + sizeof<V>(), bottom);
  store<V>(products + 2 * sizeof<V>(), topNeg);
  store<V>(products + 3 * sizeof<V>(), whole);
  addExponent(0, total<V>(e0));
  addExponent(1, total<V>(e1));
  addExponent(2, total<V>(e2));
  addExponent(3, total<V>(e3));
  flatSum += total<V>(flat);
}

/** log2 of one of the four products. */
function logarithm(index: i32): f64 {
  let sum = load<f64>(EXPONENTS + (index << 3)) + Math.log2(<f64>load<f32>(TAILS + (index << 2)));
  for (let lane = 0; lane < 4; lane++) sum += Math.log2(<f64>load<f32>(VECTORS + (index << 4) + (lane << 2)));
  return sum;
}

/** Every second sample of a mirrored row: the even ones into one row, the odd into another, both with edges. */
function split<V>(row: usize, even: usize, odd: usize, count: i32): void {
  const first = -8;
  for (let x = first; x < count + 8; x += 2 * lanes<V>()) {
    const p = row + (<usize>x << 2);
    const a = load<V>(p), b = load<V>(p + sizeof<V>());
    store<V>(even + (<usize>x << 1), evens<V>(a, b));
    store<V>(odd + (<usize>x << 1), odds<V>(a, b));
  }
}

/** Filters along a split row by VIF's kernel of `scale` and keeps every second sample. */
function halfAlong<V>(even: usize, odd: usize, to: usize, count: i32, scale: i32): void {
  const table = vifTable(scale) + (vifHalf(scale) << 2);
  const c0 = splat<V>(load<f32>(table)), c1 = splat<V>(load<f32>(table, 4));
  const c2 = splat<V>(scale < 3 ? load<f32>(table, 8) : 0);
  const c3 = splat<V>(scale < 2 ? load<f32>(table, 12) : 0);
  const c4 = splat<V>(scale < 2 ? load<f32>(table, 16) : 0);
  for (let x: usize = 0; x < <usize>count << 2; x += sizeof<V>()) {
    const e = even + x, o = odd + x;
    let sum = mad<V>(mul<V>(c0, load<V>(e)), c1, add<V>(load<V>(o - 4), load<V>(o)));
    if (scale < 3) sum = mad<V>(sum, c2, add<V>(load<V>(e - 4), load<V>(e, 4)));
    if (scale < 2) {
      sum = mad<V>(sum, c3, add<V>(load<V>(o - 8), load<V>(o, 4)));
      sum = mad<V>(sum, c4, add<V>(load<V>(e - 8), load<V>(e, 8)));
    }
    store<V>(to + x, onGrid<V>(sum, VIF_GRID));
  }
}

/** Row `row` of the picture of the next scale. */
function shrink<V>(row: i32, next: i32): void {
  const half = vifHalf(next);
  gather<V>(2 * row, half, downCount);
  const low = rowAt(10);
  pairDown<V>(vifTable(next), half, toReceived, low, rowBytes, acrossCount);
  const to = levelAt(next) + <usize>row * levelPair(next);
  for (let k = 0; k < 2; k++) {
    const from = low + <usize>k * rowBytes;
    mirrorEnds(from, acrossCount, half);
    split<V>(from, rowAt(12), rowAt(13), acrossCount);
    halfAlong<V>(rowAt(12), rowAt(13), to + <usize>k * (levelPair(next) >> 1), acrossCount >> 1, next);
  }
}

/** One scale of the opened source; makes the next scale's picture on the way. */
function scaleOf<V>(scale: i32): void {
  const table = vifTable(scale), half = vifHalf(scale);
  const across = acrossCount, down = downCount;
  const moments = rowAt(0), filtered = rowAt(5);
  const whole = wholeEnd<V>(0, across);
  begin();
  for (let y = 0; y < down; y++) {
    gather<V>(y, half, down);
    roundedMomentsDown<V>(table, half, toReceived, moments, rowBytes, across);
    for (let k: usize = 0; k < 5; k++) {
      mirrorEnds(moments + k * rowBytes, across, half);
      along<V>(moments + k * rowBytes, filtered + k * rowBytes, 0, across, table, half);
    }
    take<V>(filtered, 0, whole);
    if (lanes<V>() > 1) take<f32>(filtered, whole, across);
    if (scale < 3 && (y & 1) == 0 && y >> 1 < down >> 1) shrink<V>(y >> 1, scale + 1);
  }
}

/** Numerators, NEG numerators and denominators of the four scales, as 12 f64 at `out`. */
export function vifOf<V>(ref: i32, dist: i32, out: usize): void {
  openPlanes(planeAt(ref), planeAt(dist));
  for (let scale = 0; scale < 4; scale++) {
    scaleOf<V>(scale);
    const bottom = logarithm(1) + flatSum * (<f64>NOISE * <f64>NOISE) / (255.0 * 255.0);
    store<f64>(out + (scale << 3), logarithm(0) - bottom);
    store<f64>(out + (scale << 3), logarithm(2) - bottom, 32);
    store<f64>(out + (scale << 3), logarithm(3), 64);
    if (scale < 3) openLevel(scale + 1, acrossCount >> 1, downCount >> 1);
  }
}
