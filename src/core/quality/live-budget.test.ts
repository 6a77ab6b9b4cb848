import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { createBudget, yieldMs } from "./live-budget.ts";

/** Works as often as the budget lets it, looking every `lookMs`; answers what each piece began at and cost. */
function work(share: number, costs: readonly number[], lookMs: number) {
  const budget = createBudget(share);
  const pieces: { readonly beganMs: number; readonly costMs: number }[] = [];
  let nowMs = 0;
  for (const costMs of costs) {
    while (!budget.mayBegin(nowMs)) nowMs += lookMs;
    budget.begin(nowMs);
    pieces.push({ beganMs: nowMs, costMs });
    nowMs += costMs;
    budget.end(nowMs, costMs);
  }
  return { pieces, budget, nowMs };
}

describe("a budget", () => {
  it("is never overdrawn by more than the piece that is under way", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.01, max: 1, noNaN: true }),
        fc.array(fc.integer({ min: 1, max: 500 }), { minLength: 2, maxLength: 40 }),
        fc.integer({ min: 1, max: 40 }),
        (share, costs, lookMs) => {
          const { pieces } = work(share, costs, lookMs);
          for (const [from, first] of pieces.entries()) {
            let costMs = 0;
            for (const { beganMs, costMs: cost } of pieces.slice(from)) {
              expect(costMs).toBeLessThanOrEqual((beganMs - first.beganMs) * share + 1e-6);
              costMs += cost;
            }
          }
        },
      ),
    );
  });

  it("is used up where there is work, and tells the share that was taken", () => {
    const { budget, nowMs } = work(
      0.25,
      Array.from({ length: 400 }, () => 60),
      10,
    );
    expect(budget.taken(nowMs)).toBeGreaterThan(0.22);
    expect(budget.taken(nowMs)).toBeLessThan(0.26);
  });

  it("takes the part of its share that the pace leaves, and begins nothing at pace 0", () => {
    let pace = 0.5;
    const budget = createBudget(0.5, () => pace);
    expect(budget.taking()).toBe(0.25);
    budget.begin(0);
    budget.end(10, 10);
    expect([39, 40].map((atMs) => budget.mayBegin(atMs))).toEqual([false, true]);
    budget.begin(40);
    budget.end(1040, 1000);
    expect(budget.mayBegin(2040)).toBe(false);
    pace = 1;
    expect(budget.mayBegin(2040), "what was dear at a low pace is not waited for once the pace rises").toBe(
      true,
    );
    pace = 0;
    expect(budget.mayBegin(1e6)).toBe(false);
    expect(budget.taking()).toBeGreaterThan(0);
  });

  it("begins one piece at a time, none at share 0, and none for a while when measuring fell short", () => {
    const budget = createBudget(0.5);
    expect(budget.taken(0)).toBeNull();
    budget.begin(0);
    expect(budget.mayBegin(1e6)).toBe(false);
    budget.end(10, 10);
    expect([19, 20].map((atMs) => budget.mayBegin(atMs))).toEqual([false, true]);
    budget.giveWay(20);
    expect([20, 19 + yieldMs, 20 + yieldMs].map((atMs) => budget.mayBegin(atMs))).toEqual([
      false,
      false,
      true,
    ]);
    budget.setShare(0);
    expect(budget.mayBegin(1e6)).toBe(false);
  });
});
