import { describe, expect, it } from "vitest";

import { bareSegment, createFakePublishing, fakeLive, type FakePublishingOptions } from "./publisher.fake.ts";

function createSubject(change: Omit<FakePublishingOptions, "turn"> = {}) {
  return createFakePublishing({ turn: () => new Promise((resolve) => setImmediate(resolve)), ...change });
}

describe("a stream that is stopped within a segment", () => {
  it("ends with what it has of it, put whole before the playlist that lists it", async () => {
    const { server, publisher, take, playlist } = createSubject();
    await take(0, 24);
    await publisher.finish();
    expect(server.breaches).toEqual([]);
    expect(playlist("index.m3u8")).toMatchObject({ isEnded: true, hints: [] });
    const { uri, durationS, isGap, parts } = playlist("index.m3u8").segments.at(-1)!;
    expect({ uri, durationS, isGap }).toEqual({ uri: "seg-0-2.m4s", durationS: 0.4, isGap: false });
    expect(parts.map((part) => part.durationS)).toEqual([0.3, 0.1]);
    expect(server.files.get(uri)).toBe(parts.map((part) => server.files.get(part.uri)).join(""));
    expect(publisher.ending()).toEqual([]);
    expect(publisher.listed()).toContain("seg-0-2.m4s");
  });

  it("ends so without parts, too", async () => {
    const { server, publisher, take, playlist } = createSubject({
      partMs: 0,
      live: { ...fakeLive, partTargetS: null },
    });
    await take(0, 24);
    await publisher.finish();
    expect(server.breaches).toEqual([]);
    const { isEnded, segments } = playlist("index.m3u8");
    expect(isEnded).toBe(true);
    expect(segments.map(({ durationS, isGap }) => ({ durationS, isGap }))).toEqual(
      [1, 1, 0.4].map((durationS) => ({ durationS, isGap: false })),
    );
  });

  it.each([
    ["lacks a frame of a part that is out of the other", 22, 0],
    ["lacks a frame of which nothing is out", 23, 0],
    ["lacks all of the segment, of which the other has a part out", 20, 1],
  ])("ends a ladder as near as may be, where a rung %s", async (_what, lowEnd, moreCount) => {
    const { server, publisher, take, playlist } = createSubject({ ladder: true });
    for (let slot = 0; slot < 24; slot += 3)
      await take(slot, slot + 3, (chunk) => chunk.rungIndex === 0 || chunk.slot < lowEnd);
    await publisher.finish();
    expect(server.breaches).toEqual([]);
    const [high, low] = [playlist("720p/index.m3u8"), playlist("360p/index.m3u8")];
    expect([high.isEnded, low.isEnded]).toEqual([true, true]);
    const common = high.segments.slice(0, high.segments.length - moreCount);
    expect(low.segments.map(bareSegment)).toEqual(common.map(bareSegment));
    expect(high.segments.at(-1)).toMatchObject({ durationS: 0.3, isGap: false });
  });

  it("marks as absent what could not be put, in that rung alone", async () => {
    const { server, publisher, take, playlist, refuse } = createSubject({ ladder: true });
    for (let slot = 0; slot < 24; slot += 3) await take(slot, slot + 3);
    refuse("360p/seg-0-2.m4s");
    await publisher.finish();
    expect(publisher.ending().map(({ name }) => name)).toEqual(["360p/index.m3u8"]);
    for (const { name, bytes } of publisher.ending()) server.put(name, bytes);
    expect(server.breaches).toEqual([]);
    const lasts = [playlist("720p/index.m3u8"), playlist("360p/index.m3u8")].map((each) =>
      each.segments.at(-1),
    );
    expect(lasts).toMatchObject([
      { uri: "seg-0-2.m4s", durationS: 0.4, isGap: false },
      { uri: "seg-0-2.m4s", isGap: true },
    ]);
  });

  it("waits for nothing where nothing gets through, and puts nothing where viewers never came", async () => {
    const early = createSubject();
    await early.take(0, 2);
    await early.publisher.finish();
    early.publisher.suspend();
    expect([early.publisher.ending(), [...early.server.files]]).toEqual([[], []]);
    const { publisher, take } = createSubject();
    await take(0, 24);
    publisher.suspend();
    await publisher.finish();
    expect(publisher.ending()[0]?.bytes).toMatch(/#EXT-X-GAP\n#EXTINF:0.3,\nseg-0-2\.m4s\n#EXT-X-ENDLIST\n$/);
  });
});
