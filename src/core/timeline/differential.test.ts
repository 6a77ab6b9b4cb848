import { describe, expect, it } from "vitest";

import { createComparison, rememberedCount } from "./differential.ts";
import { quietPath, walkPath, type PathScript } from "./path.fake.ts";

const [control, held] = [1, 2];

/** Both streams of one sender, each over a path of its own, displayed as one receiver's clock has them. */
function compare(ofControl: Partial<PathScript>, ofHeld: Partial<PathScript>) {
  const comparison = createComparison();
  comparison.add(control);
  comparison.add(held);
  comparison.setControl(control);
  const steps = [
    ...[...walkPath({ ...quietPath, ...ofControl })].map((step) => ({ id: control, step })),
    ...[...walkPath({ ...quietPath, seed: 2, ...ofHeld })].map((step) => ({ id: held, step })),
  ].toSorted((a, b) => a.step.atUs - b.step.atUs);
  for (const { id, step } of steps) {
    if (step.kind === "observation") comparison.observe(id, step.observation);
  }
  return comparison;
}

describe("differential latency", () => {
  it.each([0, 137, 500, 2000, 20_000])("is the %i ms by which a path is held back", (heldMs) => {
    const { p50, pairCount } = compare({}, { heldMs }).read(held);
    expect(pairCount).toBe(quietPath.frameCount);
    expect(p50.known && Math.abs(p50.value - heldMs)).toBeLessThan(p50.known ? p50.bound + 1 : 0);
  });

  it("is negative where the control is the slower one", () => {
    expect(compare({ heldMs: 300 }, {}).read(held).p50).toMatchObject({ value: expect.closeTo(-300, -1) });
  });

  it("does not see the sender's clock", () => {
    const clock = { senderAheadMs: -40_000, senderDriftPpm: 50 };
    const { p50 } = compare(clock, { ...clock, heldMs: 500 }).read(held);
    expect(p50).toMatchObject({ value: expect.closeTo(500, -1) });
  });

  it("counts a frame only when both displayed it, and once", () => {
    const { pairCount } = compare(
      { dropped: new Set([3, 4]) },
      { dropped: new Set([4, 9]), repeated: new Set([20]) },
    ).read(held);
    expect(pairCount).toBe(quietPath.frameCount - 3);
  });

  it("is missing between two runs, with the reason", () => {
    expect(compare({}, { runNumber: 8 }).read(held)).toMatchObject({
      p50: { known: false, why: "it shows another run than the control" },
      pairCount: 0,
    });
  });

  it("begins anew under another control", () => {
    const comparison = compare({}, { heldMs: 500 });
    comparison.setControl(held);
    expect(comparison.read(control).pairCount).toBe(0);
    expect(comparison.read(held).p50).toEqual({ known: false, why: "this stream is the control" });
  });

  it("forgets the control's frames of long ago instead of growing", () => {
    const frameCount = 2 * rememberedCount;
    const heldMs = ((rememberedCount + 30) * 1000) / quietPath.fps;
    expect(compare({ frameCount }, { frameCount, heldMs }).read(held).pairCount).toBeLessThan(
      rememberedCount + 60,
    );
  });
});
