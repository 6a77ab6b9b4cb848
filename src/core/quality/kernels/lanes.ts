// Arithmetic over V, which is v128 (four f32 lanes) or plain f32. Every kernel is written once over V:
// the SIMD build makes both kinds (v128 for the bulk of a row, f32 for its tail), the scalar build only f32.

/** Lanes in V. */
// @ts-ignore: decorator
@inline
export function lanes<V>(): i32 {
  return <i32>(sizeof<V>() >> 2);
}

// @ts-ignore: decorator
@inline
export function splat<V>(x: f32): V {
  return isVector<V>() ? f32x4.splat(x) : x;
}

/** The f32 at `p` in every lane. */
// @ts-ignore: decorator
@inline
export function spread<V>(p: usize): V {
  return isVector<V>() ? v128.load32_splat(p) : load<f32>(p);
}

// @ts-ignore: decorator
@inline
export function add<V>(a: V, b: V): V {
  return isVector<V>() ? f32x4.add(a, b) : a + b;
}

// @ts-ignore: decorator
@inline
export function sub<V>(a: V, b: V): V {
  return isVector<V>() ? f32x4.sub(a, b) : a - b;
}

// @ts-ignore: decorator
@inline
export function mul<V>(a: V, b: V): V {
  return isVector<V>() ? f32x4.mul(a, b) : a * b;
}

// @ts-ignore: decorator
@inline
export function div<V>(a: V, b: V): V {
  return isVector<V>() ? f32x4.div(a, b) : a / b;
}

/** a + b * c */
// @ts-ignore: decorator
@inline
export function mad<V>(a: V, b: V, c: V): V {
  return add<V>(a, mul<V>(b, c));
}

/** The lesser; operands are never NaN where the result is used. */
// @ts-ignore: decorator
@inline
export function least<V>(a: V, b: V): V {
  return isVector<V>() ? f32x4.pmin(a, b) : b < a ? b : a;
}

/** The greater; operands are never NaN where the result is used. */
// @ts-ignore: decorator
@inline
export function greatest<V>(a: V, b: V): V {
  return isVector<V>() ? f32x4.pmax(a, b) : a < b ? b : a;
}

// @ts-ignore: decorator
@inline
export function magnitude<V>(a: V): V {
  return isVector<V>() ? f32x4.abs(a) : abs<f32>(a);
}

/** All bits of a lane set where a >= b. A mask is only ever used by `both` and `pick`. */
// @ts-ignore: decorator
@inline
export function atLeast<V>(a: V, b: V): V {
  return isVector<V>() ? f32x4.ge(a, b) : reinterpret<f32>(-(<i32>(a >= b)));
}

/** All bits of a lane set where a > b. */
// @ts-ignore: decorator
@inline
export function above<V>(a: V, b: V): V {
  return isVector<V>() ? f32x4.gt(a, b) : reinterpret<f32>(-(<i32>(a > b)));
}

// @ts-ignore: decorator
@inline
export function both<V>(a: V, b: V): V {
  return isVector<V>() ? v128.and(a, b) : reinterpret<f32>(reinterpret<i32>(a) & reinterpret<i32>(b));
}

/** `yes` where the mask is set, else `no`. */
// @ts-ignore: decorator
@inline
export function pick<V>(mask: V, yes: V, no: V): V {
  return isVector<V>() ? v128.bitselect(yes, no, mask) : reinterpret<i32>(mask) != 0 ? yes : no;
}

/** Lanes 0, 2, 4.. of a followed by b; for plain f32 simply a. */
// @ts-ignore: decorator
@inline
export function evens<V>(a: V, b: V): V {
  return isVector<V>() ? v128.shuffle<f32>(a, b, 0, 2, 4, 6) : a;
}

/** Lanes 1, 3, 5.. of a followed by b; for plain f32 simply b. */
// @ts-ignore: decorator
@inline
export function odds<V>(a: V, b: V): V {
  return isVector<V>() ? v128.shuffle<f32>(a, b, 1, 3, 5, 7) : b;
}

/** The binary exponent of each positive lane, as a number. */
// @ts-ignore: decorator
@inline
export function exponent<V>(a: V): V {
  return isVector<V>()
    ? f32x4.convert_i32x4_s(i32x4.sub(i32x4.shr_u(a, 23), i32x4.splat(127)))
    : <f32>(<i32>(reinterpret<u32>(a) >>> 23) - 127);
}

/** Each positive lane divided by the power of two of its exponent: within [1, 2). */
// @ts-ignore: decorator
@inline
export function mantissa<V>(a: V): V {
  return isVector<V>()
    ? v128.or(v128.and(a, i32x4.splat(0x7fffff)), i32x4.splat(0x3f800000))
    : reinterpret<f32>((reinterpret<u32>(a) & 0x7fffff) | 0x3f800000);
}

/** The nearest multiple of 1 / `grid`, upwards from the middle as fixed-point arithmetic does. */
// @ts-ignore: decorator
@inline
export function onGrid<V>(a: V, grid: f32): V {
  const raised = mad<V>(splat<V>(0.5), a, splat<V>(grid));
  return mul<V>(isVector<V>() ? f32x4.floor(raised) : floor<f32>(raised), splat<V>(1 / grid));
}

/** Sum of the lanes. */
// @ts-ignore: decorator
@inline
export function total<V>(a: V): f64 {
  return isVector<V>()
    ? <f64>f32x4.extract_lane(a, 0) +
        <f64>f32x4.extract_lane(a, 1) +
        <f64>f32x4.extract_lane(a, 2) +
        <f64>f32x4.extract_lane(a, 3)
    : <f64>a;
}

/** Samples at `p`, one byte each, as numbers less 128. */
// @ts-ignore: decorator
@inline
export function centred<V>(p: usize): V {
  return isVector<V>()
    ? f32x4.sub(
        f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(p)))),
        f32x4.splat(128),
      )
    : <f32>load<u8>(p) - 128;
}

/** The samples of [from, to) that fill whole vectors end here; the rest is done lane by lane. */
// @ts-ignore: decorator
@inline
export function wholeEnd<V>(from: i32, to: i32): i32 {
  return from + (to > from ? (to - from) & ~(lanes<V>() - 1) : 0);
}
