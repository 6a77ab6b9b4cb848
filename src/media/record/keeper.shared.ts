import { fail, succeed, type Failure, type Result } from "../../core/failure.ts";
import type { StoredItem } from "../../core/record/item.ts";
import { looseParts, partsOf } from "../../core/record/session-index.ts";
import type { StreamFacts } from "../../core/wire/signalling.ts";
import type { Files } from "./files.shared.ts";
import { listForeign, readForeign } from "./keep-foreign.shared.ts";
import { listSegments, newestIn, ringOf } from "./keep-list.shared.ts";
import {
  excessBytes,
  housekeep,
  keptBytes,
  makeRoom,
  takeWithin,
  weigh,
  type Estimate,
  type Room,
} from "./keep-room.shared.ts";
import {
  closePart,
  dropPart,
  endSegment,
  enter,
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
  readonly estimate: Estimate;
};

/** Keeps what is received of all streams of a page. Calls come one after the other: `keep.worker.ts` sees to it. */
export type Keeper = {
  readonly open: (sessionId: string, label: string) => Promise<Result<null>>;
  readonly facts: (sessionId: string, facts: StreamFacts) => void;
  /** Takes one item; true when a key frame is wanted now. */
  readonly take: (sessionId: string, item: StoredItem, bytes: Uint8Array) => Promise<boolean>;
  readonly record: (sessionId: string, segmentId: string) => Result<null>;
  readonly end: (sessionId: string, segmentId: string, cause: "asked" | "closed") => void;
  readonly keepFrom: (sessionId: string, segmentId: string, fromUs: number) => Result<null>;
  readonly configure: (settings: { readonly ringS: number; readonly limitBytes: number }) => void;
  /** What is kept; `ownIds` are sessions of this page, which are not taken for abandoned though they are not open here. */
  readonly status: (ownIds: readonly string[]) => Promise<KeepStatus>;
  readonly remove: (sessionId: string, segmentId: string) => Promise<Result<null>>;
  readonly read: (sessionId: string, segmentId: string, index: number) => Promise<Result<ReadPart>>;
  readonly close: (sessionId: string) => Promise<void>;
};

function gone(what: string, where: string): Failure {
  return {
    kind: "refused-input",
    what,
    where,
    next: "It was removed, or the page that receives its stream has it still.",
  };
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

/** Takes over what pages that are gone have left; answers what other pages have. */
async function adoptAbandoned(
  { sessions }: Room,
  files: Files,
  ownIds: readonly string[],
): Promise<readonly string[]> {
  const foreign: string[] = [];
  for (const folder of await files.folders()) {
    if (sessions.has(folder) || ownIds.includes(folder)) continue;
    const isOurs = await files.claim(folder);
    const session = isOurs ? await adopt(files, folder) : null;
    if (session !== null) sessions.set(folder, session);
    if (!isOurs) foreign.push(folder);
  }
  return foreign;
}

/** Lets go of a session of which nothing is kept any more. */
async function forgetEmpty({ sessions }: Room, session: KeepSession): Promise<void> {
  if (session.isLive || session.state.segments.length > 0) return;
  sessions.delete(session.sessionId);
  session.index.close();
  await session.files.removeFolder(session.sessionId);
}

async function readSegmentPart(
  session: KeepSession,
  segmentId: string,
  index: number,
): Promise<ReadPart | null> {
  const segment = session.state.segments.find((candidate) => candidate.segmentId === segmentId);
  const parts = segment === undefined ? [] : partsOf(session.state, segment);
  const part = parts[index];
  if (segment === undefined || part === undefined) return null;
  const { buffer } = await readPart(session, part.partId);
  return { bytes: buffer, untilUs: segment.toUs ?? session.newestUs, hasMore: index + 1 < parts.length };
}

async function statusOf(
  room: Room,
  { files, estimate }: KeeperAdapters,
  ownIds: readonly string[],
): Promise<KeepStatus> {
  const foreign = await adoptAbandoned(room, files, ownIds);
  const theirs = await Promise.all(foreign.map((folder) => listForeign(files, folder)));
  await weigh(room, estimate);
  const sessions = [...room.sessions.values()];
  // Room that was made lets a full session go on.
  if (excessBytes(room) === 0) for (const session of sessions) session.isFull = false;
  return {
    segments: [...sessions.flatMap(listSegments), ...theirs.flat()],
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

/** Whether nothing of a stream is to be kept now. */
function isIdle({ ringS }: Room, session: KeepSession): boolean {
  return ringS === 0 && session.waiting.length === 0 && recordingIn(session).length === 0;
}

/** Writes nothing; an init is remembered, for what may be recorded later. */
async function rest(session: KeepSession, item: StoredItem, bytes: Uint8Array): Promise<void> {
  if (session.part !== null) {
    closePart(session);
    for (const { partId } of looseParts(session.state)) await dropPart(session, partId);
  }
  if (item.kind === "piece" && item.role === "init") await takeItem(session, item, bytes);
}

async function removeSegment(room: Room, sessionId: string, segmentId: string, atUs: number) {
  const session = room.sessions.get(sessionId);
  if (session === undefined) return fail(gone("removing a kept segment", segmentId));
  endSegment(session, segmentId, "asked", session.newestUs);
  enter(session, { kind: "removed", segmentId });
  if (session.isLive) await makeRoom(session, room, atUs, 0);
  else for (const { partId } of looseParts(session.state)) await dropPart(session, partId);
  await forgetEmpty(room, session);
  return succeed(null);
}

async function readAny(room: Room, files: Files, sessionId: string, segmentId: string, index: number) {
  const session = room.sessions.get(sessionId);
  const part =
    session === undefined
      ? await readForeign(files, sessionId, segmentId, index)
      : await readSegmentPart(session, segmentId, index);
  if (part !== null) return succeed(part);
  return fail(gone("reading a kept segment", `part ${index} of ${segmentId}`));
}

async function closeSession(room: Room, session: KeepSession): Promise<void> {
  for (const segmentId of recordingIn(session)) endSegment(session, segmentId, "closed", session.newestUs);
  session.waiting = [];
  session.isLive = false;
  closePart(session);
  for (const { partId } of looseParts(session.state)) await dropPart(session, partId);
  await forgetEmpty(room, session);
}

const nothingThere: Failure = {
  kind: "refused-input",
  what: "keeping what was received",
  where: "the last seconds",
  next: "Nothing is there yet: wait until the picture has come, and see that keeping is on.",
};

/** Makes a keeper; it keeps nothing until a session is opened. */
export function createKeeper(adapters: KeeperAdapters): Keeper {
  const { nowUs, estimate, files } = adapters;
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
      if (isIdle(room, session)) {
        await rest(session, item, bytes);
        return false;
      }
      await takeWithin(room, session, item, bytes, nowUs());
      await housekeep(room, estimate, nowUs());
      return takeKeyWish(session, nowUs(), room.ringS > 0);
    },
    record: (sessionId, segmentId) => {
      const session = sessions.get(sessionId);
      if (session === undefined) return fail(gone("recording", sessionId));
      session.isFull = false;
      session.waiting = [...session.waiting, segmentId];
      return succeed(null);
    },
    end: (sessionId, segmentId, cause) => {
      const session = sessions.get(sessionId);
      if (session !== undefined) endSegment(session, segmentId, cause, session.newestUs);
    },
    keepFrom: (sessionId, segmentId, fromUs) => {
      const session = sessions.get(sessionId);
      const isKept = session !== undefined && keepFrom(session, segmentId, fromUs);
      return isKept ? succeed(null) : fail(nothingThere);
    },
    configure: ({ ringS, limitBytes }) => {
      room.ringS = ringS;
      room.limitBytes = limitBytes;
    },
    status: (ownIds) => statusOf(room, adapters, ownIds),
    remove: (sessionId, segmentId) => removeSegment(room, sessionId, segmentId, nowUs()),
    read: (sessionId, segmentId, index) => readAny(room, files, sessionId, segmentId, index),
    close: async (sessionId) => {
      const session = sessions.get(sessionId);
      if (session !== undefined) await closeSession(room, session);
    },
  };
}
