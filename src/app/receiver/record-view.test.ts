import { describe, expect, it } from "vitest";

import type { KeepStatus, SegmentSummary } from "../../media/record/keep.protocol.ts";
import { nameOfFile, toRingWords, toRoom, toSegmentRows } from "./record-view.ts";

const segment: SegmentSummary = {
  sessionId: "s",
  segmentId: "a",
  label: "https://cdn.example/live/main.m3u8",
  state: "kept",
  cause: "asked",
  fromUs: new Date(2026, 0, 2, 14, 3, 9).getTime() * 1000,
  toUs: new Date(2026, 0, 2, 14, 4, 39).getTime() * 1000,
  bytes: 12_345_678,
  bitstreams: ["video/mp4 level 0 https://cdn.example/init.mp4", "video/mp4 level 1 x"],
  facts: null,
  isLive: true,
};
const status: KeepStatus = {
  segments: [{ ...segment, segmentId: "old", fromUs: 0, toUs: 0 }, segment],
  rings: [{ sessionId: "s", fromUs: 0, toUs: 65_000_000, bytes: 10, isFull: false }],
  keptBytes: 128e6,
  limitBytes: 512e6,
  usageBytes: 130e6,
  quotaBytes: 10e9,
};

describe("what is kept", () => {
  it("is listed with the newest first", () => {
    expect(toSegmentRows(status)).toMatchObject([
      { when: "14:03:09", length: "1:30", size: "12.3 MB", what: "segments, MP4", note: "", canOpen: true },
      { segment: { segmentId: "old" } },
    ]);
  });

  it.each([
    [{ state: "waiting", cause: null, bitstreams: [] }, "", "waits for a key frame"],
    [{ state: "recording", cause: null, bitstreams: ["video/VP8"] }, "frames, VP8", "recording"],
    [{ cause: "full", bitstreams: ["luma 640x360"] }, "raw luma, 640x360", "ended: no room was left"],
    [{ cause: "cut-off" }, "segments, MP4", "its page was closed while recording"],
  ] as const)("says what it is and how it ended: %o", (change, what, note) => {
    expect(toSegmentRows({ ...status, segments: [{ ...segment, ...change }] })).toMatchObject([
      { what, note },
    ]);
  });

  it("says how much room it takes, and how far back it reaches", () => {
    expect(toRoom(status)).toEqual({
      ratio: 0.25,
      words: "128 MB of 512 MB kept",
      browserWords: "the browser counts 130 MB of 10000 MB for this site",
    });
    expect(toRingWords(status, "s")).toBe("The last 1:05 min can still be kept.");
    expect(toRingWords(status, null)).toBeNull();
  });

  it("is saved under a name that says what it is, without what a file system may refuse", () => {
    expect(nameOfFile(segment, "video/mp4", 0)).toBe("streamgauge-cdn-example-live-main-m3u8-14-03-09.mp4");
    expect(nameOfFile({ ...segment, label: "" }, "video/webm", 1)).toBe("streamgauge-14-03-09-2.webm");
  });
});
