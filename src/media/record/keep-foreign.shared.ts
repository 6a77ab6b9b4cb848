import { readLog } from "../../core/record/record-log.ts";
import { partsOf, readIndex, type KeptSegment, type SessionState } from "../../core/record/session-index.ts";
import type { Files } from "./files.shared.ts";
import { indexName, partName } from "./keep-session.shared.ts";
import type { ReadPart, SegmentSummary } from "./keep.protocol.ts";

/** Index of a session that another page is writing, as it stands on the disk; null where it is gone. */
async function readForeignIndex(files: Files, sessionId: string): Promise<SessionState | null> {
  const bytes = await files.read(sessionId, indexName);
  return bytes === null ? null : readIndex(readLog(bytes).records.map(({ head }) => head));
}

function endOf(state: SessionState, segment: KeptSegment): number {
  return segment.toUs ?? partsOf(state, segment).at(-1)?.startedAtUs ?? segment.fromUs;
}

/** Segments of a session that another page of this site has: they can be read, not changed. */
export async function listForeign(files: Files, sessionId: string): Promise<readonly SegmentSummary[]> {
  const state = await readForeignIndex(files, sessionId);
  if (state === null || state.segments.length === 0) return [];
  const sizes = await files.sizes(sessionId);
  return state.segments.map((segment) => {
    const parts = partsOf(state, segment);
    return {
      sessionId,
      segmentId: segment.segmentId,
      label: state.label,
      state: segment.cause === null ? "recording" : "kept",
      cause: segment.cause,
      fromUs: parts[0]?.startedAtUs ?? segment.fromUs,
      toUs: endOf(state, segment),
      bytes: parts.reduce((sum, { partId }) => sum + (sizes.get(partName(partId)) ?? 0), 0),
      bitstreams: [...new Set(parts.map(({ bitstream }) => bitstream))],
      facts: segment.facts ?? state.facts,
      isLive: true,
    };
  });
}

/** A part of another page's segment; null where it is gone. */
export async function readForeign(
  files: Files,
  sessionId: string,
  segmentId: string,
  index: number,
): Promise<ReadPart | null> {
  const state = await readForeignIndex(files, sessionId);
  const segment = state?.segments.find((candidate) => candidate.segmentId === segmentId);
  if (state === null || segment === undefined) return null;
  const parts = partsOf(state, segment);
  const part = parts[index];
  const bytes = part === undefined ? null : await files.read(sessionId, partName(part.partId));
  if (bytes === null) return null;
  return { bytes: bytes.buffer, untilUs: segment.toUs ?? Infinity, hasMore: index + 1 < parts.length };
}
