import { endingOf } from "../../core/record/container.ts";
import type { KeepStatus, SegmentSummary } from "../../media/record/keep.protocol.ts";
import { toBytes, toElapsed, toTimeOfDay } from "../parts/format.ts";

/** A kept segment as a row. */
export type SegmentRow = {
  readonly segment: SegmentSummary;
  readonly label: string;
  /** Local time of day of its first picture. */
  readonly when: string;
  readonly length: string;
  readonly size: string;
  /** What was kept, in words. */
  readonly what: string;
  /** Why it ended where it did, where that was not asked for; empty else. */
  readonly note: string;
  /** Kept as segments of MPEG-TS or MP4, of which one MP4 with an index can be made. */
  readonly canIndex: boolean;
  readonly canDelete: boolean;
  readonly canOpen: boolean;
};

const notes: Readonly<Record<NonNullable<SegmentSummary["cause"]>, string>> = {
  asked: "",
  closed: "the stream ended",
  full: "ended: no room was left",
  "cut-off": "its page was closed while recording",
};

function noteOf({ state, cause }: SegmentSummary): string {
  if (state === "waiting") return "waits for a key frame";
  if (state === "recording") return "recording";
  return cause === null ? "" : notes[cause];
}

/** Names of bitstreams as people know them. */
function whatOf({ bitstreams, state }: SegmentSummary): string {
  if (bitstreams.length === 0) return state === "waiting" ? "" : "nothing";
  const words = bitstreams.map((name) => {
    if (name.startsWith("luma ")) return `raw luma, ${name.slice(5)}`;
    const [mimeType = ""] = name.split(" ");
    const isPiece = name.includes(" ");
    const short = mimeType.replace(/^video\//, "").toUpperCase();
    return isPiece ? `segments, ${short}` : `frames, ${short}`;
  });
  return [...new Set(words)].join("; ");
}

/** All kept segments, the newest first. */
export function toSegmentRows({ segments }: KeepStatus): readonly SegmentRow[] {
  return segments
    .toSorted((one, other) => other.fromUs - one.fromUs)
    .map((segment) => ({
      segment,
      label: segment.label,
      when: toTimeOfDay(segment.fromUs),
      length: toElapsed((segment.toUs - segment.fromUs) / 1000),
      size: toBytes(segment.bytes),
      what: whatOf(segment),
      note: noteOf(segment),
      canIndex: segment.bitstreams.some((name) => /^video\/(?:mp2t|mp4) /.test(name)),
      canOpen: segment.state === "kept",
      canDelete: segment.state === "kept",
    }));
}

/** How much room is taken. */
export type RoomView = {
  /** Part of what may be kept, 0..1. */
  readonly ratio: number;
  readonly words: string;
  /** The browser's own count, in words; empty where it does not tell. */
  readonly browserWords: string;
};

/** What is kept against what may be. */
export function toRoom({ keptBytes, limitBytes, usageBytes, quotaBytes }: KeepStatus): RoomView {
  return {
    ratio: limitBytes === 0 ? 1 : Math.min(1, keptBytes / limitBytes),
    words: `${toBytes(keptBytes)} of ${toBytes(limitBytes)} kept`,
    browserWords:
      usageBytes === null || quotaBytes === null
        ? ""
        : `the browser counts ${toBytes(usageBytes)} of ${toBytes(quotaBytes)} for this site`,
  };
}

/** What "keep the last seconds" would keep now, in words; null where nothing is there yet. */
export function toRingWords(status: KeepStatus | null, sessionId: string | null): string | null {
  const ring = status?.rings.find((candidate) => candidate.sessionId === sessionId);
  if (ring === undefined) return null;
  if (ring.isFull) return "No room is left: delete a segment or allow more.";
  if (ring.fromUs === null || ring.toUs === null) return null;
  return `The last ${toElapsed((ring.toUs - ring.fromUs) / 1000)} min can still be kept.`;
}

/** A file's name: when the segment began and what it is. */
export function nameOfFile({ fromUs, label }: SegmentSummary, mimeType: string, index: number): string {
  const when = toTimeOfDay(fromUs).replaceAll(":", "-");
  const what = label
    .replace(/^https?:\/\//, "")
    .replaceAll(/[^A-Za-z0-9]+/g, "-")
    .replaceAll(/^-|-$/g, "")
    .slice(0, 40);
  const number = index === 0 ? "" : `-${index + 1}`;
  const ending = mimeType === "text/csv" ? "csv" : endingOf(mimeType);
  return `streamgauge-${what === "" ? "" : `${what}-`}${when}${number}.${ending}`;
}
