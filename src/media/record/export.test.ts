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
