import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { planCadence } from "../../../core/hls/cadence.ts";
import type { EncodedChunk } from "../encode/encode.protocol.ts";
import { commonEndOf, createCutter, type CutEvent, type Piece } from "./cut.ts";

const lowLatency = planCadence({ fps: 10, segmentS: 1, partS: 0.3 });
const plain = planCadence({ fps: 10, segmentS: 2, partS: null });

/** Frames as the encoder gives them: a key frame at the first of each segment's places that is filled. */
function chunksAt(slots: readonly number[], framesPerSegment: number): readonly EncodedChunk[] {
  return slots.map((slot, index) => ({
    rungIndex: 0,
    data: new Uint8Array(1),
    isKey:
      index === 0 ||
      Math.floor(slot / framesPerSegment) > Math.floor((slots[index - 1] ?? 0) / framesPerSegment),
    slot,
    timestampUs: slot * 100_000,
    durationUs: 100_000,
    dateUs: slot * 100_000,
    decoderConfig: null,
  }));
}

function cutAll(slots: readonly number[], cadence = lowLatency): readonly CutEvent[] {
  const cutter = createCutter(cadence);
  return chunksAt(slots, cadence.framesPerSegment).flatMap((chunk) => cutter.take(chunk));
}

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index);
const show = (event: CutEvent) =>
  event.kind === "piece"
    ? `${event.piece.startSlot}+${event.piece.slotCount}:${event.piece.samples.map(({ chunk }) => chunk.slot).join(",")}`
    : event.kind;

describe("a rung cut into pieces", () => {
  it("has every piece out with its own last frame", () => {
    expect(cutAll(range(0, 11)).map(show)).toEqual([
      "0+3:0,1,2",
      "3+3:3,4,5",
      "6+3:6,7,8",
      "9+1:9",
      "segment-end",
    ]);
  });

  it("has whole segments where there are no parts", () => {
    expect(cutAll(range(0, 20), plain).map(show)).toEqual([`0+20:${range(0, 20).join(",")}`, "segment-end"]);
  });

  it("shows frames after a gap from where the last piece ended", () => {
    expect(cutAll([0, 1, 2, 7, 8, 9]).map(show)).toEqual([
      "0+3:0,1,2",
      "3+3:7",
      "6+3:8",
      "9+1:9",
      "segment-end",
    ]);
  });

  it("goes on in the next segment when a segment's end is missing", () => {
    expect(cutAll([0, 1, 2, 3, 4, 11, 12, 13]).map(show)).toEqual([
      "0+3:0,1,2",
      "3+3:3,4",
      "segment-end",
      "6+3:11",
      "9+1:12",
      "10+3:13",
    ]);
  });

  it("breaks the timeline where a segment would become longer than promised", () => {
    expect(cutAll([0, 1, 2, 17, 18, 19, 20]).map(show)).toEqual([
      "0+3:0,1,2",
      "segment-end",
      "break",
      "17+2:17,18",
      "19+1:19",
      "segment-end",
    ]);
  });

  it("begins with a key frame, whatever came before", () => {
    const cutter = createCutter(lowLatency);
    const [, ...late] = chunksAt(range(8, 13), 10);
    expect(late.flatMap((chunk) => cutter.take(chunk)).map(show)).toEqual(["10+3:10,11,12"]);
  });

  it.each([
    ["as far as it goes", 14, ["10+3:10,11,12", "13+1:13"]],
    ["before a frame that the other rungs lack", 13, ["10+3:10,11,12"]],
    ["with its last frame shown up to where the other rungs end", 15, ["10+3:10,11,12", "13+2:13"]],
    ["with no part longer than promised", 18, ["10+3:10,11,12", "13+3:13"]],
  ])("that is stopped within a segment ends it %s", (_how, endSlot, pieces) => {
    const cutter = createCutter(lowLatency);
    const events = chunksAt(range(0, 14), 10).flatMap((chunk) => cutter.take(chunk));
    expect(cutter.reach()).toEqual({ coveredSlot: 13, frameEndSlot: 14 });
    const all = [...events, ...cutter.end(endSlot)].map(show);
    expect(all.slice(5)).toEqual([...pieces, "segment-end", "end"]);
  });

  it.each([
    ["between segments", range(0, 10), 10],
    ["before anything came", [], 0],
    ["with frames that the other rungs lack, of which nothing is out", range(0, 12), 10],
  ])("that is stopped %s has no segment more", (_when, slots, endSlot) => {
    const cutter = createCutter(lowLatency);
    for (const chunk of chunksAt(slots, 10)) cutter.take(chunk);
    expect(cutter.end(endSlot).map(show)).toEqual(["end"]);
  });

  it("ends with other rungs where all have frames, and none before what it has out", () => {
    const [ahead, behind] = [
      { coveredSlot: 12, frameEndSlot: 14 },
      { coveredSlot: 9, frameEndSlot: 11 },
    ];
    expect(commonEndOf([ahead, behind])).toBe(12);
    expect(commonEndOf([ahead, { ...behind, frameEndSlot: 13 }])).toBe(13);
  });

  it("whatever is missing, leaves no hole, no long piece, and no segment without a key frame", () => {
    const property = fc.property(
      fc.constantFrom(lowLatency, plain),
      fc.uniqueArray(fc.integer({ min: 0, max: 80 }), { minLength: 1 }),
      fc.integer({ min: -3, max: 3 }),
      (cadence, slots, laterSlots) => {
        const sorted = slots.toSorted((one, other) => one - other);
        const cutter = createCutter(cadence);
        const taken = chunksAt(sorted, cadence.framesPerSegment).flatMap((chunk) => cutter.take(chunk));
        const events = [...taken, ...cutter.end(cutter.reach().frameEndSlot + laterSlots)];
        const lasts = events.filter(({ kind }) => kind !== "break").slice(-2);
        expect(["end", "segment-end,end"]).toContain(lasts.map(({ kind }) => kind).join());
        let end: number | null = null;
        for (const event of events) {
          if (event.kind === "break") end = null;
          if (event.kind === "piece") end = checkPiece(event.piece, end, cadence.framesPerPart ?? 20);
        }
      },
    );
    expect(fc.check(property)).toMatchObject({ failed: false });
  });
});

/** Checks one piece after another; answers with where it ends. */
function checkPiece(piece: Piece, end: number | null, longest: number): number {
  expect(piece.startSlot).toBe(end ?? piece.startSlot);
  expect(piece.slotCount).toBeGreaterThan(0);
  expect(piece.slotCount).toBeLessThanOrEqual(longest);
  expect(piece.samples[0]?.chunk.isKey ?? false).toBe(piece.isSegmentStart);
  let at = piece.startSlot;
  for (const sample of piece.samples) {
    expect(sample.startSlot).toBe(at);
    expect(sample.slotCount).toBeGreaterThan(0);
    at += sample.slotCount;
  }
  expect(at).toBe(piece.startSlot + piece.slotCount);
  return at;
}
