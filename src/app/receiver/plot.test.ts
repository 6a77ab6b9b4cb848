import * as fc from "fast-check";
import { expect, it } from "vitest";

import {
  bandPath,
  barsPath,
  linePath,
  roundRange,
  scaleOf,
  timeTicksS,
  timeTickWords,
  timeToX,
  type TrendPoint,
} from "./plot.ts";

const y = roundRange(0, 100);
const scale = scaleOf({ x: 0, y: 0, width: 60, height: 100 }, -60, 0, y);
const at = (tS: number, value: number | null): TrendPoint => ({ tS, low: value, mean: value, high: value });

it("puts now at the right end of the plot and the window's begin at its left", () => {
  expect(timeToX(0, 1, 500)).toBe(482);
  expect(timeToX(-60, 1, 500)).toBe(52);
});

it.each([
  [1, 600, ["−60 s", "−50 s", "−40 s", "−30 s", "−20 s", "−10 s", "now"]],
  [30, 200, ["−30 min", "−20 min", "−10 min", "now"]],
] as const)("labels a window of %i minutes in a plot of %i px", (windowMin, widthPx, words) => {
  expect(timeTicksS(windowMin, widthPx).map(timeTickWords)).toEqual(words);
});

it("breaks line and band where nothing was measured, and shows a lone point", () => {
  const points = [at(-50, 10), at(-40, 20), at(-30, null), at(-20, 30)];
  expect(linePath(points, scale)).toBe("M10.0 90.0L20.0 80.0M40.0 70.0h0.1");
  expect(bandPath(points, scale)).toBe("M10.0 90.0L20.0 80.0L20.0 80.0L10.0 90.0Z");
});

it("draws a bar for each bin that holds something", () => {
  const bins = [
    { lowMs: -60, highMs: -50, count: 10 },
    { lowMs: -50, highMs: -40, count: 0 },
  ];
  expect(barsPath(bins, scale)).toBe("M0.0 100.0V90.0h9.0V100.0Z");
});

it.each([
  [0, 30, [0, 8, 16, 24, 32]],
  [0, 0.6, [0, 0.15, 0.3, 0.45, 0.6]],
  [83, 97, [80, 85, 90, 95, 100]],
])("has round steps from %d to %d", (least, greatest, ticks) => {
  expect(roundRange(least, greatest).ticks).toEqual(ticks);
});

it("holds both ends of any range in five ticks", () => {
  const value = fc.double({ min: -1e6, max: 1e6, noNaN: true });
  fc.assert(
    fc.property(value, value, (a, b) => {
      const range = roundRange(Math.min(a, b), Math.max(a, b));
      expect(range.low <= Math.min(a, b) + 1e-6 && range.high >= Math.max(a, b) - 1e-6).toBe(true);
      expect(range.ticks).toHaveLength(5);
      expect(range.ticks.at(-1)).toBe(range.high);
    }),
  );
});
