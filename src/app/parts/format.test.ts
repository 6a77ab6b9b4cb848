import { expect, it } from "vitest";

import { measured, missing } from "../../core/measured.ts";
import { figureWords, toElapsed, toFigure, toPercent } from "./format.ts";

it.each([
  [measured(38.24, 1.02), "38.2 ± 1.0 ms"],
  [measured(38.24, 0.01), "38.2 ± <0.1 ms"],
  [measured(-3.25, 0.5), "−3.3 ± 0.5 ms"],
  [measured(-0.01), "0.0 ms"],
  [missing("no frame yet"), "not known: no frame yet"],
])("prints a figure with its bound and unit, never a missing one as 0: %o", (figure, words) => {
  expect(figureWords(toFigure(figure, "ms", 1))).toBe(words);
});

it("prints a count without a bound", () => {
  expect(figureWords(toFigure(measured(7), "", 0))).toBe("7");
});

it("prints a ratio in percent with its bound", () => {
  expect(figureWords(toPercent(measured(0.9985, 0.001), 2))).toBe("99.85 ± 0.10 %");
});

it.each([
  [0, "0:00"],
  [62_900, "1:02"],
  [3_723_000, "1:02:03"],
])("prints %i ms of elapsed time as %s", (elapsedMs, words) => {
  expect(toElapsed(elapsedMs)).toBe(words);
});
