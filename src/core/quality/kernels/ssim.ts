// Structural similarity (Wang, Bovik, Sheikh & Simoncelli 2004) and its multi-scale form (Wang, Simoncelli & Bovik 2003).
import { height, levelAt, levelPair, planeAt, rowAt, rowBytes, width } from "./arena";
import { SSIM, along } from "./gauss";
import { above, add, div, greatest, lanes, mad, mul, pick, splat, sub, total, wholeEnd } from "./lanes";
import { gather, momentsDown } from "./moments";
import { acrossCount, downCount, ensure, openLevel, openPlanes, rowOf, toReceived } from "./source";

const HALF: i32 = 5;
const C1: f32 = 0.01 * 255 * (0.01 * 255);
const C2: f32 = 0.03 * 255 * (0.03 * 255);
/** Sum of the window: its taps have six decimals and miss 1 by 2e-6 each way. */
const WINDOW: f64 = 1.000002 * 1.000002;
/** What that makes of variances of samples less 128, per unit of mean and at no mean. */
const SLOPE: f32 = <f32>(256 * (1 - WINDOW));
const SHIFT: f32 = <f32>(16384 * WINDOW * (1 - WINDOW));
/** Scales of MS-SSIM. */
const SCALES: i32 = 5;

let wholeSum: f64 = 0;
let contrastSum: f64 = 0;

/** Takes samples [from, to) of five filtered rows into the sums; a whole number of vectors. */
function take<V>(rows: usize, from: i32, to: i32): void {
  if (from >= to) return;
  const stride = rowBytes;
  const c1 = splat<V>(C1), c2 = splat<V>(C2), two = splat<V>(2), centre = splat<V>(<f32>(128 * WINDOW));
  const zero = splat<V>(0), slope = splat<V>(SLOPE), halfSlope = splat<V>(SLOPE / 2), shift = splat<V>(SHIFT);
  let sum = splat<V>(0), contrasts = splat<V>(0);
  for (let x = <usize>from << 2; x < <usize>to << 2; x += sizeof<V>()) {
    const p = rows + x, q = p + 2 * stride;
    const m1 = load<V>(p), m2 = load<V>(p + stride);
    const v1 = mad<V>(sub<V>(load<V>(q), mul<V>(m1, m1)), slope, m1);
    const v2 = mad<V>(sub<V>(load<V>(q + stride), mul<V>(m2, m2)), slope, m2);
    const v12 = mad<V>(sub<V>(load<V>(q + 2 * stride), mul<V>(m1, m2)), halfSlope, add<V>(m1, m2));
    const s1 = greatest<V>(add<V>(v1, shift), zero), s2 = greatest<V>(add<V>(v2, shift), zero);
    const both12 = add<V>(v12, shift);
    const s12 = pick<V>(above<V>(mul<V>(s1, s2), zero), both12, greatest<V>(both12, zero));
    const l1 = add<V>(m1, centre), l2 = add<V>(m2, centre);
    const contrast = div<V>(mad<V>(c2, two, s12), add<V>(add<V>(s1, s2), c2));
    const light = div<V>(
      mad<V>(c1, two, mul<V>(l1, l2)),
      add<V>(mad<V>(mul<V>(l1, l1), l2, l2), c1),
    );
    contrasts = add<V>(contrasts, contrast);
    sum = mad<V>(sum, light, contrast);
  }
  wholeSum += total<V>(sum);
  contrastSum += total<V>(contrasts);
}

/** Sums over the windows that fit inside the opened source. How many there are. */
function sumWindows<V>(): f64 {
  const across = acrossCount, down = downCount, from = HALF, to = across - HALF;
  const whole = wholeEnd<V>(from, to);
  const moments = rowAt(0), filtered = rowAt(5);
  wholeSum = 0;
  contrastSum = 0;
  for (let y = HALF; y < down - HALF; y++) {
    gather<V>(y, HALF, down);
    momentsDown<V>(SSIM, HALF, toReceived, moments, rowBytes, across);
    for (let k: usize = 0; k < 5; k++) {
      along<V>(moments + k * rowBytes, filtered + k * rowBytes, from, to, SSIM, HALF);
    }
    take<V>(filtered, from, whole);
    if (lanes<V>() > 1) take<f32>(filtered, whole, to);
  }
  return <f64>max(0, to - from) * <f64>max(0, down - 2 * HALF);
}

/** An index outside [0, count) mirrored about the edge, the edge sample repeated. */
// @ts-ignore: decorator
@inline
function repeated(index: i32, count: i32): i32 {
  return index < 0 ? -1 - index : index >= count ? 2 * count - 1 - index : index;
}

/** Adds a row of samples to a row of 16-bit sums; there are 8 free bytes after either. */
function accumulate(from: usize, to: usize): void {
  let x: usize = 0;
  if (ASC_FEATURE_SIMD) {
    for (; x < <usize>width; x += 8) {
      v128.store(to + (x << 1), i16x8.add(v128.load(to + (x << 1)), v128.load_ext<u8>(from + x)));
    }
  }
  for (; x < <usize>width; x++) {
    store<u16>(to + (x << 1), load<u16>(to + (x << 1)) + load<u8>(from + x));
  }
}

/** Sums `f` rows from `first` on, one 16-bit sum a column: f is at most 15, for pictures up to 3840 across. */
function boxDown(plane: usize, first: i32, f: i32, to: usize): void {
  memory.fill(to, 0, <usize>(width + 8) << 1);
  for (let k = 0; k < f; k++) {
    accumulate(plane + <usize>repeated(first + k, height) * <usize>width, to);
  }
}

/** Brings a plane down by `f`: the mean of f x f samples around every f-th, into level 1. */
function boxed(plane: usize, delta: usize, f: i32, across: i32, down: i32): void {
  const first = -(f >> 1), sums = rowAt(0);
  const scale = <f32>(1.0 / <f64>(f * f));
  for (let y = 0; y < down; y++) {
    boxDown(plane, y * f + first, f, sums);
    const to = levelAt(1) + <usize>y * levelPair(1) + delta;
    for (let x = 0; x < across; x++) {
      let sum: i32 = 0;
      const left = x * f + first;
      if (left >= 0 && left + f <= width) {
        for (let p = sums + (<usize>left << 1), end = p + (<usize>f << 1); p < end; p += 2) sum += load<u16>(p);
      } else {
        for (let k = 0; k < f; k++) sum += load<u16>(sums + (<usize>repeated(left + k, width) << 1));
      }
      store<f32>(to + (<usize>x << 2), <f32>sum * scale - 128);
    }
  }
}

/** Mean SSIM of the pictures of two slots, brought down to about 256 lines first. */
export function ssimOf<V>(ref: i32, dist: i32): f64 {
  const f = max(1, <i32>Math.floor(<f64>min(width, height) / 256.0 + 0.5));
  if (f == 1) openPlanes(planeAt(ref), planeAt(dist));
  else {
    const across = width / f + (width & 1), down = height / f + (height & 1);
    boxed(planeAt(ref), 0, f, across, down);
    boxed(planeAt(dist), levelPair(1) >> 1, f, across, down);
    openLevel(1, across, down);
  }
  const count = sumWindows<V>();
  return wholeSum / count;
}

/** The opened source halved by means of 2 x 2 samples, into the next level. */
function halve<V>(level: i32, across: i32, down: i32): void {
  for (let y = 0; y < down; y++) {
    ensure<V>(2 * y + 1);
    for (let which: usize = 0; which < 2; which++) {
      const a = rowOf(2 * y) + which * toReceived, b = rowOf(2 * y + 1) + which * toReceived;
      const to = levelAt(level) + <usize>y * levelPair(level) + which * (levelPair(level) >> 1);
      for (let x: usize = 0; x < <usize>across << 2; x += 4) {
        const p = x << 1;
        const sum = load<f32>(a + p) + load<f32>(a + p, 4) + load<f32>(b + p) + load<f32>(b + p, 4);
        store<f32>(to + x, sum * 0.25);
      }
    }
  }
}

/** Contrast-structure means of five scales and, last, the whole mean of the coarsest, as 6 f64 at `out`. */
export function msSsimOf<V>(ref: i32, dist: i32, out: usize): void {
  openPlanes(planeAt(ref), planeAt(dist));
  for (let scale = 0; scale < SCALES; scale++) {
    const count = sumWindows<V>();
    store<f64>(out + (scale << 3), contrastSum / count);
    store<f64>(out, wholeSum / count, 40);
    if (scale == SCALES - 1) return;
    const across = acrossCount >> 1, down = downCount >> 1;
    if (scale == 0) openPlanes(planeAt(ref), planeAt(dist));
    halve<V>(scale + 1, across, down);
    openLevel(scale + 1, across, down);
  }
}
