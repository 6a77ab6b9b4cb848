import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { createReorder } from "./arrival-order.ts";

type Arrival = { readonly at: number; readonly receivedAtUs: number; readonly frame: number };

/** What a file would hold of frames that arrive so. */
function ordered(arrivals: readonly Arrival[]) {
  const order = createReorder<number>((one, other) => one === other);
  const turns = arrivals.flatMap((arrival) => order.push(arrival));
  return { frames: [...turns, ...order.end()].map(({ frame }) => frame), lateCount: order.lateCount() };
}

describe("the order of a recording's frames", () => {
  it("is that of sending, however the network repaired its losses within two seconds", () => {
    const delaysMs = fc.array(fc.integer({ min: 0, max: 1900 }), { minLength: 1, maxLength: 80 });
    fc.assert(
      fc.property(delaysMs, (delays) => {
        const arrivals = [0, ...delays]
          .map((delayMs, frame) => ({ at: frame, receivedAtUs: (frame * 33 + delayMs) * 1000, frame }))
          .toSorted((one, other) => one.receivedAtUs - other.receivedAtUs);
        const first = arrivals[0]?.frame;
        const sent = Array.from({ length: delays.length + 1 }, (_, frame) => frame);
        expect(first).toBe(0);
        expect(ordered(arrivals)).toEqual({ frames: sent, lateCount: 0 });
      }),
    );
  });

  it("leaves out what comes when its turn has passed, and counts it", () => {
    const arrivals = [
      { at: 0, receivedAtUs: 0, frame: 0 },
      { at: 2, receivedAtUs: 66_000, frame: 2 },
      { at: 70, receivedAtUs: 2_200_000, frame: 70 },
      { at: 1, receivedAtUs: 2_200_001, frame: 1 },
    ];
    expect(ordered(arrivals)).toEqual({ frames: [0, 2, 70], lateCount: 1 });
  });

  it("begins with the frame that came first: what belongs before it is not of the recording", () => {
    const arrivals = [
      { at: 5, receivedAtUs: 0, frame: 5 },
      { at: 4, receivedAtUs: 10, frame: 4 },
      { at: 6, receivedAtUs: 20, frame: 6 },
    ];
    expect(ordered(arrivals)).toEqual({ frames: [5, 6], lateCount: 0 });
  });

  it("holds a frame once, however often a network brings it", () => {
    const arrivals = [0, 1, 1, 0, 2, 100, 1, 2, 2].map((frame, index) => ({
      at: frame,
      receivedAtUs: frame === 100 ? 3_000_000 : index * 500_000,
      frame,
    }));
    expect(ordered(arrivals)).toEqual({ frames: [0, 1, 2, 100], lateCount: 0 });
  });

  it("keeps frames of one instant as they came: layers of one picture", () => {
    const arrivals = [0, 1, 2].map((frame) => ({ at: 0, receivedAtUs: frame, frame }));
    expect(ordered(arrivals).frames).toEqual([0, 1, 2]);
  });
});
