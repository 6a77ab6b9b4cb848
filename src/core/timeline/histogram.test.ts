import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { createHistogram } from "./histogram.ts";

function nearestRank(sorted: readonly number[], ratio: number): number {
  return sorted[Math.max(1, Math.ceil(ratio * sorted.length)) - 1] ?? Number.NaN;
}

const durationsMs = fc.oneof(
  fc.double({ min: -600_000, max: 600_000, noNaN: true }),
  fc.double({ min: -2, max: 2, noNaN: true }),
  fc.double({ min: 30, max: 40, noNaN: true }),
);
const ratios = [0, 0.5, 0.95, 0.99, 1];

describe("a histogram", () => {
  it("holds every percentile of any set within its bound, and within 0.5 % from 0.1 ms to 10 minutes", () => {
    fc.assert(
      fc.property(fc.array(durationsMs, { minLength: 1, maxLength: 300 }), (values) => {
        const histogram = createHistogram();
        for (const value of values) histogram.add(value);
        const sorted = values.toSorted((one, other) => one - other);
        const quantiles = histogram.quantiles(ratios) ?? [];
        for (const [index, ratio] of ratios.entries()) {
          const truth = nearestRank(sorted, ratio);
          const { valueMs = Number.NaN, boundMs = 0 } = quantiles[index] ?? {};
          expect(Math.abs(valueMs - truth)).toBeLessThanOrEqual(boundMs + 1e-9);
          const fine = Math.abs(truth) < 0.1 || Math.abs(valueMs - truth) <= 0.005 * Math.abs(truth);
          expect(fine).toBe(true);
        }
      }),
    );
  });

  it("puts every value in exactly one bin, under or over", () => {
    fc.assert(
      fc.property(fc.array(durationsMs, { minLength: 1, maxLength: 300 }), (values) => {
        const histogram = createHistogram();
        for (const value of values) histogram.add(value);
        const bins = histogram.bins(0.001, 0.999, 60);
        if (bins === null) throw new Error("no bins for values");
        const inside = bins.counts.reduce((sum, count) => sum + count, 0);
        expect(inside + bins.underCount + bins.overCount).toBe(values.length);
        expect(bins.counts.length).toBeLessThanOrEqual(60);
      }),
    );
  });

  it("knows nothing while empty", () => {
    expect(createHistogram().quantiles([0.5])).toBeNull();
    expect(createHistogram().bins(0, 1, 60)).toBeNull();
  });
});
