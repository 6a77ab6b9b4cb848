import { readAttributes, readByteRange, readCount, readDecimal } from "./attributes.ts";
import { readDateTimeMs } from "./date-time.ts";
import {
  isSameMap,
  type InitMap,
  type MediaPlaylist,
  type Part,
  type PreloadHint,
  type RenditionReport,
  type Segment,
  type ServerControl,
} from "./playlist.ts";

/** Told of each thing that was read past; `line` counts from 0. */
export type Tell = (line: number, words: string) => void;

type Writable<Value> = { -readonly [Key in keyof Value]: Value[Key] };

/** What the tags so far say of the segment to come. */
type Coming = Writable<Omit<Segment, "uri" | "durationS" | "parts">> & {
  parts: Part[];
  durationS: number | null;
};

/** What has been read so far. */
type Draft = {
  readonly header: Writable<Omit<MediaPlaylist, "segments" | "open" | "hints" | "reports">>;
  readonly segments: Segment[];
  readonly hints: PreloadHint[];
  readonly reports: RenditionReport[];
  coming: Coming;
};

/** Reads one tag's value into the draft; returns what was wrong with it, or null. */
type ReadTag = (draft: Draft, value: string) => string | null;

/** Reads a media playlist's lines (RFC 8216bis 4.4.3 to 4.4.5). The first line is taken to be #EXTM3U. */
export function readMedia(lines: readonly string[], tell: Tell): MediaPlaylist {
  const draft = emptyDraft();
  for (const [index, line] of lines.entries()) {
    const wrong = readLine(draft, line);
    if (wrong !== null) tell(index, wrong);
  }
  if (draft.header.targetDurationS === null) tell(0, "has no EXT-X-TARGETDURATION");
  return finish(draft);
}

function readLine(draft: Draft, line: string): string | null {
  if (line.trim() === "") return null;
  if (!line.startsWith("#")) return readSegment(draft, line.trim());
  const colon = line.indexOf(":");
  const name = colon < 0 ? line.trimEnd() : line.slice(0, colon);
  const value = colon < 0 ? "" : line.slice(colon + 1).trim();
  return readTag.get(name)?.(draft, value) ?? null;
}

const readTag: ReadonlyMap<string, ReadTag> = new Map<string, ReadTag>([
  ["#EXT-X-VERSION", (draft, value) => into(readCount(value), (count) => (draft.header.version = count))],
  [
    "#EXT-X-TARGETDURATION",
    (draft, value) => into(readDecimal(value), (seconds) => (draft.header.targetDurationS = seconds)),
  ],
  [
    "#EXT-X-MEDIA-SEQUENCE",
    (draft, value) => into(readCount(value), (count) => (draft.header.mediaSequence = count)),
  ],
  [
    "#EXT-X-DISCONTINUITY-SEQUENCE",
    (draft, value) => into(readCount(value), (count) => (draft.header.discontinuitySequence = count)),
  ],
  ["#EXT-X-INDEPENDENT-SEGMENTS", (draft) => done((draft.header.independentSegments = true))],
  ["#EXT-X-ENDLIST", (draft) => done((draft.header.isEnded = true))],
  ["#EXT-X-DISCONTINUITY", (draft) => done((draft.coming.isDiscontinuity = true))],
  ["#EXT-X-GAP", (draft) => done((draft.coming.isGap = true))],
  ["#EXT-X-PLAYLIST-TYPE", (draft, value) => into(toType(value), (type) => (draft.header.type = type))],
  [
    "#EXTINF",
    (draft, value) =>
      into(readDecimal(value.split(",", 1)[0]?.trim()), (seconds) => (draft.coming.durationS = seconds)),
  ],
  [
    "#EXT-X-BYTERANGE",
    (draft, value) => into(readByteRange(value), (range) => (draft.coming.byteRange = range)),
  ],
  [
    "#EXT-X-PROGRAM-DATE-TIME",
    (draft, value) => into(readDateTimeMs(value), (dateMs) => (draft.coming.programDateTimeMs = dateMs)),
  ],
  ["#EXT-X-PART-INF", readPartTarget],
  ["#EXT-X-SERVER-CONTROL", (draft, value) => done((draft.header.serverControl = toServerControl(value)))],
  ["#EXT-X-SKIP", readSkip],
  ["#EXT-X-MAP", (draft, value) => into(toMap(value), (map) => (draft.coming.map = map))],
  ["#EXT-X-PART", (draft, value) => into(toPart(value), (part) => draft.coming.parts.push(part))],
  ["#EXT-X-PRELOAD-HINT", (draft, value) => into(toHint(value), (hint) => draft.hints.push(hint))],
  [
    "#EXT-X-RENDITION-REPORT",
    (draft, value) => into(toReport(value), (report) => draft.reports.push(report)),
  ],
]);

function done(_assigned: unknown): null {
  return null;
}

function into<Value>(value: Value | null, put: (value: Value) => unknown): string | null {
  if (value === null) return "a tag whose value cannot be read";
  put(value);
  return null;
}

function readPartTarget(draft: Draft, value: string): string | null {
  const seconds = readDecimal(readAttributes(value).get("PART-TARGET"));
  return into(seconds, (partTargetS) => (draft.header.partTargetS = partTargetS));
}

function readSkip(draft: Draft, value: string): string | null {
  const count = readCount(readAttributes(value).get("SKIPPED-SEGMENTS"));
  return into(count, (skippedCount) => (draft.header.skippedCount = skippedCount));
}

function toType(value: string): "EVENT" | "VOD" | null {
  return value === "EVENT" || value === "VOD" ? value : null;
}

function toServerControl(value: string): ServerControl {
  const attributes = readAttributes(value);
  return {
    canBlockReload: attributes.get("CAN-BLOCK-RELOAD") === "YES",
    canSkipUntilS: readDecimal(attributes.get("CAN-SKIP-UNTIL")),
    holdBackS: readDecimal(attributes.get("HOLD-BACK")),
    partHoldBackS: readDecimal(attributes.get("PART-HOLD-BACK")),
  };
}

function toMap(value: string): InitMap | null {
  const attributes = readAttributes(value);
  const uri = attributes.get("URI");
  return uri === undefined ? null : { uri, byteRange: readByteRange(attributes.get("BYTERANGE")) };
}

function toPart(value: string): Part | null {
  const attributes = readAttributes(value);
  const uri = attributes.get("URI");
  const durationS = readDecimal(attributes.get("DURATION"));
  if (uri === undefined || durationS === null) return null;
  return {
    uri,
    durationS,
    isIndependent: attributes.get("INDEPENDENT") === "YES",
    isGap: attributes.get("GAP") === "YES",
    byteRange: readByteRange(attributes.get("BYTERANGE")),
  };
}

function toHint(value: string): PreloadHint | null {
  const attributes = readAttributes(value);
  const uri = attributes.get("URI");
  const type = attributes.get("TYPE");
  if (uri === undefined || (type !== "PART" && type !== "MAP")) return null;
  return {
    type,
    uri,
    offsetBytes: readCount(attributes.get("BYTERANGE-START")),
    lengthBytes: readCount(attributes.get("BYTERANGE-LENGTH")),
  };
}

function toReport(value: string): RenditionReport | null {
  const attributes = readAttributes(value);
  const uri = attributes.get("URI");
  const lastMsn = readCount(attributes.get("LAST-MSN"));
  if (uri === undefined || lastMsn === null) return null;
  return { uri, lastMsn, lastPart: readCount(attributes.get("LAST-PART")) };
}

function readSegment(draft: Draft, uri: string): string | null {
  const { durationS, ...head } = draft.coming;
  if (durationS === null) return "an address without a readable EXTINF before it";
  draft.segments.push({ ...head, uri, durationS });
  draft.coming = emptyComing(head.map);
  return null;
}

function finish(draft: Draft): MediaPlaylist {
  const { isDiscontinuity, programDateTimeMs, map, parts } = draft.coming;
  const isNothing =
    parts.length === 0 &&
    !isDiscontinuity &&
    programDateTimeMs === null &&
    isSameMap(map, draft.segments.at(-1)?.map ?? null);
  const open = isNothing ? null : { isDiscontinuity, programDateTimeMs, map, parts };
  return {
    ...draft.header,
    segments: draft.segments,
    open,
    hints: draft.hints,
    reports: draft.reports,
  };
}

function emptyComing(map: InitMap | null): Coming {
  return {
    isDiscontinuity: false,
    programDateTimeMs: null,
    map,
    parts: [],
    durationS: null,
    byteRange: null,
    isGap: false,
  };
}

function emptyDraft(): Draft {
  const header: Draft["header"] = {
    version: 1,
    targetDurationS: null,
    partTargetS: null,
    serverControl: null,
    independentSegments: false,
    type: null,
    mediaSequence: 0,
    discontinuitySequence: 0,
    skippedCount: 0,
    isEnded: false,
  };
  return { header, segments: [], hints: [], reports: [], coming: emptyComing(null) };
}
