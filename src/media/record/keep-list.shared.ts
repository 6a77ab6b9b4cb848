import * as v from "valibot";

import { storedItemSchema } from "../../core/record/item.ts";
import { readLog } from "../../core/record/record-log.ts";
import { looseParts, partsOf, type KeptSegment } from "../../core/record/session-index.ts";
import { readPart, type KeepSession } from "./keep-session.shared.ts";
import type { RingStatus, SegmentSummary } from "./keep.protocol.ts";

function bytesOf(session: KeepSession, parts: readonly { readonly partId: number }[]): number {
  return parts.reduce((sum, { partId }) => sum + (session.partBytes.get(partId) ?? 0), 0);
}

/** Bytes of everything that a session keeps. */
export function sessionBytes(session: KeepSession): number {
  return session.index.sizeBytes() + bytesOf(session, session.state.parts);
}

function summaryOf(session: KeepSession, segment: KeptSegment): SegmentSummary {
  const parts = partsOf(session.state, segment);
  return {
    sessionId: session.sessionId,
    segmentId: segment.segmentId,
    label: session.state.label,
    state: segment.cause === null ? "recording" : "kept",
    cause: segment.cause,
    fromUs: parts[0]?.startedAtUs ?? segment.fromUs,
    toUs: segment.toUs ?? session.newestUs,
    bytes: bytesOf(session, parts),
    bitstreams: [...new Set(parts.map(({ bitstream }) => bitstream))],
    facts: segment.facts ?? session.state.facts,
    isLive: session.isLive,
  };
}

/** A session's segments, those that wait for their beginning last. */
export function listSegments(session: KeepSession): readonly SegmentSummary[] {
  const waiting = session.waiting.map((segmentId): SegmentSummary => ({
    sessionId: session.sessionId,
    segmentId,
    label: session.state.label,
    state: "waiting",
    cause: null,
    fromUs: session.newestUs,
    toUs: session.newestUs,
    bytes: 0,
    bitstreams: [],
    facts: session.state.facts,
    isLive: session.isLive,
  }));
  return [...session.state.segments.map((segment) => summaryOf(session, segment)), ...waiting];
}

/** What a live session's ring holds: it may reach back into segments, whose parts it shares. */
export function ringOf(session: KeepSession): RingStatus {
  const [first] = session.state.parts;
  return {
    sessionId: session.sessionId,
    fromUs: first?.startedAtUs ?? null,
    toUs: first === undefined ? null : session.newestUs,
    bytes: bytesOf(session, looseParts(session.state)),
    isFull: session.isFull,
  };
}

/** Instant of a part's newest item; null when it holds none. */
export async function newestIn(session: KeepSession, partId: number): Promise<number | null> {
  const { records } = readLog(await readPart(session, partId));
  let newestUs: number | null = null;
  for (const { head } of records) {
    const item = v.safeParse(storedItemSchema, head);
    if (item.success) newestUs = Math.max(newestUs ?? 0, item.output.receivedAtUs);
  }
  return newestUs;
}
