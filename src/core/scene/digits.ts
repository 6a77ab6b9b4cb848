import type { Planes } from "./planes.ts";

/** Five by seven dots, a row each as five bits, the left dot highest. */
const glyphs: Readonly<Record<string, readonly number[]>> = {
  "0": [14, 17, 19, 21, 25, 17, 14],
  "1": [4, 12, 4, 4, 4, 4, 14],
  "2": [14, 17, 1, 6, 8, 16, 31],
  "3": [14, 17, 1, 6, 1, 17, 14],
  "4": [2, 6, 10, 18, 31, 2, 2],
  "5": [31, 16, 30, 1, 1, 17, 14],
  "6": [6, 8, 16, 30, 17, 17, 14],
  "7": [31, 1, 2, 4, 8, 8, 8],
  "8": [14, 17, 17, 14, 17, 17, 14],
  "9": [14, 17, 17, 15, 1, 2, 12],
  ":": [0, 4, 4, 0, 4, 4, 0],
  ".": [0, 0, 0, 0, 0, 6, 6],
  "-": [0, 0, 0, 31, 0, 0, 0],
  " ": [0, 0, 0, 0, 0, 0, 0],
  A: [14, 17, 17, 31, 17, 17, 17],
  C: [14, 17, 16, 16, 16, 17, 14],
  E: [31, 16, 16, 30, 16, 16, 31],
  F: [31, 16, 16, 30, 16, 16, 16],
  M: [17, 27, 21, 21, 17, 17, 17],
  N: [17, 25, 21, 19, 17, 17, 17],
  R: [30, 17, 17, 30, 20, 18, 17],
  T: [31, 4, 4, 4, 4, 4, 4],
  U: [17, 17, 17, 17, 17, 17, 14],
};

/** Dots from one character's left edge to the next one's. */
const advanceDots = 6;

/** The characters that can be drawn. */
export const drawableCharacters: string = Object.keys(glyphs).join("");

/**
 * Draws text onto the luma; the ground stays as it is.
 * @param text only `drawableCharacters`; others are a bug and throw
 * @param xPx left edge of the first character; the text must lie within the picture
 * @param dotPx side of one font dot
 * @param luma brightness of the text
 */
export function drawText(
  planes: Planes,
  text: string,
  xPx: number,
  yPx: number,
  dotPx: number,
  luma: number,
): void {
  for (let index = 0; index < text.length; index += 1) {
    const glyph = glyphs[text.charAt(index)];
    if (glyph === undefined) throw new RangeError(`no glyph for ${JSON.stringify(text.charAt(index))}`);
    const left = xPx + index * advanceDots * dotPx;
    for (let row = 0; row < 7; row += 1) {
      for (let column = 0; column < 5; column += 1) {
        if (((glyph[row]! >> (4 - column)) & 1) === 0) continue;
        for (let line = 0; line < dotPx; line += 1) {
          const at = (yPx + row * dotPx + line) * planes.widthPx + left + column * dotPx;
          planes.luma.fill(luma, at, at + dotPx);
        }
      }
    }
  }
}
