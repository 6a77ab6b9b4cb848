import { expect, it } from "vitest";

import type { StreamChart, TrendFigure } from "../../core/wire/runs.ts";
import { comparedSamples, latencySamples, trendSamples } from "./cursor-samples.ts";

const wordsOf = (samples: ReturnType<typeof latencySamples>) =>
  samples.map(({ xPx, figures }) => [xPx, ...figures.map(({ words }) => words)]);

const chartOf = (sliceMs: number, meanMs: readonly (number | null)[]): StreamChart => ({
  fromUs: 0,
  sliceUs: sliceMs * 1000,
  frameCounts: meanMs.map((mean) => (mean === null ? 0 : 30)),
  meanMs,
  leastMs: meanMs,
  greatestMs: meanMs,
});

it("shows a run's slices by their mean and range, and leaves out those without a frame", () => {
  const points = [
    { atS: 0, mean: 40, band: [38, 44.5] as const, fps: 30 },
    { atS: 0.5, mean: null, band: null, fps: 0 },
    { atS: 1, mean: 41, band: null, fps: 30 },
  ];
  expect(wordsOf(latencySamples(points, (atS) => 100 * atS))).toEqual([
    [0, "0.00 s: 40.00 ms (38.00 to 44.50)"],
    [100, "1.00 s: 41.00 ms"],
  ]);
});

it("shows what every run had at a time, though their slices differ in length, and none where a run was over", () => {
  const lines = [
    { label: "short", chart: chartOf(500, [10, 20]) },
    { label: "long", chart: chartOf(1000, [1, null, 3]) },
    { label: "unseen", chart: null },
  ];
  expect(wordsOf(comparedSamples(lines, (atS) => atS))).toEqual([
    [0, "0.00 s", "short: 10.00 ms", "long: 1.00 ms"],
    [2, "2.00 s", "long: 3.00 ms"],
  ]);
});

it("shows a trend's points in the order of time, whichever line they are on", () => {
  const figure = (startedAtUs: number, value: number | null): TrendFigure => ({
    runId: "r",
    stream: 0,
    provider: "p",
    plan: "",
    settings: "",
    network: "none",
    startedAtUs,
    figure: value === null ? { known: false, why: "none" } : { known: true, value, bound: 0 },
  });
  const lines = [
    { name: "first", figures: [figure(0, 0.5), figure(120e6, 0.75), figure(180e6, null)] },
    { name: "second", figures: [figure(60e6, 1)] },
  ];
  const place = (value: number) => value;
  const samples = trendSamples(lines, { unit: "%", factor: 100 }, { x: place, y: place });
  expect(samples.map(({ xPx, yPx, figures }) => [xPx, yPx, figures[1]?.words])).toEqual([
    [0, 50, "first"],
    [60_000, 100, "second"],
    [120_000, 75, "first"],
  ]);
  expect(samples[0]?.figures[0]?.words).toMatch(/: 50\.00 %$/);
});
