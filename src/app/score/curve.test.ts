import { expect, it } from "vitest";

import type { FrameScore } from "../../core/quality/score-report.ts";
import { curveSamples } from "./curve.ts";

const box = { x: 40, y: 10, width: 100, height: 150 };

/** Frames with these ids and PSNRs; no test looks at their other figures. */
function framesOf(...frames: readonly (readonly [frame: number, psnrY: number])[]): readonly FrameScore[] {
  return frames.map(([frame, psnrY]) => ({ frame, psnrY }) as FrameScore);
}

it("gives a cursor each scored frame at its place between the first and the last", () => {
  const frames = framesOf([10, 41], [12, 38.25], [20, 40.04]);
  expect(curveSamples(frames, { name: "psnrY", unit: "dB", box })).toEqual([
    { xPx: 40, figures: [{ words: "frame 10: 41.0 dB" }] },
    { xPx: 60, figures: [{ words: "frame 12: 38.3 dB" }] },
    { xPx: 140, figures: [{ words: "frame 20: 40.0 dB" }] },
  ]);
});

it("puts the only frame at the begin of the axis, and says nothing for a unit that there is not", () => {
  const frames = framesOf([7, 30]);
  expect(curveSamples(frames, { name: "psnrY", unit: "", box })).toEqual([
    { xPx: 40, figures: [{ words: "frame 7: 30.0" }] },
  ]);
});
