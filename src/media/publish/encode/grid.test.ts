import { describe, expect, it } from "vitest";

import { createGrid } from "./grid.shared.ts";

const placeAll = (timestampsMs: readonly number[], fps = 10, framesPerKey = 5) => {
  const grid = createGrid(fps, framesPerKey);
  return { grid, places: timestampsMs.map((ms) => grid.place(ms * 1000)) };
};

describe("the grid", () => {
  it("begins with its first frame, whatever its media time", () => {
    expect(placeAll([7000, 7100]).places.map(({ slot }) => slot)).toEqual([0, 1]);
  });

  it("asks for a key frame exactly once in so many places", () => {
    const { places, grid } = placeAll(Array.from({ length: 12 }, (_, index) => index * 100));
    expect(places.flatMap(({ isKey, slot }) => (isKey ? [slot] : []))).toEqual([0, 5, 10]);
    expect(grid.missingCount()).toBe(0);
  });

  it("keeps its rhythm over missing frames, and counts them", () => {
    const { places, grid } = placeAll([0, 100, 200, 300, 700, 800, 900, 1000]);
    expect(places.flatMap(({ isKey, slot }) => (isKey ? [slot] : []))).toEqual([0, 7, 10]);
    expect(grid.missingCount()).toBe(3);
  });

  it("takes frames that jitter, or come twice in one place, in order", () => {
    expect(placeAll([0, 130, 170, 310, 310]).places.map(({ slot }) => slot)).toEqual([0, 1, 2, 3, 4]);
  });

  it("moves the key frame of a frame that was thrown away to the next", () => {
    const { grid } = placeAll([0, 100, 200, 300, 400, 500]);
    grid.giveBack();
    expect(grid.place(600_000)).toEqual({ slot: 6, isKey: true });
    expect(grid.missingCount()).toBe(1);
  });
});
