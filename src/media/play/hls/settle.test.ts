import { describe, expect, it } from "vitest";

import { landingS, settle } from "./settle.ts";

/** So many looks: three of four as given, the others too near to the edge. */
const looks = (count: number, behindS: number): readonly number[] =>
  Array.from({ length: count }, (_, index) => (index % 4 === 0 ? behindS - 0.1 : behindS));

it("looks more than once before it moves anything", () => {
  expect(settle([0.9, 0.9, 0.9])).toEqual({ kind: "look" });
});

it("stays where it is when it is near its place, however late most playlists come", () => {
  expect(settle([-0.09, 0.004, -0.24, 0.006, -0.03, 0.24, -0.06, -0.02, 0.01, -0.03])).toEqual({
    kind: "stay",
  });
});

it.each([
  [0.08, 1.08],
  [-0.08, 0.92],
])("makes up %f s by a rate that nobody sees", (byS, playbackRate) => {
  const settling = settle(looks(10, byS));
  expect(settling).toMatchObject({ kind: "drift", playbackRate });
  if (settling.kind !== "drift") throw new Error("it does not drift");
  const madeUpS = ((settling.playbackRate - 1) * settling.forMs) / 1000;
  expect(madeUpS).toBeCloseTo(byS, 6);
});

it("never goes back to what was shown", () => {
  expect(settle(looks(10, -0.7))).toEqual({ kind: "stay" });
});

it("jumps over what would take long to make up", () => {
  expect(settle(looks(10, 0.9))).toEqual({ kind: "jump", byS: 0.9 });
});

describe("a player that is to go 5.8 s forward", () => {
  const far = { fromS: 100, toS: 105.8, leastAheadS: 0.05 };

  it.each([
    ["at its place where media is there", 106, 106, 105.8],
    ["as near as media is where whole segments alone were loaded", null, 105.2, 104.7],
    ["where it was before, with next to nothing ahead of it", null, 101.4, null],
    ["where it was before, with nothing ahead of it", null, null, null],
  ])("lands %s", (_where, endThereS, endHereS, atS) => {
    expect(landingS({ ...far, endThereS, endHereS })).toBe(atS);
  });
});
