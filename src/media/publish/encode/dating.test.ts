import { expect, it } from "vitest";

import { createBacklogGate, createDating } from "./dating.shared.ts";

const epochUs = 1_700_000_000_000_000;

it("dates places as far apart as they are, however late single frames come", () => {
  const dating = createDating(20);
  dating.date(0, epochUs);
  const dates = [30_000, 0, 12_000, 90_000].map((lateUs, index) =>
    dating.date(index + 1, epochUs + (index + 1) * 50_000 + lateUs),
  );
  expect(dates).toEqual([1, 2, 3, 4].map((slot) => epochUs + slot * 50_000));
});

it("follows a source whose clock is slower than the page's", () => {
  const dating = createDating(20);
  const drift = 1.0002;
  const lastSlot = 20 * 60;
  let dateUs = 0;
  for (let slot = 0; slot <= lastSlot; slot += 1) dateUs = dating.date(slot, epochUs + slot * 50_000 * drift);
  expect(Math.abs(dateUs - (epochUs + lastSlot * 50_000 * drift))).toBeLessThan(3000);
});

it("keeps a backlog back and lets all through that comes in its own time", () => {
  const gate = createBacklogGate(20);
  const backlog = [0, 1, 2, 3].map((index) => gate.lets(index * 50_000, epochUs + 200_000 + index * 1000));
  expect(backlog).toEqual([false, false, false, false]);
  expect(gate.lets(200_000, epochUs + 204_000)).toBe(false);
  expect(gate.lets(250_000, epochUs + 255_000)).toBe(true);
  // One that is late, and the next that makes it up.
  expect(gate.lets(300_000, epochUs + 340_000)).toBe(true);
  expect(gate.lets(350_000, epochUs + 352_000)).toBe(true);
});
