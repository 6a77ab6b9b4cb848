import { describe, expect, it } from "vitest";

import type { FrameItem, StoredItem } from "./item.ts";
import { beginsPart, needsKeyFrame, partToKeepFrom, partsToDrop } from "./ring.ts";
import { type IndexEntry, looseParts, partsOf, readIndex } from "./session-index.ts";

const second = 1_000_000;

function frame(atS: number, isKey: boolean, mimeType = "video/H264"): FrameItem {
  return {
    kind: "frame",
    mimeType,
    isKey,
    rtpTimestamp: atS * 90_000,
    receivedAtUs: atS * second,
    widthPx: 640,
    heightPx: 360,
    skippedCount: 0,
  };
}

function part(partId: number, atS: number): IndexEntry {
  return { kind: "part", partId, startedAtUs: atS * second, bitstream: "video/H264" };
}

const tenParts = Array.from({ length: 10 }, (_, index) => part(index, index * 10));
const bytesOf = (): number => 100;

describe("a part", () => {
  const begun = { startedAtUs: 0, bitstream: "video/H264" };
  const rows: StoredItem = { kind: "rows", receivedAtUs: 9 * second };
  it.each([
    ["nothing but a key frame begins the first", null, frame(0, false), false, false],
    ["a key frame begins the first", null, frame(0, true), false, true],
    ["a key frame soon after the last does not begin another", begun, frame(1, true), false, false],
    ["a key frame that a recording waits for does", begun, frame(1, true), true, true],
    ["a later key frame does", begun, frame(3, true), false, true],
    ["a frame that needs others never does", begun, frame(9, false), true, false],
    ["another codec does at once", begun, frame(1, true, "video/VP8"), false, true],
    ["observations never do", null, rows, true, false],
  ] as const)("%s", (_, current, item, isAwaited, expected) => {
    expect(beginsPart(current, item, isAwaited)).toBe(expected);
  });

  it("asks for a key frame when none has come for half a minute", () => {
    expect(needsKeyFrame(begun, 29 * second)).toBe(false);
    expect(needsKeyFrame(begun, 30 * second)).toBe(true);
    expect(needsKeyFrame(null, 30 * second)).toBe(false);
  });
});

describe("a ring", () => {
  const limits = { nowUs: 100 * second, ringUs: 35 * second, excessBytes: 0, bytesOf };

  it("drops what lies wholly before its reach", () => {
    // It reaches back to 65 s, which lies in the part of 60 to 70 s.
    expect(partsToDrop(readIndex(tenParts), limits)).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it("drops the oldest first where bytes must go, but never the part being written", () => {
    const wide = { ...limits, ringUs: 1000 * second };
    expect(partsToDrop(readIndex(tenParts), { ...wide, excessBytes: 150 })).toEqual([0, 1]);
    expect(partsToDrop(readIndex(tenParts), { ...wide, excessBytes: 1e9 })).toHaveLength(9);
  });

  it("keeps what a segment needs, recorded or kept after the event", () => {
    const kept: readonly IndexEntry[] = [
      ...tenParts,
      { kind: "began", segmentId: "a", fromPartId: 1, fromUs: 12 * second },
      { kind: "ended", segmentId: "a", toPartId: 2, toUs: 29 * second, cause: "asked" },
      { kind: "began", segmentId: "b", fromPartId: 8, fromUs: 80 * second },
    ];
    const state = readIndex(kept);
    expect(partsToDrop(state, { ...limits, excessBytes: 1e9 })).toEqual([0, 3, 4, 5, 6, 7]);
    expect(state.segments.map((segment) => partsOf(state, segment).map(({ partId }) => partId))).toEqual([
      [1, 2],
      [8, 9],
    ]);
    const removed = readIndex([...kept, { kind: "removed", segmentId: "a" }]);
    expect(looseParts(removed).map(({ partId }) => partId)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });

  it("keeps the last seconds from the key frame before them", () => {
    const { parts } = readIndex(tenParts);
    expect(partToKeepFrom(parts, 65 * second)?.partId).toBe(6);
    expect(partToKeepFrom(parts, 60 * second)?.partId).toBe(6);
    expect(partToKeepFrom(parts, -5 * second)?.partId).toBe(0);
    expect(partToKeepFrom([], 0)).toBeNull();
  });
});

describe("an index", () => {
  it("leaves out what is none of its entries", () => {
    const state = readIndex([undefined, { kind: "part" }, 7, part(3, 1), { kind: "ended", segmentId: "x" }]);
    expect(state.parts).toEqual([{ partId: 3, startedAtUs: second, bitstream: "video/H264" }]);
  });

  it("knows a recording whose page ended before it did", () => {
    const state = readIndex([part(0, 0), { kind: "began", segmentId: "a", fromPartId: 0, fromUs: 0 }]);
    expect(state.segments[0]).toMatchObject({ toPartId: null, cause: null });
  });
});
