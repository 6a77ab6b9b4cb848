import { expect, it } from "vitest";

import { createLiveQuality, type ScoredFrame } from "./live-quality.ts";

function scored(frameId: number, vmaf: number): ScoredFrame {
  return {
    runNumber: 1,
    frameId,
    displayedAtUs: 1_000_000_000 + frameId * 250_000,
    map: "a map",
    vmaf,
    vmafNeg: vmaf - 2,
    psnrYDb: 40,
    ssim: 0.98,
  };
}

it("scores are summed up with how sure the mean is, and which part of the frames they are of", () => {
  const quality = createLiveQuality();
  expect(quality.read().vmaf.mean).toMatchObject({ known: false });
  for (let frameId = 0; frameId < 100; frameId += 1) {
    quality.addDisplayed();
    if (frameId % 2 === 0) quality.add(scored(frameId, frameId % 4 === 0 ? 80 : 90));
  }
  const { vmaf, ssim, scoredCount, scoredRatio } = quality.read();
  expect(scoredCount).toBe(50);
  expect(scoredRatio).toEqual({ known: true, value: 0.5, bound: 0 });
  expect(vmaf.now).toMatchObject({ value: 90 });
  expect(vmaf.mean).toMatchObject({ value: 85 });
  expect(vmaf.mean.known && vmaf.mean.bound).toBeCloseTo(0.05 + (1.96 * 5) / Math.sqrt(50));
  expect(vmaf.min).toMatchObject({ value: 80 });
  expect(vmaf.p5.known && vmaf.p5.value).toBeCloseTo(80);
  expect(ssim.p5.known && ssim.p5.value).toBeCloseTo(0.98);
  quality.reset();
  expect(quality.read().scoredCount).toBe(0);
});

it("the curve keeps the least and greatest of each stretch, and breaks where nothing was scored for long", () => {
  const quality = createLiveQuality();
  for (const frameId of [0, 1, 2, 100, 101]) quality.add(scored(frameId, frameId));
  const points = quality.history(1, 1_000_000_000 + 102 * 250_000).vmaf;
  expect(points.map(({ low, high }) => [low, high])).toEqual([
    [0, 1],
    [2, 2],
    [null, null],
    [100, 101],
  ]);
  expect(quality.frames().map(({ frameId }) => frameId)).toEqual([0, 1, 2, 100, 101]);
});
