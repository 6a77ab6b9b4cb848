// Mean absolute difference of two blurred pictures: the mean magnitude of their blurred difference, blurring being linear.
import { height, planeAt, rowAt, width } from "./arena";
import { MOTION, along } from "./gauss";
import { add, lanes, mad, magnitude, mul, spread, splat, total, wholeEnd } from "./lanes";
import { mirrorEnds } from "./moments";
import { differ, mirrored } from "./source";

/** Rows of differences in turn, then the row filtered down and the row filtered along. */
const RING: i32 = 8;
const DOWN: i32 = 8;
const ALONG: i32 = 9;

function sumOf<V>(from: i32, to: i32): f64 {
  const row = rowAt(ALONG);
  let sum = splat<V>(0);
  for (let x = <usize>from << 2; x < <usize>to << 2; x += sizeof<V>()) {
    sum = add<V>(sum, magnitude<V>(load<V>(row + x)));
  }
  return total<V>(sum);
}

// @ts-ignore: decorator
@inline
function differenceRow(row: i32): usize {
  return rowAt(mirrored(row, height) & (RING - 1));
}

function blurDown<V>(row: i32): void {
  const a = differenceRow(row - 2), b = differenceRow(row - 1), c = differenceRow(row);
  const d = differenceRow(row + 1), e = differenceRow(row + 2), to = rowAt(DOWN);
  const far = spread<V>(MOTION), near = spread<V>(MOTION + 4), middle = spread<V>(MOTION + 8);
  for (let x: usize = 0; x < <usize>width << 2; x += sizeof<V>()) {
    const inner = mad<V>(mul<V>(middle, load<V>(c + x)), near, add<V>(load<V>(b + x), load<V>(d + x)));
    store<V>(to + x, mad<V>(inner, far, add<V>(load<V>(a + x), load<V>(e + x))));
  }
}

/** Mean absolute difference of the blurred pictures of two slots. */
export function motionOf<V>(slotA: i32, slotB: i32): f64 {
  const a = planeAt(slotA), b = planeAt(slotB);
  const whole = wholeEnd<V>(0, width);
  let sum: f64 = 0;
  let ready = 0;
  for (let y = 0; y < height; y++) {
    for (; ready <= min(y + 2, height - 1); ready++) {
      const from = <usize>ready * <usize>width;
      differ<V>(a + from, b + from, rowAt(ready & (RING - 1)), width);
    }
    blurDown<V>(y);
    mirrorEnds(rowAt(DOWN), width, 2);
    along<V>(rowAt(DOWN), rowAt(ALONG), 0, width, MOTION, 2);
    sum += sumOf<V>(0, whole);
    if (lanes<V>() > 1) sum += sumOf<f32>(whole, width);
  }
  return sum / (<f64>width * <f64>height);
}
