import { fixedModules } from "./pattern.ts";
import { markerSideCount } from "./qr.ts";
import { toneOf } from "./sample.kernel.ts";

const side: number = markerSideCount;
const moduleCount: number = side * side;
/** The module itself, its neighbours beside, above and below, across corners, the place across and down, and one. */
const termCount = 7;
/** Keeps the fit tame where a picture is so flat that many filters would do; luma squared per module. */
const ridge = 4;

/** Row length of samples with one ring of quiet zone about them. */
const framedSide: number = side + 2;

/** The samples less `middle`, with a ring of what lies outside, so that every module has eight neighbours. */
function frameSamples(samples: Float32Array, middle: number, outside: number): Float32Array {
  const framed = new Float32Array(framedSide * framedSide).fill(outside - middle);
  for (let y = 0; y < side; y += 1) {
    for (let x = 0; x < side; x += 1) {
      framed[(y + 1) * framedSide + x + 1] = samples[y * side + x]! - middle;
    }
  }
  return framed;
}

/** Writes the terms of one module; places and one are scaled to luma's size, so that the ridge weighs all alike. */
function writeTerms(terms: Float64Array, framed: Float32Array, x: number, y: number): void {
  const at = (y + 1) * framedSide + x + 1;
  const above = at - framedSide;
  const below = at + framedSide;
  terms[0] = framed[at]!;
  terms[1] = framed[at - 1]! + framed[at + 1]!;
  terms[2] = framed[above]! + framed[below]!;
  terms[3] = framed[above - 1]! + framed[above + 1]! + framed[below - 1]! + framed[below + 1]!;
  terms[4] = (x - side / 2) * 4;
  terms[5] = (y - side / 2) * 4;
  terms[6] = 64;
}

/** Solves the symmetric system in place by elimination; the ridge keeps every pivot above zero. */
function solve(matrix: Float64Array, right: Float64Array): Float64Array {
  for (let pivot = 0; pivot < termCount; pivot += 1) {
    for (let row = pivot + 1; row < termCount; row += 1) {
      const factor = matrix[row * termCount + pivot]! / matrix[pivot * termCount + pivot]!;
      for (let column = pivot; column < termCount; column += 1) {
        matrix[row * termCount + column]! -= factor * matrix[pivot * termCount + column]!;
      }
      right[row]! -= factor * right[pivot]!;
    }
  }
  for (let row = termCount - 1; row >= 0; row -= 1) {
    for (let column = row + 1; column < termCount; column += 1) {
      right[row]! -= matrix[row * termCount + column]! * right[column]!;
    }
    right[row]! /= matrix[row * termCount + row]!;
  }
  return right;
}

/** Weights of the terms that bring the fixed modules closest to what they must be. */
function fitWeights(framed: Float32Array): Float64Array {
  const matrix = new Float64Array(termCount * termCount);
  const right = new Float64Array(termCount);
  const terms = new Float64Array(termCount);
  for (let index = 0; index < termCount; index += 1) matrix[index * termCount + index] = ridge * moduleCount;
  for (let module = 0; module < moduleCount; module += 1) {
    const fixed = fixedModules[module]!;
    if (fixed < 0) continue;
    writeTerms(terms, framed, module % side, (module / side) | 0);
    for (let row = 0; row < termCount; row += 1) {
      const term = terms[row]!;
      right[row]! += term * (1 - 2 * fixed);
      for (let column = 0; column < termCount; column += 1) {
        matrix[row * termCount + column]! += term * terms[column]!;
      }
    }
  }
  return solve(matrix, right);
}

/**
 * Tells how light each module is after undoing what the picture's way did to the fixed ones: blur across modules by scaling and
 * encoding, uneven lighting, faded contrast. A linear filter is fitted to the fixed modules by least squares, so every frame
 * is judged by its own training sequence, as a modem's equaliser is.
 * @returns row-major, above 0 is light; -1 and 1 are what dark and light come out as on average
 */
export function equalise(samples: Float32Array): Float32Array {
  const tone = toneOf(samples);
  const framed = frameSamples(samples, (tone.darkMean + tone.lightMean) / 2, tone.lightMean);
  const weights = fitWeights(framed);
  const terms = new Float64Array(termCount);
  const lightness = new Float32Array(moduleCount);
  for (let module = 0; module < moduleCount; module += 1) {
    writeTerms(terms, framed, module % side, (module / side) | 0);
    let sum = 0;
    for (let index = 0; index < termCount; index += 1) sum += weights[index]! * terms[index]!;
    lightness[module] = sum;
  }
  return lightness;
}

/**
 * The symbol as a clean picture of one pixel a module, 0 dark and 255 light: fixed modules as they must be, the rest by sign of
 * their lightness.
 */
export function cleanSymbol(lightness: Float32Array): Uint8ClampedArray {
  const picture = new Uint8ClampedArray(moduleCount);
  for (let module = 0; module < moduleCount; module += 1) {
    const fixed = fixedModules[module]!;
    const isLight = fixed < 0 ? lightness[module]! > 0 : fixed === 0;
    picture[module] = isLight ? 255 : 0;
  }
  return picture;
}
