import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { planCadence } from "../../../core/hls/cadence.ts";
import type { EncodedChunk } from "../encode/encode.protocol.ts";
import { createCutter, type CutEvent, type Piece } from "./cut.ts";

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

  it("whatever is missing, leaves no hole, no long piece, and no segment without a key frame", () => {
    const property = fc.property(
      fc.constantFrom(lowLatency, plain),
      fc.uniqueArray(fc.integer({ min: 0, max: 80 }), { minLength: 1 }),
      (cadence, slots) => {
        const events = cutAll(
          slots.toSorted((one, other) => one - other),
          cadence,
        );
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
