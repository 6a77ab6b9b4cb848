import { fail, succeed, type Failure, type Result } from "../../core/failure.ts";
import type { StoredItem } from "../../core/record/item.ts";
import { partsToDrop } from "../../core/record/ring.ts";
import { looseParts, partsOf } from "../../core/record/session-index.ts";
import type { StreamFacts } from "../../core/wire/signalling.ts";
import type { Files } from "./files.shared.ts";
import { listSegments, newestIn, ringOf, sessionBytes } from "./keep-list.shared.ts";
import {
  closePart,
  dropPart,
  endSegment,
  enter,
  isFullDisk,
  keepFrom,
  openKeepSession,
  readPart,
  recordingIn,
  takeItem,
  takeKeyWish,
  type KeepSession,
} from "./keep-session.shared.ts";
import type { KeepStatus, ReadPart } from "./keep.protocol.ts";

/** What a keeper needs of its worker. */
export type KeeperAdapters = {
  readonly files: Files;
  /** Receiver's epoch clock. */
  readonly nowUs: () => number;
  /** What the browser counts and allows (StorageManager.estimate). */
  readonly estimate: () => Promise<{ readonly usage?: number; readonly quota?: number }>;
};

/** Keeps what is received of all streams of a page. Calls come one after the other: `keep.worker.ts` sees to it. */
export type Keeper = {
  readonly open: (sessionId: string, label: string) => Promise<Result<null>>;
  readonly facts: (sessionId: string, facts: StreamFacts) => void;
  /** Takes one item; true when a key frame is wanted now. */
  readonly take: (sessionId: string, item: StoredItem, bytes: Uint8Array) => Promise<boolean>;
  readonly record: (sessionId: string, segmentId: string) => Result<null>;
  readonly end: (sessionId: string, segmentId: string) => void;
  readonly keepFrom: (sessionId: string, segmentId: string, fromUs: number) => Result<null>;
  readonly configure: (settings: { readonly ringS: number; readonly limitBytes: number }) => void;
  readonly status: () => Promise<KeepStatus>;
  readonly remove: (sessionId: string, segmentId: string) => Promise<void>;
  readonly read: (sessionId: string, segmentId: string, index: number) => Promise<Result<ReadPart>>;
  readonly close: (sessionId: string) => Promise<void>;
};

/** How often room is looked after while items come, us. */
const housekeepUs = 1_000_000;
/** What is freed at least when the disk is full, bytes. */
const spareBytes = 65_536;
/** Part of the browser's quota that is left to everything else. */
const quotaShare = 0.9;

function gone(what: string, where: string): Failure {
  return { kind: "refused-input", what, where, next: "It was removed, or another page has it." };
}

type Room = {
  readonly sessions: Map<string, KeepSession>;
  ringS: number;
  limitBytes: number;
  usageBytes: number | null;
  quotaBytes: number | null;
  housekeptUs: number;
};

function keptBytes({ sessions }: Room): number {
  return [...sessions.values()].reduce((sum, session) => sum + sessionBytes(session), 0);
}

/** Bytes that must go: over the user's limit or near the browser's. */
function excessBytes(room: Room): number {
  const overLimit = keptBytes(room) - room.limitBytes;
  const { usageBytes, quotaBytes } = room;
  const overQuota = usageBytes === null || quotaBytes === null ? 0 : usageBytes - quotaBytes * quotaShare;
  return Math.max(0, overLimit, overQuota);
}

/** Drops what the ring reaches no more, and what there is no room for. Returns what is left over the limit. */
async function makeRoom(session: KeepSession, room: Room, nowUs: number, moreBytes: number): Promise<number> {
  const before = excessBytes(room) + moreBytes;
  const drop = partsToDrop(session.state, {
    nowUs,
    ringUs: room.ringS * 1e6,
    excessBytes: before,
    bytesOf: (partId) => session.partBytes.get(partId) ?? 0,
  });
  const freedBytes = drop.reduce((sum, partId) => sum + (session.partBytes.get(partId) ?? 0), 0);
  for (const partId of drop) await dropPart(session, partId);
  return Math.max(0, before - freedBytes);
}

/** Stops writing: recordings end with what they have, and the part that only the ring needs goes. */
async function fillUp(session: KeepSession): Promise<void> {
  for (const segmentId of recordingIn(session)) endSegment(session, segmentId, "full", session.newestUs);
  session.waiting = [];
  session.isFull = true;
  closePart(session);
  for (const { partId } of looseParts(session.state)) await dropPart(session, partId);
}

async function take(room: Room, session: KeepSession, item: StoredItem, bytes: Uint8Array, nowUs: number) {
  if (session.isFull) return;
  try {
    await takeItem(session, item, bytes);
  } catch (error) {
    if (!isFullDisk(error)) throw error;
    const shortBytes = await makeRoom(session, room, nowUs, bytes.length + spareBytes);
    if (shortBytes > 0 || !(await triedAgain(session, item, bytes))) await fillUp(session);
  }
}

async function triedAgain(session: KeepSession, item: StoredItem, bytes: Uint8Array): Promise<boolean> {
  try {
    await takeItem(session, item, bytes);
    return true;
  } catch (error) {
    if (!isFullDisk(error)) throw error;
    return false;
  }
}

/** Once a second while items come: flushes what was written, and keeps ring and room within their limits. */
async function housekeep(room: Room, { estimate, nowUs }: KeeperAdapters): Promise<void> {
  const atUs = nowUs();
  if (atUs - room.housekeptUs < housekeepUs) return;
  room.housekeptUs = atUs;
  await weigh(room, estimate);
  for (const session of room.sessions.values()) {
    if (!session.isLive || session.isFull) continue;
    session.part?.file.flush();
    if ((await makeRoom(session, room, atUs, 0)) > 0) await fillUp(session);
  }
}

async function weigh(room: Room, estimate: KeeperAdapters["estimate"]): Promise<void> {
  const { usage, quota } = await estimate();
  room.usageBytes = usage ?? null;
  room.quotaBytes = quota ?? null;
}

/** Makes a session of a page that is gone ours: what it recorded ends where it was cut off, and its ring goes. */
async function adopt(files: Files, sessionId: string): Promise<KeepSession | null> {
  const session = await openKeepSession(files, sessionId);
  const last = session.state.parts.at(-1);
  const endUs = last === undefined ? null : await newestIn(session, last.partId);
  session.newestUs = endUs ?? last?.startedAtUs ?? 0;
  for (const segmentId of recordingIn(session)) endSegment(session, segmentId, "cut-off", session.newestUs);
  for (const { partId } of looseParts(session.state)) await dropPart(session, partId);
  if (session.state.segments.length > 0) return session;
  session.index.close();
  await files.removeFolder(sessionId);
  return null;
}

async function adoptAbandoned({ sessions }: Room, files: Files): Promise<void> {
  for (const folder of await files.folders()) {
    if (sessions.has(folder) || !(await files.claim(folder))) continue;
    const session = await adopt(files, folder);
    if (session !== null) sessions.set(folder, session);
  }
}

/** Lets go of a session of which nothing is kept any more. */
async function forgetEmpty({ sessions }: Room, session: KeepSession): Promise<void> {
  if (session.isLive || session.state.segments.length > 0) return;
  sessions.delete(session.sessionId);
  session.index.close();
  await session.files.removeFolder(session.sessionId);
}

async function readSegmentPart(
  session: KeepSession | undefined,
  segmentId: string,
  index: number,
): Promise<Result<ReadPart>> {
  const segment = session?.state.segments.find((candidate) => candidate.segmentId === segmentId);
  if (session === undefined || segment === undefined) return fail(gone("reading a kept segment", segmentId));
  const parts = partsOf(session.state, segment);
  const part = parts[index];
  if (part === undefined) return fail(gone("reading a kept segment", `part ${index} of ${segmentId}`));
  const { buffer } = await readPart(session, part.partId);
  return succeed({
    bytes: buffer,
    untilUs: segment.toUs ?? session.newestUs,
    hasMore: index + 1 < parts.length,
  });
}

async function statusOf(room: Room, { files, estimate }: KeeperAdapters): Promise<KeepStatus> {
  await adoptAbandoned(room, files);
  await weigh(room, estimate);
  const sessions = [...room.sessions.values()];
  // Room that was made lets a full session go on.
  if (excessBytes(room) === 0) for (const session of sessions) session.isFull = false;
  return {
    segments: sessions.flatMap(listSegments),
    rings: sessions.filter(({ isLive }) => isLive).map(ringOf),
    keptBytes: keptBytes(room),
    limitBytes: room.limitBytes,
    usageBytes: room.usageBytes,
    quotaBytes: room.quotaBytes,
  };
}

async function openSession(room: Room, adapters: KeeperAdapters, sessionId: string, label: string) {
  const { files, nowUs } = adapters;
  const known = room.sessions.get(sessionId);
  if (known === undefined && !(await files.claim(sessionId)))
    return fail(gone("keeping what is received", sessionId));
  const session = known ?? (await openKeepSession(files, sessionId));
  if (session.state.createdAtUs === 0)
    enter(session, { kind: "session", createdAtUs: Math.round(nowUs()), label });
  session.isLive = true;
  room.sessions.set(sessionId, session);
  return succeed(null);
}

/** Makes a keeper; it keeps nothing until a session is opened. */
export function createKeeper(adapters: KeeperAdapters): Keeper {
  const { nowUs } = adapters;
  const room: Room = {
    sessions: new Map(),
    ringS: 0,
    limitBytes: Infinity,
    usageBytes: null,
    quotaBytes: null,
    housekeptUs: 0,
  };
  const { sessions } = room;
  return {
    open: (sessionId, label) => openSession(room, adapters, sessionId, label),
    facts: (sessionId, facts) => {
      const session = sessions.get(sessionId);
      if (session !== undefined) enter(session, { kind: "facts", facts });
    },
    take: async (sessionId, item, bytes) => {
      const session = sessions.get(sessionId);
      if (session === undefined || !session.isLive) return false;
      await take(room, session, item, bytes, nowUs());
      await housekeep(room, adapters);
      return takeKeyWish(session, nowUs());
    },
    record: (sessionId, segmentId) => {
      const session = sessions.get(sessionId);
      if (session === undefined) return fail(gone("recording", sessionId));
      session.isFull = false;
      session.waiting = [...session.waiting, segmentId];
      return succeed(null);
    },
    end: (sessionId, segmentId) => {
      const session = sessions.get(sessionId);
      if (session !== undefined) endSegment(session, segmentId, "asked", session.newestUs);
    },
    keepFrom: (sessionId, segmentId, fromUs) => {
      const session = sessions.get(sessionId);
      if (session !== undefined && keepFrom(session, segmentId, fromUs)) return succeed(null);
      return fail({
        kind: "refused-input",
        what: "keeping what was received",
        where: "the last seconds",
        next: "Nothing is there yet: wait until the picture has come, and see that keeping is on.",
      });
    },
    configure: ({ ringS, limitBytes }) => {
      room.ringS = ringS;
      room.limitBytes = limitBytes;
    },
    status: () => statusOf(room, adapters),
    remove: async (sessionId, segmentId) => {
      const session = sessions.get(sessionId);
      if (session === undefined) return;
      endSegment(session, segmentId, "asked", session.newestUs);
      enter(session, { kind: "removed", segmentId });
      if (session.isLive) await makeRoom(session, room, nowUs(), 0);
      else for (const { partId } of looseParts(session.state)) await dropPart(session, partId);
      await forgetEmpty(room, session);
    },
    read: (sessionId, segmentId, index) => readSegmentPart(sessions.get(sessionId), segmentId, index),
    close: async (sessionId) => {
      const session = sessions.get(sessionId);
      if (session === undefined) return;
      for (const segmentId of recordingIn(session))
        endSegment(session, segmentId, "closed", session.newestUs);
      session.waiting = [];
      session.isLive = false;
      closePart(session);
      for (const { partId } of looseParts(session.state)) await dropPart(session, partId);
      await forgetEmpty(room, session);
    },
  };
}
