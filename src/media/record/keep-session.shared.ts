import type { StoredItem } from "../../core/record/item.ts";
import { readLog, writeRecord } from "../../core/record/record-log.ts";
import {
  beginsPart,
  bitstreamOf,
  needsKeyFrame,
  partToKeepFrom,
  withItem,
  type PartInProgress,
} from "../../core/record/ring.ts";
import {
  emptySession,
  readIndex,
  withEntry,
  type EndCause,
  type IndexEntry,
  type SessionState,
} from "../../core/record/session-index.ts";
import type { Files, WritableFile } from "./files.shared.ts";

/** Name of a session's index file. */
export const indexName = "index";

/** Name of a part's file. */
export function partName(partId: number): string {
  return `part-${partId}`;
}

type OpenPart = { readonly partId: number; readonly file: WritableFile; progress: PartInProgress };

/** One stream's parts and segments, being written. Everything about it goes one after the other: see `keeper.shared.ts`. */
export type KeepSession = {
  readonly sessionId: string;
  readonly files: Files;
  readonly index: WritableFile;
  state: SessionState;
  part: OpenPart | null;
  /** Bytes of each part. */
  readonly partBytes: Map<number, number>;
  /** The newest init of each rendition, to begin parts with. */
  readonly inits: Map<string, { readonly item: StoredItem; readonly bytes: Uint8Array }>;
  /** Segments that wait for a place to begin. */
  waiting: readonly string[];
  /** Epoch instant of the newest item; 0 before the first. */
  newestUs: number;
  nextPartId: number;
  /** No room: nothing is written until some is made. */
  isFull: boolean;
  /** Whether its stream goes on. */
  isLive: boolean;
  keyAskedUs: number;
  /** A segment ended in the part that is being written: the next is begun soon, so that the file is closed. */
  isCutWanted: boolean;
  /** Entries that there was no room for in the index; they count, and are written when there is. */
  unwritten: readonly IndexEntry[];
};

/** A key frame is asked for again when none came within this, us. */
const askAgainUs = 2_000_000;

/** Opens a session's folder, which the caller has claimed, as it was left. */
export async function openKeepSession(files: Files, sessionId: string): Promise<KeepSession> {
  const index = await files.open(sessionId, indexName);
  const log = readLog(index.read());
  index.cut(log.wholeBytes);
  const state = log.records.length === 0 ? emptySession : readIndex(log.records.map(({ head }) => head));
  const sizes = await files.sizes(sessionId);
  const partBytes = new Map(
    state.parts.map(({ partId }) => [partId, sizes.get(partName(partId)) ?? 0] as const),
  );
  return {
    sessionId,
    files,
    index,
    state,
    part: null,
    partBytes,
    inits: new Map(),
    waiting: [],
    newestUs: 0,
    nextPartId: Math.max(-1, ...state.parts.map(({ partId }) => partId)) + 1,
    isFull: false,
    isLive: false,
    keyAskedUs: 0,
    isCutWanted: false,
    unwritten: [],
  };
}

/** Whether an error says that there is no room on the disk. */
export function isFullDisk(error: unknown): boolean {
  return error instanceof DOMException && error.name === "QuotaExceededError";
}

/** Writes an entry into the index and has it count. */
export function enter(session: KeepSession, entry: IndexEntry): void {
  session.state = withEntry(session.state, entry);
  session.unwritten = [...session.unwritten, entry];
  try {
    for (let next = session.unwritten[0]; next !== undefined; next = session.unwritten[0]) {
      session.index.append(writeRecord(next, new Uint8Array(0)));
      session.unwritten = session.unwritten.slice(1);
    }
    session.index.flush();
  } catch (error) {
    if (!isFullDisk(error)) throw error;
  }
}

/** Segments that are being recorded. */
export function recordingIn(session: KeepSession): readonly string[] {
  return session.state.segments.filter(({ cause }) => cause === null).map(({ segmentId }) => segmentId);
}

function isBeginningAwaited({ waiting, isCutWanted }: KeepSession): boolean {
  return waiting.length > 0 || isCutWanted;
}

/** Takes one item. Throws when there is no room for it; what was written before stands. */
export async function takeItem(session: KeepSession, item: StoredItem, bytes: Uint8Array): Promise<void> {
  session.newestUs = Math.max(session.newestUs, item.receivedAtUs);
  if (item.kind === "piece" && item.role === "init") {
    session.inits.set(item.rendition, { item, bytes });
    return;
  }
  if (beginsPart(session.part?.progress ?? null, item, isBeginningAwaited(session))) {
    await beginPart(session, item);
  }
  const { part } = session;
  if (part === null) return;
  append(session, part, item, bytes);
  part.progress = withItem(part.progress, item);
}

function append(session: KeepSession, part: OpenPart, item: StoredItem, bytes: Uint8Array): void {
  part.file.append(writeRecord(item, bytes));
  session.partBytes.set(part.partId, part.file.sizeBytes());
}

async function beginPart(session: KeepSession, item: StoredItem): Promise<void> {
  closePart(session);
  const partId = session.nextPartId;
  session.nextPartId += 1;
  const file = await session.files.open(session.sessionId, partName(partId));
  file.cut(0);
  const startedAtUs = item.receivedAtUs;
  const part = { partId, file, progress: { startedAtUs, bitstream: null } };
  session.part = part;
  session.partBytes.set(partId, 0);
  enter(session, { kind: "part", partId, startedAtUs, bitstream: bitstreamOf(item) ?? "" });
  const init = item.kind === "piece" ? session.inits.get(item.rendition) : undefined;
  if (init !== undefined) append(session, part, init.item, init.bytes);
  for (const segmentId of session.waiting) {
    enter(session, { kind: "began", segmentId, fromPartId: partId, fromUs: startedAtUs });
  }
  session.waiting = [];
  session.isCutWanted = false;
}

/** Closes the part that is being written; the next item that can begin one does. */
export function closePart(session: KeepSession): void {
  session.part?.file.flush();
  session.part?.file.close();
  session.part = null;
}

/** Whether to ask for a key frame now; true once for each asking. A ring needs one now and then, a recording only the first. */
export function takeKeyWish(session: KeepSession, nowUs: number, hasRing: boolean): boolean {
  const isWanted =
    isBeginningAwaited(session) || (hasRing && needsKeyFrame(session.part?.progress ?? null, nowUs));
  if (!isWanted || nowUs - session.keyAskedUs < askAgainUs) return false;
  session.keyAskedUs = nowUs;
  return true;
}

/** Keeps from the ring on; false when the ring holds nothing. */
export function keepFrom(session: KeepSession, segmentId: string, fromUs: number): boolean {
  const from = partToKeepFrom(session.state.parts, fromUs);
  const last = session.state.parts.at(-1);
  if (from === null || last === undefined) return false;
  enter(session, { kind: "began", segmentId, fromPartId: from.partId, fromUs });
  const toUs = Math.max(session.newestUs, fromUs);
  enter(session, { kind: "ended", segmentId, toPartId: last.partId, toUs, cause: "asked" });
  session.part?.file.flush();
  session.isCutWanted = true;
  return true;
}

/** Ends a segment where it stands. One that never began is forgotten. */
export function endSegment(session: KeepSession, segmentId: string, cause: EndCause, toUs: number): void {
  session.waiting = session.waiting.filter((waiting) => waiting !== segmentId);
  const last = session.state.parts.at(-1);
  if (last === undefined || !recordingIn(session).includes(segmentId)) return;
  enter(session, { kind: "ended", segmentId, toPartId: last.partId, toUs, cause });
  session.part?.file.flush();
  session.isCutWanted = true;
}

/** Removes a part and its file. */
export async function dropPart(session: KeepSession, partId: number): Promise<void> {
  if (session.part?.partId === partId) closePart(session);
  await session.files.remove(session.sessionId, partName(partId));
  session.partBytes.delete(partId);
  enter(session, { kind: "part-dropped", partId });
}

/** A part's bytes, being written or not; empty where it is gone. */
export async function readPart(session: KeepSession, partId: number): Promise<Uint8Array<ArrayBuffer>> {
  if (session.part?.partId === partId) return session.part.file.read();
  return (await session.files.read(session.sessionId, partName(partId))) ?? new Uint8Array(0);
}
