import { expect, it } from "vitest";

import { settle } from "./settle.ts";

it("stays where it is when it is near its place, whatever one late playlist says", () => {
  expect(settle([0.004, -0.008, 0.24, 0.01, 0.002])).toEqual({ kind: "stay" });
});

it.each([
  [0.08, 1.08],
  [-0.08, 0.92],
])("makes up %f s by a rate that nobody sees", (byS, playbackRate) => {
  const settling = settle([byS, byS, byS]);
  expect(settling).toMatchObject({ kind: "drift", playbackRate });
  if (settling.kind !== "drift") throw new Error("it does not drift");
  const madeUpS = ((settling.playbackRate - 1) * settling.forMs) / 1000;
  expect(madeUpS).toBeCloseTo(byS, 6);
});

it("never goes back to what was shown", () => {
  expect(settle([-0.7, -0.7, -0.6])).toEqual({ kind: "stay" });
});

it("jumps over what would take long to make up", () => {
  expect(settle([0.7, 0.9, 0.8])).toEqual({ kind: "jump", byS: 0.8 });
});
