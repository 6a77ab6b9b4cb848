import { array, assert, integer, property } from "fast-check";
import { describe, expect, it } from "vitest";

import { createRandom } from "../scene/random.ts";
import { bootstrapInterval } from "./bootstrap.ts";
import { differenceOf, isDifferent, type Difference } from "./difference.ts";
import { normalQuantile, normalShareBelow } from "./normal.ts";
import { proportionOf } from "./proportion.ts";
import { mean, median, quantileOf, sorted } from "./quantile.ts";

const values = (least: number) =>
  array(integer({ min: -1000, max: 1000 }), { minLength: least, maxLength: 9 });

const nothing: Difference = { shift: Number.NaN, interval: null, effect: Number.NaN };

/** Values of a normal distribution, by the sum of twelve. */
function normals(seed: number) {
  const random = createRandom(seed);
  return (count: number, center: number, spread: number) =>
    Array.from(
      { length: count },
      () =>
        center +
        spread *
          (Array.from({ length: 12 }, () => random.between(0, 999_999) / 1e6).reduce((a, b) => a + b) - 6),
    );
}

describe("quantiles", () => {
  // R 4: quantile(c(1, 2, 4, 8, 16), type = 7)
  it.each([
    [0, 1],
    [0.25, 2],
    [0.5, 4],
    [0.9, 12.8],
    [0.95, 14.4],
    [1, 16],
  ])("agree with R's type 7 at %d", (share, expected) => {
    expect(quantileOf([1, 2, 4, 8, 16], share)).toBeCloseTo(expected, 12);
  });

  it("of an even number of values, the median lies half way between the two in the middle", () => {
    expect(median([4, 1, 3, 2])).toBe(2.5);
  });
});

describe("the normal distribution", () => {
  it.each([
    [0.5, 0],
    [0.975, 1.959_963_985],
    [0.005, -2.575_829_304],
    [0.001, -3.090_232_306],
  ])("has its known quantile at %d", (share, z) => {
    expect(normalQuantile(share)).toBeCloseTo(z, 4);
    expect(normalShareBelow(z)).toBeCloseTo(share, 6);
  });
});

describe("bootstrap intervals", () => {
  it("are the same for the same seed, and hold the statistic", () => {
    assert(
      property(values(3), integer({ min: 0, max: 99 }), (sample, seed) => {
        const options = { resampleCount: 200, confidence: 0.95, seed };
        const interval = bootstrapInterval(sample, median, options);
        expect(bootstrapInterval(sample, median, options)).toEqual(interval);
        expect(interval?.low).toBeLessThanOrEqual(median(sample));
        expect(interval?.high).toBeGreaterThanOrEqual(median(sample));
        expect(interval?.low).toBeGreaterThanOrEqual(Math.min(...sample));
        expect(interval?.high).toBeLessThanOrEqual(Math.max(...sample));
      }),
      { numRuns: 60 },
    );
  });

  it("are not made from two values", () => {
    expect(bootstrapInterval([1, 2], median)).toBeNull();
  });

  it("come out as Efron and Tibshirani have them for the mean of the law schools' LSAT scores", () => {
    // Table 3.1 of their book; the standard interval of the mean is 600.27 +- 1.96 x 10.4.
    const lsat = [576, 635, 558, 578, 666, 580, 555, 661, 651, 605, 653, 575, 545, 572, 594];
    const interval = bootstrapInterval(lsat, mean, { resampleCount: 4000, confidence: 0.95, seed: 7 });
    expect(interval?.low).toBeGreaterThan(578);
    expect(interval?.low).toBeLessThan(584);
    expect(interval?.high).toBeGreaterThan(618);
    expect(interval?.high).toBeLessThan(624);
  });

  it("hold the truth about as often as they say", () => {
    const draw = normals(11);
    const hitCount = Array.from({ length: 200 }, (_, seed) =>
      bootstrapInterval(draw(12, 50, 5), mean, { resampleCount: 300, confidence: 0.95, seed }),
    ).filter((interval) => interval !== null && interval.low <= 50 && interval.high >= 50).length;
    expect(hitCount / 200).toBeGreaterThan(0.87);
  });
});

describe("differences", () => {
  it("come out as Hollander and Wolfe have them for the permeability of membranes", () => {
    // Table 4.1: at term, and at 12 to 26 weeks. Their example 4.3 gives the shift 0.305 and (-0.18, 0.77) at 95 %...
    const term = [0.8, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46];
    const early = [1.15, 0.88, 0.9, 0.74, 1.21];
    const difference = differenceOf(term, early);
    expect(difference?.shift).toBeCloseTo(0.305, 3);
    expect(difference?.interval?.low).toBeCloseTo(-0.15, 2);
    expect(difference?.interval?.high).toBeCloseTo(0.76, 2);
  });

  it.each([
    [3, 3, false],
    [4, 4, true],
    [3, 5, true],
    [2, 8, true],
    [2, 7, false],
  ])("of %d against %d values have an interval: %s", (first, second, has) => {
    const ascending = (count: number) => Array.from({ length: count }, (_, index) => index);
    expect(differenceOf(ascending(first), ascending(second))?.interval !== null).toBe(has);
  });

  it("turn round when the samples change places, and move as one sample moves", () => {
    assert(
      property(values(1), values(1), integer({ min: -500, max: 500 }), (first, second, by) => {
        const there = differenceOf(first, second) ?? nothing;
        const back = differenceOf(second, first) ?? nothing;
        expect(back.shift).toBeCloseTo(-there.shift, 9);
        expect(back.effect).toBeCloseTo(-there.effect, 9);
        expect(isDifferent(back.interval)).toBe(isDifferent(there.interval));
        const raised = first.map((value) => value + by);
        const moved = differenceOf(raised, second) ?? nothing;
        expect(moved.shift).toBeCloseTo(there.shift + by, 9);
      }),
    );
  });

  it("between samples of the same source are found at most about once in twenty", () => {
    const draw = normals(3);
    const foundCount = Array.from({ length: 400 }, () =>
      differenceOf(draw(10, 100, 8), draw(10, 100, 8)),
    ).filter((difference) => isDifferent(difference?.interval ?? null)).length;
    expect(foundCount / 400).toBeLessThan(0.07);
  });

  it("of 100 ms between ten noisy values each are found, 100 within the interval", () => {
    const draw = normals(5);
    const found = Array.from({ length: 100 }, () => differenceOf(draw(10, 160, 15), draw(10, 60, 15)));
    expect(found.every((one) => isDifferent(one?.interval ?? null))).toBe(true);
    expect(
      found.filter((one) => one?.interval && one.interval.low <= 100 && one.interval.high >= 100).length,
    ).toBeGreaterThan(90);
  });

  it("are as sure with many values as the normal distribution has it", () => {
    const draw = normals(9);
    const difference = differenceOf(draw(80, 10, 1), draw(80, 10, 1));
    expect(isDifferent(difference?.interval ?? null)).toBe(false);
    expect((difference?.interval?.high ?? 9) - (difference?.interval?.low ?? 0)).toBeLessThan(0.8);
  });
});

describe("proportions", () => {
  // Newcombe 1998, table I, method 3 (Wilson without continuity correction).
  it.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])("of %d in %d lie from %d to %d", (hits, cases, low, high) => {
    const { interval } = proportionOf(hits, cases) ?? { interval: { low: -1, high: -1 } };
    expect(interval.low).toBeCloseTo(low, 3);
    expect(interval.high).toBeCloseTo(high, 3);
  });
});

it("sorting is by number", () => {
  expect(sorted([10, 9, 1])).toEqual([1, 9, 10]);
});
