import { describe, expect, it } from "vitest";

import type { FrameItem, PieceItem } from "../../core/record/item.ts";
import { readLog } from "../../core/record/record-log.ts";
import { createFakeDisk, type FakeDisk } from "./files.fake.ts";
import { createKeeper, type Keeper } from "./keeper.shared.ts";

const fps = 10;
const limitBytes = 1e9;

/** A page that receives a stream at 10 fps with a key frame every two seconds, each frame of 100 bytes. */
function openPage(disk: FakeDisk, room: { readonly quota?: number } = {}) {
  const files = disk.openPage();
  let nowUs = 1_000_000_000;
  const keeper = createKeeper({
    files,
    nowUs: () => nowUs,
    estimate: async () => ({ usage: disk.usedBytes(), ...room }),
  });
  return {
    keeper,
    end: files.end,
    receive: async (seconds: number, sessionId = "s"): Promise<void> => {
      for (let count = 0; count < seconds * fps; count += 1) {
        const index = (nowUs - 1_000_000_000) / (1e6 / fps);
        await keeper.take(sessionId, frame(nowUs, index % 20 === 0), new Uint8Array(100).fill(index));
        nowUs += 1e6 / fps;
      }
    },
    nowUs: () => nowUs,
  };
}

function frame(receivedAtUs: number, isKey: boolean): FrameItem {
  const mimeType = "video/VP8";
  return {
    kind: "frame",
    mimeType,
    isKey,
    rtpTimestamp: 0,
    receivedAtUs,
    widthPx: 64,
    heightPx: 36,
    skippedCount: 0,
  };
}

async function marksOf(keeper: Keeper, segmentId: string): Promise<readonly number[]> {
  const marks: number[] = [];
  for (let index = 0, hasMore = true; hasMore; index += 1) {
    const part = await keeper.read("s", segmentId, index);
    if (!part.ok) throw new Error(part.failure.what);
    for (const { head, body } of readLog(new Uint8Array(part.value.bytes)).records) {
      if ((head as FrameItem).receivedAtUs <= part.value.untilUs) marks.push(body[0] ?? -1);
    }
    ({ hasMore } = part.value);
  }
  return marks;
}

function range(from: number, to: number): readonly number[] {
  return Array.from({ length: to - from }, (_, index) => from + index);
}

describe("what is received", () => {
  it("is recorded from the next key frame on, every frame of it, until it is ended", async () => {
    const page = openPage(createFakeDisk());
    page.keeper.configure({ ringS: 0, limitBytes });
    await page.keeper.open("s", "a stream");
    await page.receive(3);
    page.keeper.record("s", "one");
    await page.receive(4);
    page.keeper.end("s", "one", "asked");
    await page.receive(5);
    expect(await marksOf(page.keeper, "one")).toEqual(range(40, 70));
    const { segments, rings } = await page.keeper.status([]);
    expect(segments).toMatchObject([{ segmentId: "one", state: "kept", label: "a stream", cause: "asked" }]);
    expect(segments[0]!.toUs - segments[0]!.fromUs).toBe(2_900_000);
    expect(rings[0]!.bytes).toBe(0);
  });

  it("is kept after the event, from the key frame before", async () => {
    const page = openPage(createFakeDisk());
    page.keeper.configure({ ringS: 10, limitBytes });
    await page.keeper.open("s", "a stream");
    expect(page.keeper.keepFrom("s", "none", 0)).toMatchObject({ ok: false });
    await page.receive(25);
    page.keeper.keepFrom("s", "last", page.nowUs() - 5_000_000);
    await page.receive(25);
    expect(await marksOf(page.keeper, "last")).toEqual(range(200, 250));
  });

  it("outlives its page: what was recorded ends where it was cut off, what was not kept is gone", async () => {
    const disk = createFakeDisk();
    const page = openPage(disk);
    page.keeper.configure({ ringS: 60, limitBytes });
    await page.keeper.open("s", "a stream");
    await page.receive(6);
    page.keeper.record("s", "cut");
    await page.receive(3);
    const other = openPage(disk);
    expect((await other.keeper.status([])).segments).toMatchObject([{ state: "recording", isLive: true }]);
    expect((await marksOf(other.keeper, "cut")).length).toBeGreaterThan(20);
    expect(await other.keeper.remove("s", "cut")).toMatchObject({ ok: false });
    page.end();
    const { segments } = await other.keeper.status([]);
    expect(segments).toMatchObject([{ segmentId: "cut", state: "kept", cause: "cut-off", isLive: false }]);
    expect(await marksOf(other.keeper, "cut")).toEqual(range(60, 90));
    await other.keeper.remove("s", "cut");
    expect(disk.usedBytes()).toBe(0);
  });

  it.each([
    ["the user's limit", { limitBytes: 20_000 }, Infinity, {}],
    ["the browser's quota", { limitBytes }, Infinity, { quota: 20_000 }],
    ["a disk that is full", { limitBytes }, 20_000, {}],
  ] as const)(
    "ends at %s with what it has, and goes on when room is made",
    async (_, limit, disk, browser) => {
      const room = createFakeDisk();
      room.setRoom(disk);
      const page = openPage(room, browser);
      page.keeper.configure({ ringS: 60, ...limit });
      await page.keeper.open("s", "a stream");
      page.keeper.record("s", "long");
      await page.receive(20);
      const full = await page.keeper.status([]);
      expect(full.segments).toMatchObject([{ segmentId: "long", cause: "full" }]);
      const marks = await marksOf(page.keeper, "long");
      expect(marks).toEqual(range(0, marks.length));
      expect(marks.length).toBeGreaterThan(30);
      room.setRoom(1e6);
      await page.keeper.remove("s", "long");
      await page.keeper.status([]);
      page.keeper.record("s", "next");
      await page.receive(4);
      expect((await page.keeper.status([])).segments).toMatchObject([
        { segmentId: "next", state: "recording" },
      ]);
    },
  );

  it("of segments begins with the init of its rendition, wherever the ring begins", async () => {
    const { keeper } = openPage(createFakeDisk());
    keeper.configure({ ringS: 6, limitBytes });
    await keeper.open("s", "hls");
    const piece = (role: "init" | "media", atS: number, rendition: string): PieceItem => ({
      kind: "piece",
      role,
      mimeType: "video/mp4",
      rendition,
      address: `/${rendition}/${atS}`,
      startS: atS,
      durationS: 2,
      isIndependent: true,
      receivedAtUs: 1_000_000_000 + atS * 1e6,
    });
    const at = (rendition: string) => (rendition === "low" ? 100 : 200);
    for (const rendition of ["low", "high"]) {
      await keeper.take("s", piece("init", 0, rendition), new Uint8Array([at(rendition)]));
      const from = rendition === "low" ? 0 : 10;
      for (let second = from; second < from + 10; second += 2) {
        await keeper.take("s", piece("media", second, rendition), new Uint8Array([second]));
      }
    }
    keeper.keepFrom("s", "last", 1_000_000_000 + 6e6);
    expect(await marksOf(keeper, "last")).toEqual([
      100, 6, 100, 8, 200, 10, 200, 12, 200, 14, 200, 16, 200, 18,
    ]);
  });
});
