import { expect, it } from "vitest";

import type { CursorSample } from "../parts/cursor.ts";
import { barSamples, differenceSamples, lineSamples, trendSamples } from "./cursor-samples.ts";
import { roundRange, scaleOf, type TrendPoint } from "./plot.ts";

const area = { x: 0, y: 0, width: 60, height: 100 };
const time = scaleOf(area, -60, 0, roundRange(0, 100));
const spread = scaleOf(area, 0, 60, roundRange(0, 100));
const at = (tS: number, value: number | null): TrendPoint => ({ tS, low: value, mean: value, high: value });

const wordsOf = (samples: readonly CursorSample[]) =>
  samples.map(({ xPx, figures }) => [xPx, ...figures.map(({ words }) => words)]);

it("shows the points that were measured, and none for a gap", () => {
  const points = [at(-50, 10), at(-30, null), at(-20, 30)];
  expect(wordsOf(trendSamples(points, time, { decimals: 1, unit: "ms" }))).toEqual([
    [10, "−50.0 s: 10.0 ms (10.0 to 10.0)"],
    [40, "−20.0 s: 30.0 ms (30.0 to 30.0)"],
  ]);
});

it("shows what every stream had in the same stretch, though each began at a time of its own", () => {
  const lines = [
    { id: 1, label: "one", points: [at(-40.25, 10), at(-30.25, null), at(-20.25, 12)] },
    { id: 2, label: "other", points: [at(-50, 20), at(-40, 21), at(-30, 22), at(-20, 23)] },
  ];
  expect(wordsOf(lineSamples(lines, time, 10))).toEqual([
    [10, "−50.0 s", "other: 20.0 ms"],
    [20, "−40.0 s", "one: 10.0 ms", "other: 21.0 ms"],
    [30, "−30.0 s", "other: 22.0 ms"],
    [40, "−20.0 s", "one: 12.0 ms", "other: 23.0 ms"],
  ]);
});

it("shows the bars that stand for something, at their middle", () => {
  const bins = [
    { lowMs: 10, highMs: 12, count: 3 },
    { lowMs: 12, highMs: 14, count: 0 },
    { lowMs: 14, highMs: 16.125, count: 1 },
  ];
  expect(wordsOf(barSamples(bins, spread))).toEqual([
    [11, "10 to 12 ms: 3 frames"],
    [15.0625, "14 to 16.13 ms: 1 frame"],
  ]);
});

it("passes through the differences of all streams in the order of the axis", () => {
  const differences = [
    { id: 2, bins: [{ lowMs: 20, highMs: 22, count: 25 }] },
    { id: 3, bins: [{ lowMs: 10, highMs: 12, count: 75 }] },
  ];
  const samples = differenceSamples(differences, spread, (id) => `stream ${id}`);
  expect(wordsOf(samples)).toEqual([
    [11, "10 to 12 ms: 75.0 %", "stream 3"],
    [21, "20 to 22 ms: 25.0 %", "stream 2"],
  ]);
  expect(samples.map(({ yPx }) => yPx)).toEqual([25, 75]);
});
