import { fixedModules } from "./pattern.ts";
import type { Projection } from "./projection.ts";
import { markerSideCount } from "./qr.ts";

/** One plane of luma, 8 bits a pixel. */
export type LumaPlane = {
  readonly data: Uint8Array;
  readonly widthPx: number;
  readonly heightPx: number;
  /** Bytes from one line to the next. */
  readonly strideBytes: number;
};

/** What dark and light are on a marker's fixed modules; their difference says how plainly it is there. */
export type MarkerTone = { readonly darkMean: number; readonly lightMean: number };

const side: number = markerSideCount;
const moduleCount: number = side * side;

/** Luma between pixel centres, by its four neighbours; outside the plane its edge goes on. */
function lumaAt(plane: LumaPlane, xPx: number, yPx: number): number {
  const { data, widthPx, heightPx, strideBytes } = plane;
  const x = Math.min(Math.max(xPx - 0.5, 0), widthPx - 1);
  const y = Math.min(Math.max(yPx - 0.5, 0), heightPx - 1);
  const left = x | 0;
  const top = y | 0;
  const right = left + 1 < widthPx ? 1 : 0;
  const below = top + 1 < heightPx ? strideBytes : 0;
  const at = top * strideBytes + left;
  const fx = x - left;
  const upper = data[at]! + (data[at + right]! - data[at]!) * fx;
  const lower = data[at + below]! + (data[at + below + right]! - data[at + below]!) * fx;
  return upper + (lower - upper) * (y - top);
}

/** Mean of the taps about one module's centre. */
function moduleLuma(plane: LumaPlane, map: Projection, module: number, spread: number, taps: number): number {
  const centreX = (module % side) + 0.5;
  const centreY = Math.floor(module / side) + 0.5;
  let sum = 0;
  for (let tap = 0; tap < taps * taps; tap += 1) {
    const u = (centreX + spread * ((tap % taps) - (taps - 1) / 2)) / side;
    const v = (centreY + spread * (Math.floor(tap / taps) - (taps - 1) / 2)) / side;
    const depth = map.g * u + map.h * v + 1;
    sum += lumaAt(
      plane,
      (map.ax * u + map.bx * v + map.cx) / depth,
      (map.ay * u + map.by * v + map.cy) / depth,
    );
  }
  return sum / (taps * taps);
}

/**
 * Luma of every module of a marker, row-major.
 * @param taps points taken per module along one axis; more where modules are large, against noise
 * @param spread distance of neighbouring taps, modules
 */
export function sampleModules(plane: LumaPlane, map: Projection, taps: number, spread: number): Float32Array {
  const samples = new Float32Array(moduleCount);
  for (let module = 0; module < moduleCount; module += 1) {
    samples[module] = moduleLuma(plane, map, module, spread, taps);
  }
  return samples;
}

/** Dark and light of the fixed modules among samples of a whole marker. */
export function toneOf(samples: Float32Array): MarkerTone {
  const sums = [0, 0];
  const counts = [0, 0];
  for (let module = 0; module < moduleCount; module += 1) {
    const fixed = fixedModules[module]!;
    if (fixed < 0) continue;
    sums[fixed]! += samples[module]!;
    counts[fixed]! += 1;
  }
  return { lightMean: sums[0]! / counts[0]!, darkMean: sums[1]! / counts[1]! };
}

/**
 * How well a place fits: mean luma of what must be light less that of what must be dark, one tap a module. 219 for a marker
 * as drawn, about 0 for anything else.
 */
export function fitOf(plane: LumaPlane, map: Projection): number {
  let light = 0;
  let dark = 0;
  let lightCount = 0;
  let darkCount = 0;
  for (let module = 0; module < moduleCount; module += 1) {
    const fixed = fixedModules[module]!;
    if (fixed < 0) continue;
    const luma = moduleLuma(plane, map, module, 0, 1);
    if (fixed === 0) {
      light += luma;
      lightCount += 1;
    } else {
      dark += luma;
      darkCount += 1;
    }
  }
  return light / lightCount - dark / darkCount;
}
