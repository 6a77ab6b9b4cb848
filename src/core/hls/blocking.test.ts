import { describe, expect, it } from "vitest";

import { decideReload, holdLimitMs, readDirectives } from "./blocking.ts";
import { readPlaylist } from "./read.ts";

/** Segments 10 (parts no longer listed) and 11 (two parts), then two parts of 12. */
function playlistWith(control: string, after: string = "") {
  const text = `#EXTM3U
#EXT-X-TARGETDURATION:2
#EXT-X-SERVER-CONTROL:${control}
#EXT-X-PART-INF:PART-TARGET=0.5
#EXT-X-MEDIA-SEQUENCE:10
#EXTINF:2,
10.m4s
#EXT-X-PART:DURATION=0.5,URI="11.0"
#EXT-X-PART:DURATION=0.5,URI="11.1"
#EXTINF:1,
11.m4s
${after}`;
  const read = readPlaylist(text, "here");
  if (!read.ok || read.value.playlist.kind !== "media") throw new Error("no media playlist");
  return read.value.playlist.media;
}
const openParts = '#EXT-X-PART:DURATION=0.5,URI="12.0"\n#EXT-X-PART:DURATION=0.5,URI="12.1"\n';
const blocks = "CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=1.5";

describe("a reload (6.2.5.2)", () => {
  it.each([
    ["without directives", openParts, null, null, "answer"],
    ["for a segment long gone", openParts, 3, 7, "answer"],
    ["for the last segment", openParts, 11, null, "answer"],
    ["for a part of the segment being made that is there", openParts, 12, 1, "answer"],
    ["for its next part", openParts, 12, 2, "wait"],
    ["for the whole of it", openParts, 12, null, "wait"],
    [
      "for a part past the last segment's last, which is the next segment's first",
      openParts,
      11,
      2,
      "answer",
    ],
    ["for the same before the next segment has begun", "", 11, 2, "wait"],
    ["for a part within three seconds of parts", openParts, 12, 7, "wait"],
    ["for one beyond", openParts, 12, 8, "refuse"],
    ["for the segment after", openParts, 13, 0, "wait"],
    ["for the one after that", openParts, 14, null, "refuse"],
    ["of an ended playlist", `${openParts}#EXT-X-ENDLIST\n`, 99, null, "answer"],
  ])("%s", (_, after, msn, part, kind) => {
    expect(decideReload({ msn, part, skip: false }, playlistWith(blocks, after), "here").kind).toBe(kind);
  });

  it("is answered at once where the playlist does not promise to block", () => {
    const playlist = playlistWith("PART-HOLD-BACK=1.5", openParts);
    expect(decideReload({ msn: 12, part: 5, skip: false }, playlist, "here").kind).toBe("answer");
  });

  it("is held for three target durations at most", () => {
    expect(holdLimitMs(playlistWith(blocks))).toBe(6000);
  });
});

function directivesOf(query: string) {
  const values = new URLSearchParams(query);
  return readDirectives((name) => values.get(name), "here");
}

describe("directives in a query", () => {
  it.each([
    ["", { msn: null, part: null, skip: false }],
    ["_HLS_msn=12&_HLS_part=0&_HLS_skip=YES", { msn: 12, part: 0, skip: true }],
    ["_HLS_msn=12&_HLS_skip=v2", { msn: 12, part: null, skip: true }],
    ["_HLS_skip=NO&token=abc", { msn: null, part: null, skip: false }],
  ])("are read: %s", (query, value) => {
    expect(directivesOf(query)).toEqual({ ok: true, value });
  });

  it.each([
    "_HLS_part=1",
    "_HLS_msn=-1",
    "_HLS_msn=1.5",
    "_HLS_msn=1e3",
    "_HLS_msn=",
    "_HLS_msn=1&_HLS_part=x",
  ])("are refused in words: %s", (query) => {
    expect(directivesOf(query)).toMatchObject({ ok: false, failure: { kind: "refused-input" } });
  });
});
