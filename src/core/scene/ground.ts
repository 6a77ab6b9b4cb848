import { clamp, clampLuma, createGradient, mix, toYuv } from "./colour.ts";
import type { Fractal } from "./fractal.ts";
import type { Strip } from "./strip.ts";

/** Colours of a sky, `0xRRGGBB`. */
export type SkyLook = {
  /** From the zenith down to the horizon. */
  readonly stops: readonly number[];
  readonly cloud: number;
  /** How much sky stays clear, -4000 overcast to 4000 clear. */
  readonly clearness: number;
};

/** Fills a strip from the top down to the horizon with sky and clouds. */
export function fillSky(strip: Strip, noise: Fractal, look: SkyLook, horizonPx: number): void {
  const { widthPx } = strip;
  const colours = createGradient(look.stops, horizonPx);
  const cloud = toYuv(look.cloud);
  const { side, heights } = noise;
  const mask = side - 1;
  for (let y = 0; y < horizonPx; y += 1) {
    const colour = colours[y]!;
    const down =
      Math.floor((y * side * 5) / (horizonPx * 8)) + Math.floor((y * y * side) / (horizonPx * horizonPx * 2));
    const row = (down & mask) * side;
    const above = ((down - (side >> 6)) & mask) * side;
    const clear = look.clearness - (((y * 1500) / horizonPx) | 0);
    const chroma = (y & 1) === 0;
    const chromaRow = (y >> 1) * (widthPx >> 1);
    for (let x = 0; x < widthPx; x += 1) {
      const here = heights[row + (x & mask)]!;
      const cover = clamp((here - clear) >> 4, 0, 236);
      const lit = clamp((here - heights[above + (x & mask)]!) >> 6, -34, 30);
      strip.luma.bytes[y * widthPx + x] = clampLuma(mix(colour.y, cloud.y + lit, cover));
      if (chroma && (x & 1) === 0) {
        strip.u.bytes[chromaRow + (x >> 1)] = mix(colour.u, cloud.u, cover);
        strip.v.bytes[chromaRow + (x >> 1)] = mix(colour.v, cloud.v, cover);
      }
    }
  }
}

/** How a range of hills looks. */
export type RangeLook = {
  /** On the ridge and far below it, `0xRRGGBB`. */
  readonly high: number;
  readonly low: number;
  /** Another colour that grows in patches. */
  readonly patch: number;
  /** Colour of the air before it, and how thick at the foot, 0 to 256. */
  readonly haze: number;
  readonly hazeAtFoot: number;
  readonly hazeAtRidge: number;
  /** Contrast of the light on its slopes, 0 to 256. */
  readonly relief: number;
  /** Snow down to so many pixels below the ridge; 0: none. */
  readonly snowPx: number;
  /** Rows over which ridge turns into foot. */
  readonly depthPx: number;
  /** Shifts the noise, so that ranges do not look alike. */
  readonly shift: number;
};

const snow = toYuv(0xf4f6fa);

/** Fills one plane; `step` is 2 for chroma, which has every second column and row. */
function fillRangePlane(
  strip: Strip,
  part: "y" | "u" | "v",
  step: 1 | 2,
  topPx: Int32Array,
  noise: Fractal,
  look: RangeLook,
): void {
  const out = part === "y" ? strip.luma.bytes : strip[part].bytes;
  const { side, heights } = noise;
  const mask = side - 1;
  const reach = Math.max(2, side >> 9);
  const patch = toYuv(look.patch)[part];
  const haze = toYuv(look.haze)[part];
  const [high, low] = [toYuv(look.high)[part], toYuv(look.low)[part]];
  const ramp = Int16Array.from({ length: 257 }, (_, down) => mix(high, low, down));
  const air = Int16Array.from({ length: 257 }, (_, down) => mix(look.hazeAtRidge, look.hazeAtFoot, down));
  const downPerRow = Math.floor((256 * 256) / look.depthPx);
  for (let y = 0; y < strip.heightPx; y += step) {
    const row = ((y + look.shift * 3) & mask) * side;
    const above = ((y + look.shift * 3 - reach) & mask) * side;
    let to = (y / step) * (strip.widthPx / step);
    for (let x = 0; x < strip.widthPx; x += step, to += 1) {
      const below = y - topPx[x]!;
      if (below < 0) continue;
      const here = heights[row + ((x + look.shift) & mask)]!;
      const slope = heights[above + ((x + look.shift + reach) & mask)]! - here;
      const down = Math.min(256, (below * downPerRow) >> 8);
      let value = mix(ramp[down]!, patch, clamp((here >> 4) + 40, 0, 200));
      if (below < look.snowPx * 2) {
        value = mix(value, snow[part], clamp((look.snowPx - below) * 8 + (here >> 4) + (slope >> 3), 0, 240));
      }
      if (step === 1) value += clamp((slope * look.relief) >> 13, -70, 70);
      out[to] = clampLuma(mix(value, haze, air[down]!));
    }
  }
}

/** Fills a strip below a ridge line with hills: lit from the left, hazy with depth. */
export function fillRange(strip: Strip, topPx: Int32Array, noise: Fractal, look: RangeLook): void {
  fillRangePlane(strip, "y", 1, topPx, noise, look);
  fillRangePlane(strip, "u", 2, topPx, noise, look);
  fillRangePlane(strip, "v", 2, topPx, noise, look);
}
