import * as v from "valibot";

import { unreachable } from "../failure.ts";
import { type StreamFacts, streamFactsSchema } from "../wire/signalling.ts";

/** Why a kept stretch ended where it did. */
export type EndCause = "asked" | "closed" | "full" | "cut-off";

/** What happened to the parts and segments of one session, in order; each is one record of its index. */
export type IndexEntry =
  | { readonly kind: "session"; readonly createdAtUs: number; readonly label: string }
  /** What the sender told of the stream; the latest counts for segments that begin after it. */
  | { readonly kind: "facts"; readonly facts: StreamFacts }
  /** A part begins; it can be decoded without those before it. */
  | {
      readonly kind: "part";
      readonly partId: number;
      readonly startedAtUs: number;
      readonly bitstream: string;
    }
  | { readonly kind: "part-dropped"; readonly partId: number }
  /** A segment begins at a part and goes on until it is ended. */
  | {
      readonly kind: "began";
      readonly segmentId: string;
      readonly fromPartId: number;
      readonly fromUs: number;
    }
  | {
      readonly kind: "ended";
      readonly segmentId: string;
      readonly toPartId: number;
      readonly toUs: number;
      readonly cause: EndCause;
    }
  | { readonly kind: "removed"; readonly segmentId: string };

/** A stretch of the received stream that a user keeps: whole parts, the first of which may begin before what was asked for. */
export type KeptSegment = {
  readonly segmentId: string;
  readonly fromPartId: number;
  /** Null while it is being recorded, or where its page ended before it was. */
  readonly toPartId: number | null;
  /** Instant that was asked for; the first part begins at or before it. */
  readonly fromUs: number;
  readonly toUs: number | null;
  readonly cause: EndCause | null;
  /** What the sender had told when it began. */
  readonly facts: StreamFacts | null;
};

/** A part of a session's stream. */
export type IndexedPart = {
  readonly partId: number;
  readonly startedAtUs: number;
  /** What it holds (`bitstreamOf`). */
  readonly bitstream: string;
};

/** What an index says as a whole. */
export type SessionState = {
  readonly createdAtUs: number;
  readonly label: string;
  readonly facts: StreamFacts | null;
  /** Not dropped, in order. */
  readonly parts: readonly IndexedPart[];
  /** Not removed, in the order they began. */
  readonly segments: readonly KeptSegment[];
};

const epochUs = v.pipe(v.number(), v.safeInteger());
const partNumber = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const segmentId = v.pipe(v.string(), v.regex(/^[A-Za-z0-9-]{1,64}$/));

/** Checks an index record. */
export const indexEntrySchema: v.GenericSchema<unknown, IndexEntry> = v.variant("kind", [
  v.object({
    kind: v.literal("session"),
    createdAtUs: epochUs,
    label: v.pipe(v.string(), v.maxLength(2048)),
  }),
  v.object({ kind: v.literal("facts"), facts: streamFactsSchema }),
  v.object({
    kind: v.literal("part"),
    partId: partNumber,
    startedAtUs: epochUs,
    bitstream: v.pipe(v.string(), v.maxLength(4200)),
  }),
  v.object({ kind: v.literal("part-dropped"), partId: partNumber }),
  v.object({ kind: v.literal("began"), segmentId, fromPartId: partNumber, fromUs: epochUs }),
  v.object({
    kind: v.literal("ended"),
    segmentId,
    toPartId: partNumber,
    toUs: epochUs,
    cause: v.picklist(["asked", "closed", "full", "cut-off"]),
  }),
  v.object({ kind: v.literal("removed"), segmentId }),
]);

/** A session of which nothing is known yet. */
export const emptySession: SessionState = { createdAtUs: 0, label: "", facts: null, parts: [], segments: [] };

/** What an index says after one more entry. An entry that names what is not there changes nothing. */
export function withEntry(state: SessionState, entry: IndexEntry): SessionState {
  switch (entry.kind) {
    case "session":
      return { ...state, createdAtUs: entry.createdAtUs, label: entry.label };
    case "facts":
      return { ...state, facts: entry.facts };
    case "part":
      return { ...state, parts: [...state.parts, indexed(entry)] };
    case "part-dropped":
      return { ...state, parts: state.parts.filter((part) => part.partId !== entry.partId) };
    case "began":
      return { ...state, segments: [...state.segments, begun(state, entry)] };
    case "ended":
      return {
        ...state,
        segments: state.segments.map((segment) =>
          segment.segmentId === entry.segmentId && segment.toPartId === null
            ? { ...segment, toPartId: entry.toPartId, toUs: entry.toUs, cause: entry.cause }
            : segment,
        ),
      };
    case "removed":
      return {
        ...state,
        segments: state.segments.filter((segment) => segment.segmentId !== entry.segmentId),
      };
    default:
      return unreachable(entry);
  }
}

function indexed({ partId, startedAtUs, bitstream }: Extract<IndexEntry, { kind: "part" }>): IndexedPart {
  return { partId, startedAtUs, bitstream };
}

function begun(state: SessionState, entry: Extract<IndexEntry, { kind: "began" }>): KeptSegment {
  return {
    segmentId: entry.segmentId,
    fromPartId: entry.fromPartId,
    fromUs: entry.fromUs,
    toPartId: null,
    toUs: null,
    cause: null,
    facts: state.facts,
  };
}

/** Reads heads of index records; those that no schema takes are left out. */
export function readIndex(heads: readonly unknown[]): SessionState {
  return heads.reduce<SessionState>((state, head) => {
    const entry = v.safeParse(indexEntrySchema, head);
    return entry.success ? withEntry(state, entry.output) : state;
  }, emptySession);
}

/** Parts of a segment that are still there, in order. */
export function partsOf(state: SessionState, segment: KeptSegment): readonly IndexedPart[] {
  return state.parts.filter(
    ({ partId: id }) => id >= segment.fromPartId && (segment.toPartId === null || id <= segment.toPartId),
  );
}

/** Parts that no segment needs. */
export function looseParts(state: SessionState): readonly IndexedPart[] {
  const needed = new Set(
    state.segments.flatMap((segment) => partsOf(state, segment).map((part) => part.partId)),
  );
  return state.parts.filter((part) => !needed.has(part.partId));
}
