import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { toReceiverUs, toSenderUs } from "../clock/instants.ts";
import { measured } from "../measured.ts";
import type { RunFrame } from "./frame.ts";
import { createLoss } from "./loss.ts";

function frameOf(frameId: number, index: number): RunFrame {
  return {
    frameId,
    captureTimeUs: toSenderUs(frameId * 33_333),
    displayTimeUs: toReceiverUs(index * 33_333),
    displayBoundMs: 0,
  };
}

/** Counts by definition, with a set that remembers everything. */
function countPlainly(ids: readonly number[]) {
  const seen = new Set<number>();
  let highest = -1;
  let duplicateCount = 0;
  let outOfOrderCount = 0;
  for (const id of ids) {
    if (seen.has(id)) duplicateCount += 1;
    else if (id < highest) outOfOrderCount += 1;
    seen.add(id);
    highest = Math.max(highest, id);
  }
  const sentCount = highest - Math.min(...ids) + 1;
  return {
    sentCount,
    displayedCount: seen.size,
    lostCount: sentCount - seen.size,
    duplicateCount,
    outOfOrderCount,
  };
}

describe("the loss count", () => {
  it("is what a plain count by the definitions gives, for any order of ids", () => {
    const ids = fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 1, maxLength: 400 });
    fc.assert(
      fc.property(ids, (shown) => {
        const loss = createLoss();
        for (const [index, id] of shown.entries()) loss.add(frameOf(id, index));
        const expected = Object.entries(countPlainly(shown)).map(([name, count]) => [name, measured(count)]);
        expect(loss.read()).toMatchObject(Object.fromEntries(expected));
      }),
    );
  });

  it("holds the truth within its bound when any displayed frames are unread", () => {
    const stream = fc.array(fc.constantFrom("shown", "unread", "lost", "repeated"), { maxLength: 300 });
    fc.assert(
      fc.property(stream, (fates) => {
        const loss = createLoss();
        const add = (id: number) => loss.add(frameOf(id, id));
        add(0);
        for (const [index, fate] of fates.entries()) {
          if (fate === "shown" || fate === "repeated") add(index + 1);
          if (fate === "repeated") add(index + 1);
          if (fate === "unread") loss.addUnread();
        }
        add(fates.length + 1);
        const { lostCount } = loss.read();
        const trueCount = fates.filter((fate) => fate === "lost").length;
        expect(lostCount.known && Math.abs(lostCount.value - trueCount) <= lostCount.bound).toBe(true);
      }),
    );
  });

  it("takes back a loss when the frame comes late, and tells of it only if it stays away", () => {
    const loss = createLoss();
    const events = [0, 1, 3, 2, 4, 6, ...Array.from({ length: 40 }, (_, index) => 7 + index)].flatMap(
      (id, index) => loss.add(frameOf(id, index)).events,
    );
    expect(loss.read().lostCount).toEqual(measured(1));
    expect(events).toMatchObject([
      { kind: "disorder", frameId: 2, afterFrameId: 3 },
      { kind: "loss", count: 1, firstFrameId: 5 },
    ]);
  });

  it("counts a long outage whole, beyond what it remembers", () => {
    const loss = createLoss();
    loss.add(frameOf(0, 0));
    loss.add(frameOf(10_000, 1));
    expect(loss.settle(toReceiverUs(5_000_000))).toMatchObject([{ count: 9999, firstFrameId: 1 }]);
    expect(loss.read().lostCount).toEqual(measured(9999));
  });

  it("goes on counting when the sender's ids begin again", () => {
    const loss = createLoss();
    for (let id = 5000; id < 5010; id += 1) loss.add(frameOf(id, id));
    loss.startRun();
    for (let id = 0; id < 10; id += 1) loss.add(frameOf(id, 5010 + id));
    expect(loss.read()).toMatchObject({ sentCount: measured(20), lostCount: measured(0) });
  });
});
