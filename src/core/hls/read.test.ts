import { performance } from "node:perf_hooks";

import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import type { Result } from "../failure.ts";
import type { MediaPlaylist } from "./playlist.ts";
import { defaultReadLimits, readPlaylist, type ReadPlaylist } from "./read.ts";

function mediaOf(read: Result<ReadPlaylist>): MediaPlaylist {
  if (!read.ok || read.value.playlist.kind !== "media") throw new Error("no media playlist");
  return read.value.playlist.media;
}

/** Best of three, ms. */
function fastestReadMs(text: string): number {
  const limits = { ...defaultReadLimits, maxLineCount: 1e6 };
  const takenMs = [1, 2, 3].map(() => {
    const startMs = performance.now();
    readPlaylist(`#EXTM3U\n${text}`, "here", limits);
    return performance.now() - startMs;
  });
  return Math.min(...takenMs);
}

const lowLatency = `#EXTM3U
#EXT-X-TARGETDURATION:4
#EXT-X-VERSION:6
#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=1.0,CAN-SKIP-UNTIL=24.0
#EXT-X-PART-INF:PART-TARGET=0.33334
#EXT-X-MEDIA-SEQUENCE:266
#EXT-X-PROGRAM-DATE-TIME:2019-02-14T02:13:36.106Z
#EXT-X-MAP:URI="init.mp4"
#EXTINF:4.00008,
fileSequence266.mp4
#EXTINF:4.00008,a title, with a comma
fileSequence267.mp4
#EXT-X-UNKNOWN:SOMETHING="else"
#EXT-X-PART:DURATION=0.33334,URI="filePart268.0.mp4",INDEPENDENT=YES
#EXT-X-PART:DURATION=0.33334,URI="filePart268.1.mp4"
#EXT-X-PRELOAD-HINT:TYPE=PART,URI="filePart268.2.mp4"
#EXT-X-RENDITION-REPORT:URI="../1M/waitForMSN.php",LAST-MSN=268,LAST-PART=1
`;

describe("a low-latency playlist as others write it", () => {
  const media = mediaOf(readPlaylist(lowLatency, "here"));

  it("tells its promises, segments, open parts, hint and report", () => {
    expect(media).toMatchObject({
      targetDurationS: 4,
      partTargetS: 0.33334,
      mediaSequence: 266,
      serverControl: { canBlockReload: true, canSkipUntilS: 24, holdBackS: null, partHoldBackS: 1 },
      hints: [{ type: "PART", uri: "filePart268.2.mp4" }],
      reports: [{ lastMsn: 268, lastPart: 1 }],
      isEnded: false,
    });
    expect(media.segments.map((segment) => segment.uri)).toEqual([
      "fileSequence266.mp4",
      "fileSequence267.mp4",
    ]);
    expect(media.open?.parts.map((part) => part.isIndependent)).toEqual([true, false]);
  });

  it("is the same with Windows line ends and a byte order mark, which is told as an oddity", () => {
    const read = readPlaylist(`\u{FEFF}${lowLatency.replaceAll("\n", "\r\n")}`, "here");
    expect(mediaOf(read)).toEqual(media);
    expect(read.ok && read.value.oddities).toHaveLength(1);
  });
});

describe("bad input", () => {
  it.each([
    ["an error page", "<!doctype html><p>not found"],
    ["nothing", ""],
    ["a playlist of another kind", "#EXTM3U8\n"],
    ["50 MB", `#EXTM3U\n${"#".repeat(50_000_000)}`],
    ["a million lines", "#EXTM3U\n".padEnd(9 + 1_000_000, "\n")],
  ])("%s is refused in words", (_, text) => {
    const read = readPlaylist(text, "https://cdn.example/live.m3u8");
    expect(read).toMatchObject({
      ok: false,
      failure: { kind: "refused-input", where: "https://cdn.example/live.m3u8" },
    });
  });

  it.each([
    ["an address without EXTINF", "seg.ts", "line 2"],
    ["a duration that is none", "#EXTINF:abc,\nseg.ts", "line 2"],
    ["a date that is none", "#EXT-X-PROGRAM-DATE-TIME:yesterday", "line 2"],
    ["a part without duration", '#EXT-X-PART:URI="p"', "line 2"],
  ])("%s is read past and told with its line", (_, body, line) => {
    const read = readPlaylist(`#EXTM3U\n${body}\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\nok.ts\n`, "here");
    expect(mediaOf(read).segments.map((segment) => segment.uri)).toEqual(["ok.ts"]);
    expect(read.ok && read.value.oddities[0]).toContain(line);
  });

  it("never makes the reader throw, whatever lines a playlist is made of", () => {
    const tag = fc.constantFrom(
      ..."EXTINF EXT-X-PART EXT-X-MAP EXT-X-SKIP EXT-X-STREAM-INF EXT-X-MEDIA EXT-X-BYTERANGE".split(" "),
      ..."EXT-X-PRELOAD-HINT EXT-X-SERVER-CONTROL EXT-X-PROGRAM-DATE-TIME EXT-X-TARGETDURATION".split(" "),
    );
    const attribute = fc.constantFrom(
      'URI="a',
      "DURATION=",
      "=",
      ",",
      '"',
      "BYTERANGE=1@",
      "1e99",
      "-1",
      "@",
    );
    const line = fc.oneof(
      fc.string({ unit: "binary" }),
      fc
        .tuple(tag, fc.array(fc.oneof(attribute, fc.string())))
        .map(([name, rest]) => `#${name}:${rest.join("")}`),
    );
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        const read = readPlaylist(["#EXTM3U", ...lines].join("\n"), "here");
        expect(read.ok).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ["commas", "#EXT-X-PART:" + ",".repeat(1 << 20)],
    ["quotes", "#EXT-X-PART:" + 'A="'.repeat(1 << 19)],
    ["equals", "#EXT-X-PART:" + "=".repeat(1 << 20)],
    ["names without values", "#EXT-X-PART:" + "A,=".repeat(1 << 19)],
    ["digits", "#EXTINF:" + "1".repeat(1 << 20)],
    ["carriage returns", "\r".repeat(1 << 20)],
    ["parts", '#EXT-X-PART:DURATION=0.2,URI="p.m4s"\n'.repeat(1 << 15)],
  ])("takes time in proportion to its length: %s", (_, body) => {
    const half = body.slice(0, body.length / 2);
    // Twice the length in twice the time; a quadratic reader would take minutes for the whole.
    expect(fastestReadMs(body)).toBeLessThan(10 * fastestReadMs(half) + 100);
  });
});
