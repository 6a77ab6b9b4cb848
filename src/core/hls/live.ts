import { unreachable } from "../failure.ts";
import {
  liveEdgeOf,
  openDiscontinuityOf,
  partsDurationS,
  type InitMap,
  type MediaPlaylist,
  type Part,
  type RenditionReport,
  type Segment,
  type SegmentHead,
} from "./playlist.ts";

/** What a live playlist promises its players. */
export type LiveOptions = {
  /** Whole seconds; no segment may round to more. */
  readonly targetDurationS: number;
  /** Null: no parts are listed. */
  readonly partTargetS: number | null;
  /** Complete segments listed; more while three target durations would not be reached (RFC 8216bis 6.2.2). */
  readonly windowSegmentCount: number;
  /** The server holds reloads until there is news (6.2.5.2). A plain file server does not. */
  readonly canBlockReload: boolean;
  /** The server answers `_HLS_skip` with a delta update (6.2.5.1). A plain file server does not. */
  readonly canSkip: boolean;
};

/** A live playlist being made. Plain data; `reduceLive` gives the next one. */
export type LivePlaylist = {
  readonly options: LiveOptions;
  /** As promised, or longer once a segment or part turned out longer. */
  readonly targetDurationS: number;
  readonly partTargetS: number | null;
  readonly mediaSequence: number;
  readonly discontinuitySequence: number;
  readonly segments: readonly Segment[];
  readonly open: SegmentHead;
  /** Name of the part to come; null for none. */
  readonly hintUri: string | null;
  readonly reports: readonly RenditionReport[];
  readonly isEnded: boolean;
};

/** What happens to a live playlist. */
export type LiveStep =
  | {
      readonly kind: "part";
      readonly uri: string;
      readonly durationS: number;
      readonly isIndependent: boolean;
      /** Publisher's clock when the part's first frame was captured, epoch ms; the segment's first is written. */
      readonly programDateTimeMs?: number;
      /** Name of the part after this one. */
      readonly hintUri: string | null;
    }
  | {
      readonly kind: "segment";
      readonly uri: string;
      readonly durationS: number;
      readonly programDateTimeMs?: number;
      readonly hintUri: string | null;
    }
  /**
   * The encoder began anew. A segment whose parts are out but which will never be complete is closed under `gapUri`
   * and marked absent (6.2.1), so that no player mixes its parts with the new ones.
   */
  | { readonly kind: "restart"; readonly map: InitMap; readonly gapUri: string }
  | { readonly kind: "reports"; readonly reports: readonly RenditionReport[] }
  /** Nothing comes any more. Where no `segment` closed what was open, it is closed as in `restart`. */
  | { readonly kind: "end"; readonly gapUri: string };

/** An empty live playlist. */
export function startLive(options: LiveOptions, map: InitMap): LivePlaylist {
  return {
    options,
    targetDurationS: options.targetDurationS,
    partTargetS: options.partTargetS,
    mediaSequence: 0,
    discontinuitySequence: 0,
    segments: [],
    open: emptyHead(map),
    hintUri: null,
    reports: [],
    isEnded: false,
  };
}

/**
 * Takes up a playlist that another publisher of the same stream left behind, numbers going on; follow it with
 * `restart`. Where it promised other durations, none of its segments are listed any more: its target duration would hold
 * players further back than the new segments need, or be too short for them. A delta update cannot be taken up: ask for
 * the whole playlist.
 */
export function resumeLive(options: LiveOptions, left: MediaPlaylist): LivePlaylist {
  if (!isSamePromise(options, left)) return resumeEmpty(options, left);
  const lastMap = left.segments.at(-1)?.map ?? null;
  return {
    ...startLive(options, { uri: "", byteRange: null }),
    mediaSequence: left.mediaSequence,
    discontinuitySequence: left.discontinuitySequence,
    segments: left.segments,
    open: left.open ?? emptyHead(lastMap),
  };
}

/** Takes up the numbers of a playlist alone: nothing that it lists is listed any more. Follow it with `restart`. */
export function resumeEmpty(options: LiveOptions, left: MediaPlaylist): LivePlaylist {
  const hasOpenParts = liveEdgeOf(left).openPartCount > 0;
  return {
    ...startLive(options, { uri: "", byteRange: null }),
    mediaSequence: liveEdgeOf(left).lastMsn + (hasOpenParts ? 2 : 1),
    // One more than any yet, since a playlist without segments begins without a discontinuity of its own.
    discontinuitySequence: openDiscontinuityOf(left) + 1,
    open: emptyHead(null),
  };
}

/** Playlists tell a part's duration to less than this, s. */
const partRoundingS = 0.001;

function isSamePromise({ targetDurationS, partTargetS }: LiveOptions, left: MediaPlaylist): boolean {
  const isSamePart =
    partTargetS === null || left.partTargetS === null
      ? partTargetS === left.partTargetS
      : Math.abs(partTargetS - left.partTargetS) < partRoundingS;
  return targetDurationS === left.targetDurationS && isSamePart;
}

/** Media sequence number and discontinuity of the segment being made: what its names are made of. */
export function openSegmentOf(live: LivePlaylist): { readonly msn: number; readonly discontinuity: number } {
  const playlist = toMediaPlaylist(live);
  return { msn: liveEdgeOf(playlist).lastMsn + 1, discontinuity: openDiscontinuityOf(playlist) };
}

/** Takes one step. Throws when the playlist has ended: nothing may follow EXT-X-ENDLIST. */
export function reduceLive(live: LivePlaylist, step: LiveStep): LivePlaylist {
  if (live.isEnded) throw new Error(`a live playlist that has ended takes no ${step.kind}`);
  switch (step.kind) {
    case "part":
      return addPart(live, step);
    case "segment":
      return closeOpen(live, step);
    case "restart":
      return restart(closeAbsent(live, step.gapUri), step.map);
    case "reports":
      return { ...live, reports: step.reports };
    case "end":
      return { ...closeAbsent(live, step.gapUri), hintUri: null, isEnded: true };
    default:
      return unreachable(step);
  }
}

/** The playlist as it is to be written now (`writeMediaPlaylist`). */
export function toMediaPlaylist(live: LivePlaylist): MediaPlaylist {
  const { options, targetDurationS, partTargetS, isEnded, open } = live;
  const isOpenListed = !isEnded && (open.parts.length > 0 || open.isDiscontinuity);
  return {
    version: live.segments.some((segment) => segment.map !== null) || open.map !== null ? 6 : 3,
    targetDurationS,
    partTargetS,
    serverControl: {
      canBlockReload: options.canBlockReload,
      canSkipUntilS: options.canSkip ? 6 * targetDurationS : null,
      holdBackS: 3 * targetDurationS,
      partHoldBackS: partTargetS === null ? null : 3 * partTargetS,
    },
    independentSegments: true,
    type: null,
    mediaSequence: live.mediaSequence,
    discontinuitySequence: live.discontinuitySequence,
    skippedCount: 0,
    segments: withoutOldParts(live),
    open: isOpenListed ? open : null,
    hints:
      isEnded || live.hintUri === null
        ? []
        : [{ type: "PART", uri: live.hintUri, offsetBytes: null, lengthBytes: null }],
    reports: live.reports,
    isEnded,
  };
}

function addPart(live: LivePlaylist, step: Extract<LiveStep, { kind: "part" }>): LivePlaylist {
  const { uri, durationS, isIndependent, hintUri } = step;
  const part: Part = { uri, durationS, isIndependent, isGap: false, byteRange: null };
  const programDateTimeMs = live.open.programDateTimeMs ?? step.programDateTimeMs ?? null;
  return {
    ...live,
    // A part longer than promised makes players run dry; a promise that grows only makes them wait a little more.
    partTargetS: Math.max(live.partTargetS ?? 0, durationS),
    open: { ...live.open, programDateTimeMs, parts: [...live.open.parts, part] },
    hintUri,
  };
}

/** What the open segment becomes: one whose file is up, or one whose media is absent. */
type Closing =
  | Extract<LiveStep, { readonly kind: "segment" }>
  | { readonly kind: "gap"; readonly uri: string; readonly durationS: number };

function closeOpen(live: LivePlaylist, closing: Closing): LivePlaylist {
  const { kind, uri, durationS } = closing;
  const isGap = kind === "gap";
  const knownMs = isGap ? undefined : closing.programDateTimeMs;
  const programDateTimeMs = live.open.programDateTimeMs ?? knownMs ?? null;
  const segment: Segment = { ...live.open, programDateTimeMs, uri, durationS, byteRange: null, isGap };
  return slide({
    ...live,
    targetDurationS: Math.max(live.targetDurationS, Math.round(durationS)),
    segments: [...live.segments, segment],
    open: emptyHead(live.open.map),
    hintUri: isGap ? null : closing.hintUri,
  });
}

function closeAbsent(live: LivePlaylist, uri: string): LivePlaylist {
  const { parts } = live.open;
  if (parts.length === 0) return live;
  return closeOpen(live, { kind: "gap", uri, durationS: partsDurationS(parts) });
}

function restart(live: LivePlaylist, map: InitMap): LivePlaylist {
  return { ...live, open: { ...emptyHead(map), isDiscontinuity: live.segments.length > 0 }, hintUri: null };
}

function emptyHead(map: InitMap | null): SegmentHead {
  return { isDiscontinuity: false, programDateTimeMs: null, map, parts: [] };
}

/** Drops the oldest segments past the window, never to less than three target durations (6.2.2). */
function slide(live: LivePlaylist): LivePlaylist {
  let { mediaSequence, discontinuitySequence } = live;
  let restS = live.segments.reduce((sumS, segment) => sumS + segment.durationS, 0);
  let dropCount = 0;
  for (const segment of live.segments) {
    restS -= segment.durationS;
    const isFull = live.segments.length - dropCount > live.options.windowSegmentCount;
    if (!isFull || restS < 3 * live.targetDurationS) break;
    dropCount += 1;
    mediaSequence += 1;
    if (segment.isDiscontinuity) discontinuitySequence += 1;
  }
  return { ...live, mediaSequence, discontinuitySequence, segments: live.segments.slice(dropCount) };
}

/** Parts further than three target durations from the end are no longer listed (6.2.2). */
function withoutOldParts(live: LivePlaylist): readonly Segment[] {
  const kept: Segment[] = [];
  let fromEndS = partsDurationS(live.open.parts);
  for (const segment of live.segments.toReversed()) {
    kept.push(fromEndS > 3 * live.targetDurationS ? { ...segment, parts: [] } : segment);
    fromEndS += segment.durationS;
  }
  return kept.toReversed();
}
