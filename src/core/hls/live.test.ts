import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { planCadence } from "./cadence.ts";
import { checkMedia, checkSuccession } from "./check.ts";
import { applyDelta, skippableCount, writeDelta } from "./delta.ts";
import {
  openSegmentOf,
  reduceLive,
  resumeLive,
  startLive,
  toMediaPlaylist,
  type LiveOptions,
  type LivePlaylist,
  type LiveStep,
} from "./live.ts";
import { initName, partName, segmentName } from "./names.ts";
import { liveEdgeOf, playlistDurationS, type MediaPlaylist } from "./playlist.ts";
import { readPlaylist } from "./read.ts";
import { writeMediaPlaylist } from "./write.ts";

const options: LiveOptions = {
  targetDurationS: 1,
  partTargetS: 0.2,
  windowSegmentCount: 12,
  canBlockReload: true,
  canSkip: true,
};
const map = { uri: initName(0), byteRange: null };

function part(live: LivePlaylist): LiveStep {
  const { msn, discontinuity } = openSegmentOf(live);
  const index = live.open.parts.length;
  return {
    kind: "part",
    uri: partName(discontinuity, msn, index),
    durationS: 0.2,
    isIndependent: index === 0,
    programDateTimeMs: 1_700_000_000_000 + msn * 1000 + index * 200,
    hintUri: partName(discontinuity, msn, index + 1),
  };
}

function segment(live: LivePlaylist): LiveStep {
  const { msn, discontinuity } = openSegmentOf(live);
  const durationS = live.open.parts.length * 0.2;
  return { kind: "segment", uri: segmentName(discontinuity, msn), durationS, hintUri: null };
}

function restart(live: LivePlaylist): LiveStep {
  const { msn, discontinuity } = openSegmentOf(live);
  const fresh = { uri: initName(discontinuity + 1), byteRange: null };
  return { kind: "restart", map: fresh, gapUri: segmentName(discontinuity, msn) };
}

/** Five parts and their segment, `count` times. */
function publish(live: LivePlaylist, count: number): LivePlaylist {
  let now = live;
  for (let made = 0; made < count * 6; made += 1) {
    now = reduceLive(now, now.open.parts.length < 5 ? part(now) : segment(now));
  }
  return now;
}

function read(text: string): MediaPlaylist {
  const playlist = readPlaylist(text, "here");
  if (!playlist.ok || playlist.value.playlist.kind !== "media") throw new Error("no media playlist");
  return playlist.value.playlist.media;
}

describe("a live playlist", () => {
  it("breaks no rule at any step, whatever happens, and nor does any step after another", () => {
    const happening = fc.constantFrom("go", "go", "go", "go", "go", "go", "go", "restart", "cut");
    fc.assert(
      fc.property(fc.array(happening, { minLength: 50, maxLength: 200 }), (happenings) => {
        let live = startLive({ ...options, windowSegmentCount: 4 }, map);
        let before = toMediaPlaylist(live);
        for (const what of happenings) {
          const isFull = live.open.parts.length >= 5 || (what === "cut" && live.open.parts.length > 0);
          live = reduceLive(live, what === "restart" ? restart(live) : isFull ? segment(live) : part(live));
          const after = toMediaPlaylist(live);
          expect(checkMedia(after)).toEqual([]);
          expect(checkSuccession(before, after)).toEqual([]);
          before = after;
        }
        expect(before.segments.length).toBeLessThanOrEqual(20);
      }),
      { numRuns: 50 },
    );
  });

  it("keeps its window of segments, and lists parts for the last three target durations alone", () => {
    const playlist = toMediaPlaylist(publish(startLive(options, map), 30));
    expect(playlist.segments).toHaveLength(12);
    expect(playlist.mediaSequence).toBe(18);
    expect(playlist.segments.filter((each) => each.parts.length > 0)).toHaveLength(4);
  });

  it("never shrinks below three target durations, however small the window", () => {
    const live = publish(startLive({ ...options, windowSegmentCount: 1, targetDurationS: 2 }, map), 30);
    expect(playlistDurationS(toMediaPlaylist(live))).toBeGreaterThanOrEqual(6);
  });

  it("says so with a longer promise when a segment came out longer than promised", () => {
    const long: LiveStep = { kind: "segment", uri: "a", durationS: 2.6, hintUri: null };
    const playlist = toMediaPlaylist(reduceLive(startLive(options, map), long));
    expect(playlist.targetDurationS).toBe(3);
    expect(checkMedia(playlist)).toEqual([]);
  });

  it("ends with EXT-X-ENDLIST, without a hint, and takes nothing more", () => {
    const ended = reduceLive(publish(startLive(options, map), 3), { kind: "end", gapUri: "gap" });
    expect(writeMediaPlaylist(toMediaPlaylist(ended))).toMatch(/#EXT-X-ENDLIST\n$/);
    expect(toMediaPlaylist(ended).hints).toEqual([]);
    expect(() => reduceLive(ended, part(ended))).toThrow("ended");
  });

  it.each([
    ["with a shorter segment, where its file is up", [segment], { uri: "seg-0-3.m4s", isGap: false }],
    ["with an absent segment, where it is not", [], { uri: "seg-0-3.m4s", isGap: true }],
  ])("that ends within a segment ends %s", (_, closing, last) => {
    const whole = publish(startLive(options, map), 3);
    const live = [part, part, ...closing].reduce((now, step) => reduceLive(now, step(now)), whole);
    const ended = toMediaPlaylist(reduceLive(live, { kind: "end", gapUri: "seg-0-3.m4s" }));
    expect(ended.segments).toHaveLength(4);
    expect(ended.segments.at(-1)).toMatchObject({ ...last, durationS: 0.4, parts: [{}, {}] });
    expect(checkMedia(ended)).toEqual([]);
    expect(checkSuccession(toMediaPlaylist(whole), ended)).toEqual([]);
  });

  it.each([
    ["longer", { targetDurationS: 6 }],
    ["shorter", { targetDurationS: 1, partTargetS: 0.1 }],
    ["without parts", { partTargetS: null }],
  ])(
    "taken up by a publisher of other segments (%s) promises theirs and lists none of the old",
    (_, other) => {
      const left = publish(startLive({ ...options, targetDurationS: 2 }, map), 5);
      const resumed = resumeLive({ ...options, targetDurationS: 2, ...other }, toMediaPlaylist(left));
      const after = toMediaPlaylist(reduceLive(resumed, restart(resumed)));
      expect(after).toMatchObject({ targetDurationS: 2, partTargetS: 0.2, ...other, segments: [] });
      expect(after.mediaSequence).toBe(liveEdgeOf(toMediaPlaylist(left)).lastMsn + 1);
      expect(openSegmentOf(resumed).discontinuity).toBeGreaterThan(openSegmentOf(left).discontinuity);
    },
  );

  it("taken up by another publisher goes on with its numbers, after a gap and a discontinuity", () => {
    const left = publish(startLive(options, map), 5);
    const half = reduceLive(reduceLive(left, part(left)), part(left));
    const found = read(writeMediaPlaylist(toMediaPlaylist(half)));
    const resumed = resumeLive(options, found);
    const again = publish(reduceLive(resumed, restart(resumed)), 1);
    const after = toMediaPlaylist(again);
    expect(checkSuccession(found, after)).toEqual([]);
    expect(after.segments.slice(-2)).toMatchObject([
      { uri: "seg-0-5.m4s", isGap: true, isDiscontinuity: false, map: { uri: "init-0.mp4" } },
      { uri: "seg-1-6.m4s", isGap: false, isDiscontinuity: true, map: { uri: "init-1.mp4" } },
    ]);
  });
});

describe("a delta update", () => {
  const full = toMediaPlaylist(publish(startLive({ ...options, windowSegmentCount: 20 }, map), 30));
  const text = writeMediaPlaylist(full).replace("#EXT-X-MEDIA", "#EXT-X-NEW-TAG:1\n#EXT-X-MEDIA");

  it("skips what lies beyond the boundary, keeps unknown tags, and fills up to the whole again", () => {
    const delta = writeDelta(text, full)!;
    expect(delta).toContain("#EXT-X-SKIP:SKIPPED-SEGMENTS=13\n");
    expect(delta).toContain("#EXT-X-VERSION:9\n");
    expect(delta).toContain("#EXT-X-NEW-TAG:1\n");
    expect(checkMedia(read(delta))).toEqual([]);
    const whole = read(text);
    expect(applyDelta(whole, read(delta))).toEqual({ ...whole, version: 9 });
    expect(liveEdgeOf(read(delta))).toEqual(liveEdgeOf(full));
  });

  it("cannot be filled up from a playlist that lacks what was skipped", () => {
    const delta = read(writeDelta(text, full)!);
    expect(applyDelta({ ...full, segments: full.segments.slice(0, 3) }, delta)).toBeNull();
    expect(applyDelta({ ...full, mediaSequence: full.mediaSequence + 1 }, delta)).toBeNull();
  });

  it.each([
    ["has ended", { ...full, isEnded: true }],
    ["promises none", { ...full, serverControl: null }],
    ["is one already", { ...full, skippedCount: 3 }],
    ["is short", { ...full, segments: full.segments.slice(-6) }],
  ])("is not made of a playlist that %s", (_, playlist) => {
    expect(skippableCount(playlist)).toBe(0);
    expect(writeDelta(text, playlist)).toBeNull();
  });
});

describe("a cadence", () => {
  it.each([
    [
      { fps: 30, segmentS: 1, partS: 0.2 },
      { framesPerPart: 6, framesPerSegment: 30, targetDurationS: 1 },
    ],
    [
      { fps: 24, segmentS: 2, partS: 0.2 },
      { framesPerPart: 5, framesPerSegment: 48, partTargetS: 5 / 24 },
    ],
    [
      { fps: 25, segmentS: 1.6, partS: null },
      { framesPerPart: null, partTargetS: null, targetDurationS: 2 },
    ],
    [
      { fps: 1, segmentS: 0.4, partS: 0.1 },
      { framesPerPart: 1, framesPerSegment: 1, segmentS: 1 },
    ],
  ])("is in whole frames: %o", (asked, planned) => {
    expect(planCadence(asked)).toMatchObject(planned);
  });
});
