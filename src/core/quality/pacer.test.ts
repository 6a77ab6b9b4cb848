import { expect, it } from "vitest";

import type { Steps } from "../steps.ts";
import { createPacer } from "./pacer.ts";

/** Steps of 10 ms each by a clock of its own, at this share of a core. */
async function pace(shareRatio: number, stepCount: number) {
  let nowMs = 0;
  const restsMs: number[] = [];
  const pacer = createPacer({
    nowMs: () => nowMs,
    rest: async (restMs) => {
      restsMs.push(restMs);
      nowMs += restMs;
    },
    shareRatio,
  });
  function* steps(): Steps<string> {
    for (let step = 1; step < stepCount; step += 1) {
      nowMs += 10;
      yield;
    }
    nowMs += 10;
    return "done";
  }
  expect(await pacer.run(steps())).toBe("done");
  return { nowMs, restsMs, workedMs: pacer.workedMs() };
}

it("work rests between its steps as its share asks, and its rests are no work", async () => {
  expect(await pace(0.25, 5)).toEqual({ nowMs: 170, restsMs: [30, 30, 30, 30], workedMs: 50 });
  expect(await pace(1, 5)).toEqual({ nowMs: 50, restsMs: [], workedMs: 50 });
  expect((await pace(0, 3)).restsMs).toEqual([500, 500]);
});
