import { measured, missing, type Measured } from "../measured.ts";
import { partsDurationS, playlistDurationS, type MediaPlaylist } from "./playlist.ts";

/** What a media playlist tells of its stream by itself, for the page to show beside what was measured. */
export type PlaylistFacts = {
  readonly isLive: boolean;
  readonly isLowLatency: boolean;
  readonly targetDurationS: Measured;
  readonly partTargetS: Measured;
  readonly segmentCount: number;
  /** All that is listed, skipped segments not counted, seconds. */
  readonly windowS: number;
  readonly shortestSegmentS: Measured;
  readonly longestSegmentS: Measured;
  readonly longestPartS: Measured;
  /** Recommended distance from the live edge; three target durations where the server recommends none (4.4.3.8). */
  readonly holdBackS: Measured;
  readonly partHoldBackS: Measured;
  readonly discontinuityCount: number;
  readonly gapCount: number;
  /** EXT-X-PROGRAM-DATE-TIME carried forward to the end of the playlist: publisher's clock, epoch ms. */
  readonly edgeDateTimeMs: Measured;
};

/** Reads the facts off a playlist. */
export function factsOf(playlist: MediaPlaylist): PlaylistFacts {
  const { segments, open, serverControl } = playlist;
  const segmentS = segments.map((segment) => segment.durationS);
  const partS = [...segments, ...(open === null ? [] : [open])].flatMap((head) =>
    head.parts.map((part) => part.durationS),
  );
  const noTarget = "the playlist has no EXT-X-TARGETDURATION";
  const noSegments = "the playlist lists no complete segment";
  const targetDurationS = orMissing(playlist.targetDurationS, noTarget);
  const threeTargetsS = playlist.targetDurationS === null ? null : 3 * playlist.targetDurationS;
  return {
    isLive: !playlist.isEnded && playlist.type !== "VOD",
    isLowLatency: playlist.partTargetS !== null,
    targetDurationS,
    partTargetS: orMissing(playlist.partTargetS, "the playlist has no parts"),
    segmentCount: segments.length,
    windowS: playlistDurationS(playlist),
    shortestSegmentS: orMissing(smallest(segmentS), noSegments),
    longestSegmentS: orMissing(largest(segmentS), noSegments),
    longestPartS: orMissing(largest(partS), "the playlist lists no part"),
    holdBackS: orMissing(serverControl?.holdBackS ?? threeTargetsS, noTarget),
    partHoldBackS: orMissing(serverControl?.partHoldBackS ?? null, "the playlist recommends none for parts"),
    discontinuityCount: segments.filter((segment) => segment.isDiscontinuity).length,
    gapCount: segments.filter((segment) => segment.isGap).length,
    edgeDateTimeMs: orMissing(edgeDateTimeMs(playlist), "the playlist has no EXT-X-PROGRAM-DATE-TIME"),
  };
}

function edgeDateTimeMs(playlist: MediaPlaylist): number | null {
  let atMs: number | null = null;
  for (const segment of playlist.segments) {
    // A discontinuity breaks the line from which a date could be carried forward.
    const carriedMs: number | null = segment.isDiscontinuity ? null : atMs;
    const startMs: number | null = segment.programDateTimeMs ?? carriedMs;
    atMs = startMs === null ? null : startMs + segment.durationS * 1000;
  }
  const { open } = playlist;
  if (open === null) return atMs;
  const startMs = open.programDateTimeMs ?? (open.isDiscontinuity ? null : atMs);
  return startMs === null ? null : startMs + partsDurationS(open.parts) * 1000;
}

function orMissing(value: number | null, why: string): Measured {
  return value === null ? missing(why) : measured(value);
}

function smallest(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((one, other) => Math.min(one, other));
}

function largest(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((one, other) => Math.max(one, other));
}
