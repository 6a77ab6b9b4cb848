import { describe, expect, it } from "vitest";

import { createFakeClock } from "./clock.fake.ts";
import { createCensus, createLimiter } from "./limits.ts";

describe("createLimiter", () => {
  it("lets a burst through, then only the steady rate", () => {
    const clock = createFakeClock();
    const limiter = createLimiter({ burst: 3, perS: 1 }, clock.nowMs);
    expect([1, 2, 3, 4].map(() => limiter.take("a"))).toEqual([true, true, true, false]);
    expect(limiter.take("b")).toBe(true);
    clock.advance(1000);
    expect([limiter.take("a"), limiter.take("a")]).toEqual([true, false]);
  });

  it("refuses unknown keys rather than growing without bound", () => {
    const clock = createFakeClock();
    const limiter = createLimiter({ burst: 1, perS: 1 }, clock.nowMs, 2);
    expect(["a", "b", "c"].map(limiter.take)).toEqual([true, true, false]);
    clock.advance(1000);
    expect(limiter.take("c")).toBe(true);
  });
});

describe("createCensus", () => {
  it("bounds each key and the whole", () => {
    const census = createCensus({ inAll: 3, perKey: 2 });
    expect(["a", "a", "a", "b", "c"].map(census.enter)).toEqual([
      "in",
      "in",
      "too-many-here",
      "in",
      "too-many",
    ]);
    census.leave("a");
    expect(census.enter("c")).toBe("in");
  });
});
