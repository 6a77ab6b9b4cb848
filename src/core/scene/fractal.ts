import { createRandom } from "./random.ts";

/** Fractal noise on a torus: detail at every scale down to one pixel, no seam. */
export type Fractal = {
  /** Width and height; a power of two, so that coordinates wrap by `& (side - 1)`. */
  readonly side: number;
  /** Row-major, about -16000 to 16000 and mostly within a third of that. */
  readonly heights: Int16Array;
};

const coarsestSide = 4;
const firstAmplitude = 12_000;

/** Doubles a torus of noise by quadratic B-spline subdivision and adds the finer scale's own randomness. */
function refine(coarse: Int16Array, side: number, amplitude: number, bits: () => number): Int16Array {
  const fineSide = side * 2;
  const mask = side - 1;
  const fine = new Int16Array(fineSide * fineSide);
  for (let row = 0; row < fineSide; row += 1) {
    const near = (row >> 1) * side;
    const far = (((row >> 1) + (row % 2 === 0 ? mask : 1)) & mask) * side;
    let out = row * fineSide;
    let left = 3 * coarse[near + mask]! + coarse[far + mask]!;
    let here = 3 * coarse[near]! + coarse[far]!;
    for (let column = 0; column < side; column += 1) {
      const next = (column + 1) & mask;
      const right = 3 * coarse[near + next]! + coarse[far + next]!;
      const noise = bits();
      fine[out] = ((3 * here + left) >> 4) + (((noise >> 16) * amplitude) >> 15);
      fine[out + 1] = ((3 * here + right) >> 4) + ((((noise << 16) >> 16) * amplitude) >> 15);
      left = here;
      here = right;
      out += 2;
    }
  }
  return fine;
}

/**
 * Makes fractal noise by refinement from 4x4 up, so that the same seed gives the same shapes at every side, with more detail where
 * there are more pixels.
 * @param persistence256 each finer scale's amplitude against the one above it, in 256ths: 110 is smooth, 150 rough
 */
export function createFractal(seed: number, side: number, persistence256: number): Fractal {
  let current: Int16Array = new Int16Array(coarsestSide * coarsestSide);
  const first = createRandom(seed);
  for (let index = 0; index < current.length; index += 1) {
    current[index] = ((first.bits() >> 16) * firstAmplitude) >> 15;
  }
  let amplitude = firstAmplitude;
  for (let size = coarsestSide; size < side; size *= 2) {
    amplitude = (amplitude * persistence256) >> 8;
    current = refine(current, size, amplitude, createRandom(seed + size).bits);
  }
  return { side, heights: current };
}

/**
 * A ridge line: `count` heights between -1000 and 1000, fractal, by midpoint displacement.
 * @param roughness256 each finer scale's amplitude against the one above it, in 256ths
 */
export function createRidge(seed: number, count: number, roughness256: number): Int32Array {
  const random = createRandom(seed);
  let line: Int32Array = Int32Array.from({ length: 9 }, () => random.between(-600, 600));
  for (let amplitude = 400; line.length < count; amplitude = (amplitude * roughness256) >> 8) {
    const finer = new Int32Array(line.length * 2 - 1);
    for (let index = 0; index < line.length - 1; index += 1) {
      finer[index * 2] = line[index]!;
      const middle = (line[index]! + line[index + 1]!) >> 1;
      finer[index * 2 + 1] = middle + random.between(-amplitude, amplitude);
    }
    finer[finer.length - 1] = line.at(-1)!;
    line = finer;
  }
  const stretched = new Int32Array(count);
  for (let index = 0; index < count; index += 1) {
    const place = index * (line.length - 1);
    const before = Math.floor(place / count);
    const share = place - before * count;
    const height = Math.floor((line[before]! * (count - share) + line[before + 1]! * share) / count);
    stretched[index] = Math.max(-1000, Math.min(1000, height));
  }
  return stretched;
}
