/** A stretch of a resource, RFC 8216bis 4.4.4.2. */
export type ByteRange = {
  readonly lengthBytes: number;
  /** Null: begins where the last range of the same resource ended. */
  readonly offsetBytes: number | null;
};

/** EXT-X-MAP (4.4.4.5): where the initialization section is. */
export type InitMap = { readonly uri: string; readonly byteRange: ByteRange | null };

/** EXT-X-PART (4.4.4.9): a piece of a segment, playable before the segment is complete. */
export type Part = {
  readonly uri: string;
  readonly durationS: number;
  /** Begins with a key frame. */
  readonly isIndependent: boolean;
  /** The media is absent; the URI is not to be asked for. */
  readonly isGap: boolean;
  readonly byteRange: ByteRange | null;
};

/** What stands before a segment's URI, known as soon as its first part is. */
export type SegmentHead = {
  /** Encoding or timeline changes here (4.4.4.3). */
  readonly isDiscontinuity: boolean;
  /** EXT-X-PROGRAM-DATE-TIME: ms since the Unix epoch on the publisher's clock; null when not given. */
  readonly programDateTimeMs: number | null;
  /** The map in force; null for streams that need none (MPEG-TS). */
  readonly map: InitMap | null;
  /** Empty where parts were never made or are no longer listed. */
  readonly parts: readonly Part[];
};

/** A complete media segment. Its media sequence number is the playlist's plus its index. */
export type Segment = SegmentHead & {
  readonly uri: string;
  readonly durationS: number;
  readonly byteRange: ByteRange | null;
  /** EXT-X-GAP: the media is absent; the URI is not to be asked for. */
  readonly isGap: boolean;
};

/** EXT-X-SERVER-CONTROL (4.4.3.8); null where an attribute is absent. Seconds. */
export type ServerControl = {
  readonly canBlockReload: boolean;
  readonly canSkipUntilS: number | null;
  readonly holdBackS: number | null;
  readonly partHoldBackS: number | null;
};

/** EXT-X-PRELOAD-HINT (4.4.5.3): what the server will have next. */
export type PreloadHint = {
  readonly type: "PART" | "MAP";
  readonly uri: string;
  readonly offsetBytes: number | null;
  readonly lengthBytes: number | null;
};

/** EXT-X-RENDITION-REPORT (4.4.5.4): where another rendition stands. */
export type RenditionReport = {
  readonly uri: string;
  readonly lastMsn: number;
  readonly lastPart: number | null;
};

/** A media playlist (4.1): one rendition's segments in order of play. */
export type MediaPlaylist = {
  readonly version: number;
  /** Whole seconds; null where a faulty playlist has none. */
  readonly targetDurationS: number | null;
  /** EXT-X-PART-INF; null when the playlist has no parts. */
  readonly partTargetS: number | null;
  readonly serverControl: ServerControl | null;
  readonly independentSegments: boolean;
  readonly type: "EVENT" | "VOD" | null;
  readonly mediaSequence: number;
  readonly discontinuitySequence: number;
  /** Segments that a delta update left out (EXT-X-SKIP, 4.4.5.2); they come before `segments`. */
  readonly skippedCount: number;
  readonly segments: readonly Segment[];
  /** The segment being made: its head and the parts there are; null when nothing of it is listed. */
  readonly open: SegmentHead | null;
  readonly hints: readonly PreloadHint[];
  readonly reports: readonly RenditionReport[];
  readonly isEnded: boolean;
};

/** EXT-X-STREAM-INF (4.4.6.2): one rung of a ladder. */
export type Variant = {
  readonly uri: string;
  /** Peak, bits per second. */
  readonly bandwidthBps: number;
  readonly averageBandwidthBps: number | null;
  /** RFC 6381 codec strings; empty when not told. */
  readonly codecs: readonly string[];
  readonly widthPx: number | null;
  readonly heightPx: number | null;
  readonly frameRateFps: number | null;
  /** GROUP-ID of its audio renditions; null when it has none. */
  readonly audioGroup: string | null;
};

/** EXT-X-MEDIA (4.4.6.1): an alternative rendition. */
export type Rendition = {
  readonly type: string;
  readonly groupId: string;
  readonly name: string;
  readonly language: string | null;
  readonly isDefault: boolean;
  readonly isAutoselect: boolean;
  /** Null: carried inside the variants. */
  readonly uri: string | null;
};

/** A multivariant playlist (4.1): the ways one presentation can be had. */
export type MultivariantPlaylist = {
  readonly version: number;
  readonly independentSegments: boolean;
  readonly variants: readonly Variant[];
  readonly renditions: readonly Rendition[];
};

/** Any playlist. */
export type Playlist =
  | { readonly kind: "media"; readonly media: MediaPlaylist }
  | { readonly kind: "multivariant"; readonly multivariant: MultivariantPlaylist };

/** Where a media playlist ends: what blocking reload and distance from the live edge are measured by. */
export type LiveEdge = {
  /** Media sequence number of the last complete segment; one less than the first when there is none yet. */
  readonly lastMsn: number;
  /** Parts listed of that segment. */
  readonly lastSegmentPartCount: number;
  /** Parts listed of the segment being made. */
  readonly openPartCount: number;
};

/** Finds where a playlist ends. */
export function liveEdgeOf(playlist: MediaPlaylist): LiveEdge {
  return {
    lastMsn: playlist.mediaSequence + playlist.skippedCount + playlist.segments.length - 1,
    lastSegmentPartCount: playlist.segments.at(-1)?.parts.length ?? 0,
    openPartCount: playlist.open?.parts.length ?? 0,
  };
}

/** Files that a playlist lists: segments, initialization sections, parts. */
export function listedUris({ segments, open }: MediaPlaylist): readonly string[] {
  const heads = open === null ? segments : [...segments, open];
  const maps = heads.flatMap(({ map }) => (map === null ? [] : [map.uri]));
  const parts = heads.flatMap((head) => head.parts.map(({ uri }) => uri));
  return [...new Set([...segments.map(({ uri }) => uri), ...maps, ...parts])];
}

/** Length of all that is listed, the parts of the segment being made included, seconds. */
export function playlistDurationS(playlist: MediaPlaylist): number {
  const completeS = playlist.segments.reduce((sumS, segment) => sumS + segment.durationS, 0);
  return completeS + partsDurationS(playlist.open?.parts ?? []);
}

/** Length of some parts together, seconds. */
export function partsDurationS(parts: readonly Part[]): number {
  return parts.reduce((sumS, part) => sumS + part.durationS, 0);
}

/** Whether two maps name the same initialization section. */
export function isSameMap(one: InitMap | null, other: InitMap | null): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** Discontinuity sequence number (4.4.3.3) of the segment being made. */
export function openDiscontinuityOf(playlist: MediaPlaylist): number {
  const tagCount = playlist.segments.filter((segment) => segment.isDiscontinuity).length;
  return playlist.discontinuitySequence + tagCount + (playlist.open?.isDiscontinuity === true ? 1 : 0);
}
