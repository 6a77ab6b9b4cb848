import { expect, it } from "vitest";

import { clockStepUs } from "./page-clock.shared.ts";

it.each([[5], [100], [1000]])("a clock that moves in steps of %i us is found to do so", (stepUs) => {
  let trueUs = 0;
  const coarseNowUs = () => {
    trueUs += 3;
    return Math.floor(trueUs / stepUs) * stepUs;
  };
  expect(clockStepUs(coarseNowUs)).toBe(stepUs);
});

it("a clock that never moves is no reason to wait for ever", () => {
  expect(clockStepUs(() => 1)).toBe(1);
});
