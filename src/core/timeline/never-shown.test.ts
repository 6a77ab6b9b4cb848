import { expect, it } from "vitest";

import { toReceiverUs, toSenderUs } from "../clock/instants.ts";
import { findNeverShown } from "./never-shown.ts";
import type { Observation } from "./observation.ts";

/** Displayed frames by their ids; null: unread. Ids of a thousand and more are of run 2. */
function displayed(ids: readonly (number | null)[]): readonly Observation[] {
  return ids.map((id, index) => ({
    displayTimeUs: toReceiverUs(index),
    displayTimeSource: "reported",
    reading:
      id === null
        ? { read: false, why: "busy" }
        : {
            read: true,
            by: "tracked",
            marker: {
              runNumber: id < 1000 ? 1 : 2,
              frameId: id % 1000,
              captureTimeUs: toSenderUs(id),
            },
          },
    presentationTimeUs: index,
    widthPx: 640,
    heightPx: 360,
    readMs: 1,
  }));
}

it.each([
  ["those between two displayed one after the other", [3, 4, 7, 8], [5, 6]],
  ["none where each was displayed", [3, 4, 5, 6, 7], []],
  ["none around a frame that was displayed unread: it may be any of them", [3, null, 7], []],
  ["those after it, when two more are read", [3, null, 7, 9], [8]],
  ["none of those displayed late", [3, 6, 5, 7], [4]],
  ["none between two runs", [3, 1005, 1007], []],
])("frames never shown are %s", (_, ids, expected) => {
  const isNeverShown = findNeverShown(displayed(ids));
  const all = Array.from({ length: 12 }, (__, frameId) => frameId);
  expect(all.filter((frameId) => isNeverShown?.({ runNumber: 1, frameId }))).toEqual(expected);
});

it("each run has frames of its own", () => {
  const isNeverShown = findNeverShown(displayed([3, 4, 1003, 1006]));
  expect([1, 2].map((runNumber) => isNeverShown?.({ runNumber, frameId: 5 }))).toEqual([false, true]);
});

it("where nothing was observed, nothing is known", () => {
  expect(findNeverShown([])).toBeNull();
});
