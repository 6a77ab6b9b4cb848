import { expect, it } from "vitest";

import { linesOf, nearestSample, sampleByKey, type CursorSample } from "./cursor.ts";

const at = (xPx: number, yPx?: number): CursorSample => ({
  xPx,
  ...(yPx === undefined ? {} : { yPx }),
  figures: [],
});
const anywhere = Number.POSITIVE_INFINITY;

it.each([
  [12, anywhere, 0],
  [29, anywhere, 1],
  [29, 5, 1],
  [20, 5, null],
])("finds the sample nearest to %d px, but none beyond reach", (xPx, reachPx, index) => {
  expect(nearestSample([at(10), at(30)], { xPx, yPx: 7, index: null }, reachPx)).toBe(index);
});

it("tells points above each other apart by how high the pointer is", () => {
  const samples = [at(10, 80), at(10, 20), at(12, 50)];
  expect(nearestSample(samples, { xPx: 11, yPx: 25, index: null }, anywhere)).toBe(1);
});

it("passes through samples drawn at the same place one by one", () => {
  const samples = [at(10, 5), at(20, 5), at(20, 5), at(20, 5), at(30, 5)];
  let place = { xPx: 10, yPx: 5, index: 0 };
  const passed = samples.map(() => {
    const here = nearestSample(samples, place, anywhere);
    const index = sampleByKey("ArrowRight", here, samples.length) ?? -1;
    place = { xPx: samples[index]?.xPx ?? Number.NaN, yPx: 5, index };
    return index;
  });
  expect(passed).toEqual([1, 2, 3, 4, 4]);
});

it.each([
  ["ArrowLeft", 3, 2],
  ["ArrowLeft", 0, 0],
  ["ArrowLeft", null, 9],
  ["ArrowRight", 3, 4],
  ["ArrowRight", 9, 9],
  ["ArrowRight", null, 0],
  ["Home", 3, 0],
  ["End", 3, 9],
  ["a", 3, null],
])("is led by %s from sample %s of ten to %s", (key, from, to) => {
  expect(sampleByKey(key, from, 10)).toBe(to);
});

it("is led nowhere where there is no sample", () => {
  expect(sampleByKey("Home", null, 0)).toBeNull();
});

it("breaks figures that are longer than a line, and keeps each line's colour", () => {
  const figures = [
    { words: "12:00" },
    { words: "my-cdn, plan of the week, 1280x720 30 fps: 84.6 ms", color: "red" },
  ];
  expect(linesOf(figures, 20)).toEqual([
    { key: "0 0", words: "12:00", color: "var(--ink)" },
    { key: "1 0", words: "my-cdn, plan of the", color: "red" },
    { key: "1 1", words: "week, 1280x720 30", color: "red" },
    { key: "1 2", words: "fps: 84.6 ms", color: "red" },
  ]);
  expect(linesOf([{ words: "a 123456789 b" }], 4).map(({ words }) => words)).toEqual([
    "a",
    "1234",
    "5678",
    "9 b",
  ]);
});
