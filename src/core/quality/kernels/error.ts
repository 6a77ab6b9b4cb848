// Mean squared error, exact.
import { height, planeAt, width } from "./arena";

/** Samples whose squared differences a 32-bit lane can hold: 2 * 255^2 go into it at a time. */
const BLOCK: i32 = 1 << 15;

function squares(a: usize, b: usize, count: i32): u64 {
  let sum: u64 = 0;
  let x = 0;
  if (ASC_FEATURE_SIMD) {
    let lane = i32x4.splat(0);
    for (; x + 8 <= count; x += 8) {
      const p = v128.load_ext<u8>(a + x), q = v128.load_ext<u8>(b + x);
      const d = i16x8.sub(p, q);
      lane = i32x4.add(lane, i32x4.dot_i16x8_s(d, d));
    }
    sum += <u32>i32x4.extract_lane(lane, 0);
    sum += <u32>i32x4.extract_lane(lane, 1);
    sum += <u32>i32x4.extract_lane(lane, 2);
    sum += <u32>i32x4.extract_lane(lane, 3);
  }
  for (; x < count; x++) {
    const d = <i32>load<u8>(a + x) - <i32>load<u8>(b + x);
    sum += <u64>(d * d);
  }
  return sum;
}

/** Mean squared error of the pictures of two slots. */
export function squaredErrorOf(slotA: i32, slotB: i32): f64 {
  const a = planeAt(slotA), b = planeAt(slotB);
  const count = width * height;
  let sum: u64 = 0;
  for (let x = 0; x < count; x += BLOCK) sum += squares(a + x, b + x, min(BLOCK, count - x));
  return <f64>sum / <f64>count;
}
