import { expect, it } from "vitest";

import { timeTicksS, timeTickWords, timeToX } from "./plot.ts";

it("puts now at the right end of the plot and the window's begin at its left", () => {
  expect(timeToX(0, 1, 500)).toBe(486);
  expect(timeToX(-60, 1, 500)).toBe(52);
});

it.each([
  [1, ["−60 s", "−50 s", "−40 s", "−30 s", "−20 s", "−10 s", "now"]],
  [30, ["−30 min", "−25 min", "−20 min", "−15 min", "−10 min", "−5 min", "now"]],
] as const)("labels a window of %i minutes", (windowMin, words) => {
  expect(timeTicksS(windowMin).map(timeTickWords)).toEqual(words);
});
