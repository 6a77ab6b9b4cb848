import { expect, it } from "vitest";

import { createClaimBook } from "./claims.ts";

it("claims what is asked of the encoder until media tells otherwise", () => {
  const book = createClaimBook({ bitrateKbps: 1000 });
  expect(book.claims()).toEqual({ peakBps: 1_250_000, averageBps: 1_000_000 });
  for (let second = 0; second < 20; second += 1) book.add(second % 2 === 0 ? 110_000 : 140_000, 1);
  expect(book.claims()).toEqual({ peakBps: 1_250_000, averageBps: 1_000_000 });
});

it("claims no less than the greatest segment, and the mean where it is another than asked", () => {
  const book = createClaimBook({ bitrateKbps: 1000 });
  for (const byteCount of [250_000, 50_000, 50_000, 50_000, 50_000, 50_000]) book.add(byteCount, 1);
  const { peakBps, averageBps } = book.claims();
  expect(peakBps).toBe(2_200_000);
  expect(averageBps).toBeLessThan(800_000);
  book.add(Number.NaN, 0);
  expect(book.claims()).toEqual({ peakBps, averageBps });
});
