import { expect, it } from "vitest";

import { qualityAxis, toGuardWords } from "./quality-view.ts";

const at = (low: number, high: number) => [{ tS: -1, low, mean: (low + high) / 2, high }];

it.each([
  ["vmaf", 78, 99, [68, 76, 84, 92, 100]],
  ["vmaf", 0, 100, [0, 25, 50, 75, 100]],
  ["psnrYDb", 33, 38, [30, 32.5, 35, 37.5, 40]],
  ["ssim", 0.97, 0.99, [0.94, 0.955, 0.97, 0.985, 1]],
] as const)("an axis for a %s of %d to %d goes no further than its best", (name, low, high, ticks) => {
  expect(qualityAxis(name, at(low, high)).ticks).toEqual(ticks);
});

it.each([
  [{ state: "sparing", paceRatio: 0.25, roseMs: null }, "begins with 25 % of its share"],
  [{ state: "paused", roseMs: 23.4 }, "rose by 23 ms"],
  [{ state: "off" }, "does not hold back"],
  [{ state: "sparing", paceRatio: 0.125, roseMs: 23.4 }, "takes 13 % of its share"],
] as const)("scoring that is %j says so", (guard, words) => {
  expect(toGuardWords(guard)).toContain(words);
});

it("scoring that nothing holds back says nothing of it", () => {
  expect(toGuardWords({ state: "free" })).toBeNull();
});
