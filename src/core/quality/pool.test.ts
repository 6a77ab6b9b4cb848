import { expect, it } from "vitest";

import { pool } from "./pool.ts";

it("frames pool to libvmaf's means and interpolated percentiles, in whatever order they come", () => {
  const scores = Array.from({ length: 101 }, (_, index) => 100 - index);
  const pooled = pool(scores);
  expect(pooled).toMatchObject({ mean: 50, min: 0, p1: 1, p5: 5, p10: 10 });
  expect(pool([0, 99])?.harmonicMean).toBeCloseTo(1 / ((1 + 0.01) / 2) - 1, 12);
  expect(pool([10, 20])?.p5).toBeCloseTo(10.5, 12);
});

it("a single frame is its own pool, and no frame has none", () => {
  const pooled = pool([42]);
  expect(pooled).toMatchObject({ mean: 42, min: 42, p1: 42, p5: 42, p10: 42 });
  expect(pooled?.harmonicMean).toBeCloseTo(42, 10);
  expect(pool([])).toBeNull();
});
