import { describe, expect, it } from "vitest";

import { resumeLive } from "../../../core/hls/live.ts";
import { openDiscontinuityOf } from "../../../core/hls/playlist.ts";
import { readPlaylist } from "../../../core/hls/read.ts";
import {
  bareSegment,
  createFakePublishing,
  fakeFps,
  fakeLive,
  type FakePublishingOptions,
} from "./publisher.fake.ts";

function createSubject(change: Omit<FakePublishingOptions, "turn"> = {}) {
  return createFakePublishing({ turn: () => new Promise((resolve) => setImmediate(resolve)), ...change });
}

describe("a stream that is published", () => {
  it("has parts, whole segments and dates, and breaks no rule at any step", async () => {
    const { server, take, playlist, told } = createSubject();
    for (let slot = 0; slot < 100; slot += 5) await take(slot, slot + 5);
    expect(server.breaches).toEqual([]);
    expect(told).toEqual({ live: 1, trouble: 0 });
    const { segments, mediaSequence } = playlist("index.m3u8");
    expect(mediaSequence + segments.length).toBe(10);
    expect(segments.map(({ programDateTimeMs }) => (programDateTimeMs ?? 0) % 1000)).toEqual(
      segments.map(() => 0),
    );
    expect(segments.at(-1)?.parts.map(({ durationS }) => durationS)).toEqual([0.3, 0.3, 0.3, 0.1]);
  });

  it("has a ladder, whose rungs tell of each other and begin their segments with the same frames", async () => {
    const { server, take, playlist } = createSubject({ ladder: true });
    for (let slot = 0; slot < 75; slot += 3) await take(slot, slot + 3);
    expect(server.breaches).toEqual([]);
    const read = readPlaylist(server.files.get("index.m3u8") ?? "", "memory");
    expect(read).toMatchObject({
      value: {
        playlist: {
          multivariant: {
            independentSegments: true,
            variants: [
              { uri: "720p/index.m3u8", codecs: ["vp09.00.31.08"], widthPx: 1280, frameRateFps: fakeFps },
              { uri: "360p/index.m3u8", codecs: ["vp09.00.31.08"], widthPx: 640, frameRateFps: fakeFps },
            ],
          },
        },
      },
    });
    const [high, low] = [playlist("720p/index.m3u8"), playlist("360p/index.m3u8")];
    expect(high.reports).toMatchObject([{ uri: "../360p/index.m3u8" }]);
    expect(low.reports).toMatchObject([{ uri: "../720p/index.m3u8" }]);
    expect(low.segments.map(bareSegment)).toEqual(high.segments.map(bareSegment));
  });

  it("claims of each rung what its segments weigh, once that is known", async () => {
    const { server, take } = createSubject({ ladder: true });
    await take(0, 20);
    const asked = server.files.get("index.m3u8");
    await take(20, 75);
    // Ten frames of 50 bytes a second, and what CMAF adds to them.
    expect(asked).toContain("AVERAGE-BANDWIDTH=2500000,");
    expect(server.files.get("index.m3u8")).toMatch(/BANDWIDTH=3125000,AVERAGE-BANDWIDTH=\d{4},/);
  });

  it("has the same discontinuity numbers in all rungs, whatever was left of each", async () => {
    const first = createSubject({ ladder: true });
    await first.take(0, 25);
    const high = resumeLive(fakeLive, first.playlist("720p/index.m3u8"));
    const second = createSubject({ ladder: true, left: [high, null] });
    for (let slot = 0; slot < 24; slot += 3) await second.take(slot, slot + 3);
    expect(second.server.breaches.filter((words) => !words.includes("is not there"))).toEqual([]);
    const after = ["720p/index.m3u8", "360p/index.m3u8"].map((name) => second.playlist(name));
    expect(after.map(openDiscontinuityOf)).toEqual([1, 1]);
    expect(after.map(({ segments }) => segments.at(-1)?.uri)).toEqual(["seg-1-4.m4s", "seg-1-2.m4s"]);
  });

  it("goes on with a discontinuity when its server was away, without what was never put", async () => {
    const { server, publisher, take, playlist, told, away } = createSubject();
    await take(0, 25);
    away(true);
    await take(25, 45);
    expect(told.trouble).toBe(1);
    away(false);
    publisher.resume(true);
    await take(45, 75);
    expect(server.breaches).toEqual([]);
    const { segments } = playlist("index.m3u8");
    expect(segments.map(({ isDiscontinuity }) => isDiscontinuity).lastIndexOf(true)).toBe(3);
    expect(segments.map(({ isGap }) => isGap)).toEqual([false, false, true, false, false]);
  });

  it("lists nothing old where its server has lost every file, and numbers go on", async () => {
    const { server, publisher, take, playlist } = createSubject();
    await take(0, 25);
    publisher.suspend();
    server.files.clear();
    publisher.resume(false);
    await take(30, 55);
    expect(server.breaches).toEqual([]);
    const { mediaSequence, discontinuitySequence, segments } = playlist("index.m3u8");
    expect(mediaSequence).toBeGreaterThan(2);
    expect(discontinuitySequence).toBeGreaterThan(0);
    expect(segments).toHaveLength(2);
  });

  it("is taken up by a page that was loaded again, and ends", async () => {
    const first = createSubject();
    await first.take(0, 25);
    const left = [resumeLive(fakeLive, first.playlist("index.m3u8"))];
    const second = createSubject({ left });
    for (const [name, text] of first.server.files) second.server.files.set(name, text);
    await second.take(0, 25);
    expect(second.server.breaches).toEqual([]);
    expect(second.server.files.get("index.m3u8")).toMatch(
      /seg-0-1\.m4s[^]*#EXT-X-DISCONTINUITY\n[^]*init-1\.mp4/,
    );
    second.publisher.suspend();
    for (const { name, bytes } of second.publisher.ending()) second.server.put(name, bytes);
    expect(second.server.breaches).toEqual([]);
    expect(second.playlist("index.m3u8").isEnded).toBe(true);
  });
});
