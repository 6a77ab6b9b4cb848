import { readFileSync } from "node:fs";
import { join } from "node:path";

import { ALL_FORMATS, BufferSource, EncodedPacketSink, Input } from "mediabunny";
import { describe, expect, it } from "vitest";

import type { FrameItem, LumaItem, PieceItem, StoredItem } from "../../core/record/item.ts";
import { writeRecord } from "../../core/record/record-log.ts";
import { createExporter } from "./export.shared.ts";

type Stored = readonly [item: StoredItem, body: readonly number[]];

function logOf(stored: readonly Stored[]): Uint8Array<ArrayBuffer> {
  const records = stored.map(([item, body]) => writeRecord(item, Uint8Array.from(body)));
  const whole = new Uint8Array(records.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const record of records) {
    whole.set(record, at);
    at += record.length;
  }
  return whole;
}

async function exported(parts: readonly (readonly Stored[])[], untilUs = Infinity) {
  const exporter = createExporter(1000);
  for (const part of parts) await exporter.add(logOf(part), untilUs);
  return exporter.finish();
}

async function bytesOf(blob: Blob): Promise<readonly number[]> {
  return [...new Uint8Array(await blob.arrayBuffer())];
}

/** Each packet's instant, ms, and bytes. */
async function packetsOf(blob: Blob): Promise<readonly (readonly [number, readonly number[]])[]> {
  const source = new BufferSource(await blob.arrayBuffer());
  const track = await new Input({ formats: ALL_FORMATS, source }).getPrimaryVideoTrack();
  const packets: [number, number[]][] = [];
  for await (const packet of new EncodedPacketSink(track!).packets())
    packets.push([Math.round(packet.timestamp * 1000), [...packet.data]]);
  return packets;
}

const clip = join(import.meta.dirname, "../../core/quality/cases/cells.h264-crf40.mp4");

/** NAL units of a sample of MP4: each after its length in four bytes (ISO/IEC 14496-15). */
function nalsOf(sample: Uint8Array): readonly Uint8Array[] {
  const nals: Uint8Array[] = [];
  const view = new DataView(sample.buffer, sample.byteOffset, sample.byteLength);
  for (let at = 0; at < sample.length; at += 4 + view.getUint32(at))
    nals.push(sample.subarray(at + 4, at + 4 + view.getUint32(at)));
  return nals;
}

/** Parameter sets of an `avcC` box: after five bytes, a count of five bits and so many sets, then a count and so many others. */
function parameterSetsOf(avcc: Uint8Array): readonly Uint8Array[] {
  const sets: Uint8Array[] = [];
  let at = 5;
  for (const mask of [0x1f, 0xff]) {
    const count = (avcc[at] ?? 0) & mask;
    at += 1;
    for (let index = 0; index < count; index += 1) {
      const length = ((avcc[at] ?? 0) << 8) | (avcc[at + 1] ?? 0);
      sets.push(avcc.subarray(at + 2, at + 2 + length));
      at += 2 + length;
    }
  }
  return sets;
}

/** As WebRTC hands frames over: a start code before every unit, of four bytes or of three (ITU-T H.264, Annex B). */
function toAnnexB(nals: readonly Uint8Array[]): readonly number[] {
  return nals.flatMap((nal, index) => [...(index % 2 === 0 ? [0, 0, 0, 1] : [0, 0, 1]), ...nal]);
}

/** Frames of an encoder, as their NAL units; a key frame begins with its parameter sets. */
async function h264Frames(): Promise<readonly (readonly Uint8Array[])[]> {
  const source = new BufferSource(readFileSync(clip));
  const track = await new Input({ formats: ALL_FORMATS, source }).getPrimaryVideoTrack();
  const sets = parameterSetsOf(new Uint8Array((await track!.getDecoderConfig())?.description as ArrayBuffer));
  const frames: (readonly Uint8Array[])[] = [];
  for await (const { data, type } of new EncodedPacketSink(track!).packets())
    frames.push([...(type === "key" ? sets : []), ...nalsOf(data)]);
  return frames;
}

function piece(role: "init" | "media", rendition: string, atUs: number): PieceItem {
  return {
    kind: "piece",
    role,
    mimeType: "video/mp4",
    rendition,
    address: `/${rendition}`,
    startS: 0,
    durationS: 1,
    isIndependent: true,
    receivedAtUs: atUs,
  };
}

function frame(atUs: number, rtpTimestamp: number, isKey = false, mimeType = "video/VP8"): FrameItem {
  const size = { widthPx: 64, heightPx: 36 };
  return { kind: "frame", mimeType, isKey, rtpTimestamp, receivedAtUs: atUs, ...size, skippedCount: 0 };
}

describe("a file of what was kept", () => {
  it("of segments is their bytes one after the other; an init that each part repeats stands once", async () => {
    const { files } = await exported([
      [
        [piece("init", "low", 0), [1, 1]],
        [piece("media", "low", 1), [2]],
      ],
      [
        [piece("init", "low", 0), [1, 1]],
        [piece("media", "low", 2), [3]],
      ],
      [
        [piece("init", "high", 0), [4]],
        [piece("media", "high", 3), [5]],
      ],
    ]);
    expect(await Promise.all(files.map(({ blob }) => bytesOf(blob)))).toEqual([
      [1, 1, 2, 3],
      [4, 5],
    ]);
    expect(files.map(({ mimeType, itemCount }) => [mimeType, itemCount])).toEqual([
      ["video/mp4", 2],
      ["video/mp4", 1],
    ]);
  });

  it("of frames holds each of them, as it came and when the sender captured it", async () => {
    const wrapped = (2 ** 32 - 3000 + 6000) % 2 ** 32;
    const { files, rows } = await exported(
      [
        [
          [frame(0, 2 ** 32 - 3000, true), [0x10, 2, 3]],
          [{ kind: "rows", receivedAtUs: 1 }, [9, 9]],
          [frame(2, 0), [4, 5]],
          [frame(3, wrapped), [6]],
          [frame(4, 6000), [7]],
        ],
      ],
      3,
    );
    expect(files).toHaveLength(1);
    expect(files[0]).toMatchObject({ kind: "frames", mimeType: "video/webm", itemCount: 3, toUs: 3 });
    expect([...new Uint8Array(rows)]).toEqual([9, 9]);
    expect(await packetsOf(files[0]!.blob)).toEqual([
      [0, [0x10, 2, 3]],
      [33, [4, 5]],
      [67, [6]],
    ]);
  });

  it("of H.264 holds every unit of every frame, its start codes become lengths", async () => {
    const frames = await h264Frames();
    expect(frames).toHaveLength(20);
    const stored = frames.map((nals, index): Stored => {
      const item = frame(index * 40_000, index * 3600, nals.length > 1, "video/H264");
      return [item, toAnnexB(nals)];
    });
    const { files } = await exported([stored]);
    expect(files).toMatchObject([{ mimeType: "video/mp4", itemCount: 20 }]);
    const packets = await packetsOf(files[0]!.blob);
    expect(packets.map(([, bytes]) => nalsOf(Uint8Array.from(bytes)).map((nal) => [...nal]))).toEqual(
      frames.map((nals) => nals.map((nal) => [...nal])),
    );
  });

  it.each([
    ["forward", 1_900_000_000],
    ["back", 2 ** 32 - 1_900_000_000],
  ])("goes on over a reconnect whose timestamps jump %s, its gap as long as it was", async (_, jump) => {
    const before = [frame(0, 50, true), frame(33_000, 3050)].map((item) => ({ ...item, linkNumber: 0 }));
    const after = [frame(2_033_000, 50 + jump, true), frame(2_066_000, 3050 + jump)];
    const late = { ...frame(2_050_000, 6050), linkNumber: 0 };
    const early = { ...frame(2_000_000, jump), linkNumber: 1 };
    const [key, next] = after.map((item) => ({ ...item, linkNumber: 1 }));
    const stored = [...before, early, key!, late, next!].map((item, index): Stored => [item, [0x10, index]]);
    const { files } = await exported([stored.slice(0, 4), stored.slice(4)]);
    expect(files).toMatchObject([{ itemCount: 4, skippedCount: 2, toUs: 2_066_000 }]);
    expect(await packetsOf(files[0]!.blob)).toEqual([
      [0, [0x10, 0]],
      [33, [0x10, 1]],
      [2033, [0x10, 3]],
      [2067, [0x10, 5]],
    ]);
  });

  it("stands in the order of sending where a packet was sent again, and is begun by its key frame", async () => {
    const instants = [
      [100, 3000, true],
      [133, 0, false],
      [166, 9000, false],
      [200, 12_000, true],
      [233, 6000, false],
      [3000, 260_000, false],
      [3001, 7000, false],
    ] as const;
    const stored = instants.map(([atMs, rtpTimestamp, isKey], index): Stored => [
      frame(atMs * 1000, rtpTimestamp, isKey),
      [0x10, index],
    ]);
    const { files } = await exported([stored]);
    expect(files).toMatchObject([{ itemCount: 5, skippedCount: 1 }]);
    const packets = await packetsOf(files[0]!.blob);
    expect(packets.map(([, [, index]]) => index)).toEqual([0, 4, 2, 3, 5]);
  });

  it("of displayed pictures is luma that ffmpeg reads", async () => {
    const luma: LumaItem = { kind: "luma", widthPx: 2, heightPx: 1, receivedAtUs: 0 };
    const { files } = await exported([
      [
        [luma, [16, 235]],
        [luma, [17, 234]],
      ],
    ]);
    const text = String.fromCharCode(...(await bytesOf(files[0]!.blob)));
    expect(text).toBe(
      "YUV4MPEG2 W2 H1 F30:1 Ip A1:1 Cmono XCOLORRANGE=LIMITED\nFRAME\n\u0010\u00ebFRAME\n\u0011\u00ea",
    );
  });
});
