import { describe, expect, it } from "vitest";

import { checkMedia, checkSuccession } from "./check.ts";
import { factsOf } from "./facts.ts";
import { followPlaylist } from "./follow.ts";
import type { MediaPlaylist, Segment } from "./playlist.ts";

function part(durationS: number, isGap: boolean = false) {
  return { uri: "p", durationS, isIndependent: true, isGap, byteRange: null };
}

function segment(index: number, changes: Partial<Segment> = {}): Segment {
  return {
    uri: `${index}.m4s`,
    durationS: 2,
    isDiscontinuity: false,
    programDateTimeMs: null,
    map: { uri: "init.mp4", byteRange: null },
    parts: [],
    byteRange: null,
    isGap: false,
    ...changes,
  };
}

const sound: MediaPlaylist = {
  version: 6,
  targetDurationS: 2,
  partTargetS: 0.5,
  serverControl: { canBlockReload: true, canSkipUntilS: 12, holdBackS: 6, partHoldBackS: 1.5 },
  independentSegments: true,
  type: null,
  mediaSequence: 4,
  discontinuitySequence: 1,
  skippedCount: 0,
  segments: [4, 5, 6, 7].map((index) => segment(index)),
  open: { isDiscontinuity: false, programDateTimeMs: null, map: null, parts: [part(0.5), part(0.1)] },
  hints: [{ type: "PART", uri: "next", offsetBytes: null, lengthBytes: null }],
  reports: [],
  isEnded: false,
};
const control = sound.serverControl!;
const hint = sound.hints[0]!;

describe("the rules for one playlist", () => {
  it("are kept by a sound one", () => {
    expect(checkMedia(sound)).toEqual([]);
  });

  it.each<[string, string, Partial<MediaPlaylist>]>([
    ["4.4.3.1", "a target duration there must be", { targetDurationS: null }],
    ["4.4.3.1", "no segment rounds to more than the target", { segments: [segment(1, { durationS: 2.5 })] }],
    [
      "4.4.3.1",
      "the target is a whole number",
      { targetDurationS: 2.5, serverControl: null, partTargetS: null, open: null },
    ],
    [
      "4.4.4.1",
      "fractions need version 3",
      { version: 2, segments: [segment(1, { durationS: 1.5, map: null })] },
    ],
    ["8", "EXT-X-MAP needs version 6", { version: 5 }],
    ["8", "EXT-X-SKIP needs version 9", { skippedCount: 2 }],
    ["4.4.3.8", "HOLD-BACK is three targets or more", { serverControl: { ...control, holdBackS: 5 } }],
    [
      "4.4.3.8",
      "CAN-SKIP-UNTIL is six targets or more",
      { serverControl: { ...control, canSkipUntilS: 11 } },
    ],
    ["4.4.3.8", "PART-HOLD-BACK is there with parts", { serverControl: { ...control, partHoldBackS: null } }],
    [
      "4.4.3.8",
      "PART-HOLD-BACK is two part targets or more",
      { serverControl: { ...control, partHoldBackS: 0.9 } },
    ],
    ["4.4.3.7", "EXT-X-PART-INF is there with parts", { partTargetS: null }],
    ["4.4.3.7", "no part exceeds its target", { segments: [segment(1, { parts: [part(0.6)] })] }],
    [
      "4.4.3.7",
      "no part but the last is under 85 %",
      { segments: [segment(1, { parts: [part(0.4), part(0.5)] })] },
    ],
    [
      "4.4.4.7",
      "an absent part makes its segment absent",
      { segments: [segment(1, { parts: [part(0.5, true)] })] },
    ],
    ["4.4.5.3", "no hint after the end", { isEnded: true, open: null }],
    ["6.2.1", "no end within a segment", { isEnded: true, hints: [] }],
    ["6.2.6", "one hint of a type", { hints: [hint, hint] }],
  ])("%s: %s", (section, _, changes) => {
    expect(checkMedia({ ...sound, ...changes }).map((breach) => breach.section)).toEqual([section]);
  });
});

describe("the rules for a playlist and the next version of it", () => {
  const next: MediaPlaylist = {
    ...sound,
    mediaSequence: 5,
    segments: [5, 6, 7, 8].map((index) => segment(index)),
  };

  it("are kept by one that went on", () => {
    expect(checkSuccession(sound, next)).toEqual([]);
  });

  it.each<[string, string, Partial<MediaPlaylist>]>([
    ["6.2.2", "media sequence does not go back", { mediaSequence: 3 }],
    ["6.2.1", "target duration does not change", { targetDurationS: 1 }],
    [
      "6.2.1",
      "no segment is taken back",
      { segments: [5, 6].map((index) => segment(index)), targetDurationS: 2 },
    ],
    ["6.2.1", "no segment changes", { segments: [5, 66, 7, 8].map((index) => segment(index)) }],
    ["6.2.2", "discontinuities are counted as they leave", { discontinuitySequence: 2 }],
    [
      "6.2.2",
      "three targets are left",
      { mediaSequence: 7, segments: [7, 8].map((index) => segment(index)) },
    ],
  ])("%s: %s", (section, _, changes) => {
    const sections = checkSuccession(sound, { ...next, ...changes }).map((breach) => breach.section);
    expect(sections).toContain(section);
  });

  it("6.2.2: a discontinuity that leaves is added to the sequence", () => {
    const marked = {
      ...sound,
      segments: [segment(4, { isDiscontinuity: true }), ...sound.segments.slice(1)],
    };
    expect(checkSuccession(marked, next)).not.toEqual([]);
    expect(checkSuccession(marked, { ...next, discontinuitySequence: 2 })).toEqual([]);
  });
});

describe("a live playlist that is followed", () => {
  it("goes stale 1.5 target durations after its last news, and is fresh with the next part", () => {
    const first = followPlaylist(null, sound, 1000).followed;
    const same = followPlaylist(first, sound, 4000);
    expect(same).toMatchObject({ staleMs: 3000, isStale: false });
    expect(followPlaylist(same.followed, sound, 4001)).toMatchObject({ staleMs: 3001, isStale: true });
    const open = { ...sound.open!, parts: [...sound.open!.parts, part(0.5)] };
    expect(followPlaylist(first, { ...sound, open }, 9000)).toMatchObject({ staleMs: 0, isStale: false });
  });

  it("that begins again from nought has been restarted, and breaks no rule by it", () => {
    const first = followPlaylist(null, sound, 0).followed;
    const fresh = { ...sound, mediaSequence: 0, segments: [segment(0)] };
    expect(followPlaylist(first, fresh, 100)).toMatchObject({ isRestarted: true, breaches: [], staleMs: 0 });
  });
});

describe("the facts of a playlist", () => {
  it("carry the date forward to the live edge, parts included", () => {
    const dated = { ...sound, segments: [segment(4), segment(5, { programDateTimeMs: 50_000 }), segment(6)] };
    expect(factsOf(dated).edgeDateTimeMs).toEqual({ known: true, value: 54_600, bound: 0 });
  });

  it("do not carry a date over a discontinuity", () => {
    const segments = [segment(4, { programDateTimeMs: 50_000 }), segment(5, { isDiscontinuity: true })];
    expect(factsOf({ ...sound, segments }).edgeDateTimeMs.known).toBe(false);
  });

  it("say why a figure is missing", () => {
    const bare = {
      ...sound,
      segments: [],
      open: null,
      partTargetS: null,
      targetDurationS: null,
      serverControl: null,
    };
    const facts = factsOf(bare);
    const missing = [facts.targetDurationS, facts.partTargetS, facts.longestPartS, facts.holdBackS];
    expect(missing.map((figure) => figure.known)).toEqual([false, false, false, false]);
  });
});
