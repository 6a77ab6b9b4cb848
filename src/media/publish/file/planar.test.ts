import { expect, it } from "vitest";

import { toPlanes } from "./planar.shared.ts";

/** Four pixels of one colour. */
const block = (...rgb: readonly number[]): Uint8Array =>
  Uint8Array.from([1, 2, 3, 4].flatMap(() => [...rgb, 255]));

// ITU-R BT.709, 8 bit: E'Y, E'CB and E'CR of the colour bars' corners.
it.each([
  ["black", [0, 0, 0], [16, 128, 128]],
  ["white", [255, 255, 255], [235, 128, 128]],
  ["red", [255, 0, 0], [63, 102, 240]],
  ["green", [0, 255, 0], [173, 42, 26]],
  ["blue", [0, 0, 255], [32, 240, 118]],
])("%s is what BT.709 says in limited range", (_name, rgb, [luma, cb, cr]) => {
  expect([...toPlanes(block(...rgb), 2, 2)]).toEqual([luma, luma, luma, luma, cb, cr]);
});
