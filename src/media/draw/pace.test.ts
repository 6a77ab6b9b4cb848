import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { createPacer } from "./pace.shared.ts";

describe("the pace", () => {
  it("does not drift however late single frames are", () => {
    const pacer = createPacer(50, 1000);
    let nowMs = 1000;
    for (let index = 0; index < 100; index += 1) {
      const slot = pacer.next(nowMs);
      expect(slot.dueMs).toBe(1000 + index * 20);
      nowMs = slot.dueMs + (index % 7);
      pacer.made(slot, nowMs);
    }
    expect(pacer.report(nowMs)).toEqual({ madeCount: 100, lateCount: 0, skippedCount: 0, madeFps: 50 });
  });

  it("counts a frame handed over more than half an interval after it was due", () => {
    const pacer = createPacer(50, 0);
    pacer.made(pacer.next(0), 10);
    pacer.made(pacer.next(10), 30.5);
    expect(pacer.report(31)).toMatchObject({ madeCount: 2, lateCount: 1, skippedCount: 0 });
  });

  it("skips what is past by more than a frame, and counts it", () => {
    const pacer = createPacer(50, 0);
    pacer.made(pacer.next(0), 1);
    const slot = pacer.next(109);
    expect(slot.index).toBe(4);
    expect(pacer.report(109).skippedCount).toBe(3);
  });

  it("accounts for every slot as made or skipped", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 200 }), { maxLength: 60 }), (delaysMs) => {
        const pacer = createPacer(30, 0);
        let nowMs = 0;
        let last = -1;
        for (const delayMs of delaysMs) {
          const slot = pacer.next(nowMs);
          nowMs = Math.max(nowMs, slot.dueMs) + delayMs;
          pacer.made(slot, nowMs);
          last = slot.index;
        }
        const { madeCount, skippedCount } = pacer.report(nowMs);
        expect(madeCount + skippedCount).toBe(last + 1);
      }),
    );
  });
});
