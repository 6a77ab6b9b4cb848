import { describe, expect, it } from "vitest";

import type { FrameScore } from "../../core/quality/score-report.ts";
import { frameAt } from "./curve.ts";

/** Frames of these ids; no test looks at their figures. */
function framesOf(...ids: readonly number[]): readonly FrameScore[] {
  return ids.map((frame) => ({ frame }) as FrameScore);
}

describe("the frame that is pointed at", () => {
  it.each([
    [0, 10, 0],
    [0.3, 12, 0.2],
    [0.9, 20, 1],
    [1, 20, 1],
  ])("is the scored one nearest to %d of the way", (ratio, frame, own) => {
    expect(frameAt(framesOf(10, 12, 20), ratio)).toMatchObject({ frame: { frame }, ratio: own });
  });

  it("is none where none is scored", () => {
    expect(frameAt([], 0.5)).toBeNull();
  });
});
