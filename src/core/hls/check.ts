import { liveEdgeOf, playlistDurationS, type MediaPlaylist, type Part, type Segment } from "./playlist.ts";

/** A rule of RFC 8216bis that a playlist breaks. */
export type Breach = {
  /** Section of the specification. */
  readonly section: string;
  /** What is wrong, with the numbers. */
  readonly words: string;
};

/** Durations are written to the microsecond. */
const roundingS = 0.000_002;

/** Finds the MUST rules that one media playlist breaks by itself. Empty for a playlist in order. */
export function checkMedia(playlist: MediaPlaylist): readonly Breach[] {
  const targetS = playlist.targetDurationS;
  if (targetS === null) return [{ section: "4.4.3.1", words: "there is no EXT-X-TARGETDURATION" }];
  return [
    ...targetBreaches(playlist, targetS),
    ...serverControlBreaches(playlist, targetS),
    ...partBreaches(playlist),
    ...placeBreaches(playlist),
  ];
}

/**
 * Finds the MUST rules that a live playlist breaks against an earlier version of itself (6.2.1, 6.2.2). Both whole,
 * no delta updates.
 */
export function checkSuccession(before: MediaPlaylist, after: MediaPlaylist): readonly Breach[] {
  const droppedCount = after.mediaSequence - before.mediaSequence;
  if (droppedCount < 0) return [breach("6.2.2", "EXT-X-MEDIA-SEQUENCE went back")];
  const dropped = before.segments.slice(0, droppedCount);
  const discontinuities = dropped.filter((segment) => segment.isDiscontinuity).length;
  const isShort = playlistDurationS(after) < 3 * (after.targetDurationS ?? 0) - roundingS;
  return found([
    [before.targetDurationS !== after.targetDurationS, "6.2.1", "EXT-X-TARGETDURATION changed"],
    [before.isEnded && !after.isEnded, "6.2.1", "EXT-X-ENDLIST was taken back"],
    [liveEdgeOf(after).lastMsn < liveEdgeOf(before).lastMsn, "6.2.1", "the newest segment was taken back"],
    [
      droppedCount <= before.segments.length &&
        after.discontinuitySequence !== before.discontinuitySequence + discontinuities,
      "6.2.2",
      `${discontinuities} discontinuities left, EXT-X-DISCONTINUITY-SEQUENCE went from ` +
        `${before.discontinuitySequence} to ${after.discontinuitySequence}`,
    ],
    [droppedCount > 0 && !after.isEnded && isShort, "6.2.2", "less than three target durations were left"],
    [
      before.segments
        .slice(droppedCount)
        .some((segment, index) => !isSameMedia(segment, after.segments[index])),
      "6.2.1",
      "a segment that was listed changed its address or duration",
    ],
  ]);
}

function targetBreaches(playlist: MediaPlaylist, targetS: number): readonly Breach[] {
  const longest = playlist.segments.reduce((longestS, segment) => Math.max(longestS, segment.durationS), 0);
  const needsMap = playlist.segments.some((segment) => segment.map !== null);
  return found([
    [!Number.isInteger(targetS), "4.4.3.1", `target duration ${targetS} is no whole number`],
    [
      Math.round(longest) > targetS,
      "4.4.3.1",
      `a segment of ${longest} s exceeds the target of ${targetS} s`,
    ],
    [playlist.version < 3 && longest % 1 !== 0, "4.4.4.1", "durations are fractions below version 3"],
    [playlist.version < 6 && needsMap, "8", "EXT-X-MAP is used below version 6"],
    [playlist.version < 9 && playlist.skippedCount > 0, "8", "EXT-X-SKIP is used below version 9"],
  ]);
}

function serverControlBreaches(playlist: MediaPlaylist, targetS: number): readonly Breach[] {
  const { serverControl: control, partTargetS } = playlist;
  const holdBackS = control?.holdBackS ?? Infinity;
  const skipUntilS = control?.canSkipUntilS ?? Infinity;
  const partHoldBackS = control?.partHoldBackS ?? null;
  const hasParts = partTargetS !== null;
  return found([
    [
      holdBackS < 3 * targetS - roundingS,
      "4.4.3.8",
      `HOLD-BACK ${holdBackS} is under three target durations`,
    ],
    [skipUntilS < 6 * targetS - roundingS, "4.4.3.8", `CAN-SKIP-UNTIL ${skipUntilS} is under six targets`],
    [hasParts && partHoldBackS === null, "4.4.3.8", "there are parts but no PART-HOLD-BACK"],
    [
      partTargetS !== null && partHoldBackS !== null && partHoldBackS < 2 * partTargetS - roundingS,
      "4.4.3.8",
      `PART-HOLD-BACK ${partHoldBackS ?? ""} is under two part targets`,
    ],
  ]);
}

function partBreaches(playlist: MediaPlaylist): readonly Breach[] {
  const { partTargetS } = playlist;
  const lists = [...playlist.segments.map((segment) => segment.parts), playlist.open?.parts ?? []];
  if (partTargetS === null) {
    return found([
      [lists.some((list) => list.length > 0), "4.4.3.7", "there are parts but no EXT-X-PART-INF"],
    ]);
  }
  const isOverlong = (part: Part): boolean => part.durationS > partTargetS + roundingS;
  const isTooShort = (part: Part): boolean => part.durationS < 0.85 * partTargetS - roundingS;
  return found([
    [lists.some((list) => list.some(isOverlong)), "4.4.3.7", `a part exceeds the target of ${partTargetS} s`],
    [
      lists.some((list) => list.slice(0, -1).some(isTooShort)),
      "4.4.3.7",
      `a part that is not its segment's last is under 85 % of ${partTargetS} s`,
    ],
  ]);
}

function placeBreaches(playlist: MediaPlaylist): readonly Breach[] {
  const hasGapPart = playlist.segments.some(
    (segment) => !segment.isGap && segment.parts.some((part) => part.isGap),
  );
  return found([
    [
      playlist.isEnded && playlist.hints.length > 0,
      "4.4.5.3",
      "EXT-X-PRELOAD-HINT stands in an ended playlist",
    ],
    [playlist.isEnded && (playlist.open?.parts.length ?? 0) > 0, "6.2.1", "it ended within a segment"],
    [hasGapPart, "4.4.4.7", "a part is marked absent but its segment is not"],
    [
      new Set(playlist.hints.map((hint) => hint.type)).size < playlist.hints.length,
      "6.2.6",
      "there is more than one EXT-X-PRELOAD-HINT of one type",
    ],
  ]);
}

function isSameMedia(one: Segment, other: Segment | undefined): boolean {
  return other === undefined || (one.uri === other.uri && one.durationS === other.durationS);
}

function breach(section: string, words: string): Breach {
  return { section, words };
}

function found(
  rules: readonly (readonly [isBroken: boolean, section: string, words: string])[],
): readonly Breach[] {
  return rules.filter(([isBroken]) => isBroken).map(([, section, words]) => breach(section, words));
}
