import { expect, it } from "vitest";

import type { Piece } from "./cut.ts";
import { createSegmentMuxer } from "./mux.ts";

const plan = {
  codec: "vp9",
  fps: 30,
  decoderConfig: { codec: "vp09.00.31.08", codedWidth: 640, codedHeight: 360 },
} as const;

function pieceOf(startSlot: number, slotCount: number, isSegmentStart: boolean): Piece {
  const samples = Array.from({ length: slotCount }, (_, index) => {
    const slot = startSlot + index;
    const timestampUs = Math.round((slot * 1e6) / plan.fps);
    const data = new Uint8Array(100).fill(slot);
    const isKey = isSegmentStart && index === 0;
    const times = { slot, timestampUs, durationUs: 33_333, dateUs: timestampUs };
    return {
      startSlot: slot,
      slotCount: 1,
      chunk: { rungIndex: 0, data, isKey, ...times, decoderConfig: null },
    };
  });
  return { samples, startSlot, slotCount, isSegmentStart };
}

type Box = { readonly type: string; readonly bytes: Uint8Array };

/** The boxes that stand beside each other (ISO/IEC 14496-12 4.2). */
function boxesOf(bytes: Uint8Array): readonly Box[] {
  const boxes: Box[] = [];
  let offset = 0;
  while (offset < bytes.byteLength) {
    const sizeBytes = new DataView(bytes.buffer, bytes.byteOffset + offset).getUint32(0);
    const type = String.fromCodePoint(...bytes.subarray(offset + 4, offset + 8));
    boxes.push({ type, bytes: bytes.subarray(offset + 8, offset + sizeBytes) });
    offset += sizeBytes;
  }
  return boxes;
}

const within = (boxes: readonly Box[], type: string): readonly Box[] =>
  boxesOf(boxes.find((box) => box.type === type)?.bytes ?? new Uint8Array());

/** `baseMediaDecodeTime` of a `tfdt`, in units of the track's time scale. */
function decodeTimeOf(piece: Uint8Array): number {
  const tfdt = within(within(boxesOf(piece), "moof"), "traf").find(({ type }) => type === "tfdt");
  if (tfdt === undefined) throw new Error("a piece has no decode time");
  const view = new DataView(tfdt.bytes.buffer, tfdt.bytes.byteOffset);
  return view.getUint8(0) === 1 ? Number(view.getBigUint64(4)) : view.getUint32(4);
}

it("writes each piece as one CMAF chunk at its own time, after one initialization section", async () => {
  const muxer = await createSegmentMuxer(plan);
  const pieces = [
    await muxer.add(pieceOf(300, 6, true)),
    await muxer.add(pieceOf(306, 6, false)),
    await muxer.add(pieceOf(312, 6, false)),
  ];
  expect(boxesOf(muxer.init()).map(({ type }) => type)).toEqual(["ftyp", "moov"]);
  for (const piece of pieces) expect(boxesOf(piece).map(({ type }) => type)).toEqual(["moof", "mdat"]);
  const [first = 0, second = 0, third = 0] = pieces.map(decodeTimeOf);
  expect(first / (second - first)).toBeCloseTo(300 / 6, 6);
  expect(third - second).toBe(second - first);
});

it("writes the same initialization section for every segment of one plan", async () => {
  const [one, other] = await Promise.all([createSegmentMuxer(plan), createSegmentMuxer(plan)]);
  await one.add(pieceOf(0, 6, true));
  await other.add(pieceOf(30, 6, true));
  expect(one.init()).toEqual(other.init());
});
