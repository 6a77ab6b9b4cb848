import type { StoredItem } from "../../core/record/item.ts";
import { partsToDrop } from "../../core/record/ring.ts";
import { looseParts } from "../../core/record/session-index.ts";
import { sessionBytes } from "./keep-list.shared.ts";
import {
  closePart,
  dropPart,
  endSegment,
  isFullDisk,
  recordingIn,
  takeItem,
  type KeepSession,
} from "./keep-session.shared.ts";

/** What the browser counts and allows (W3C storage, StorageManager.estimate). */
export type Estimate = () => Promise<{ readonly usage?: number; readonly quota?: number }>;

/** How often room is looked after while items come, us. */
const housekeepUs = 1_000_000;
/** What is freed at least when the disk is full, bytes. */
const spareBytes = 65_536;
/** Part of the browser's quota that is left to everything else. */
const quotaShare = 0.9;

/** The streams of a page and the room they have. */
export type Room = {
  readonly sessions: Map<string, KeepSession>;
  ringS: number;
  limitBytes: number;
  usageBytes: number | null;
  quotaBytes: number | null;
  housekeptUs: number;
};

/** Bytes of everything kept. */
export function keptBytes({ sessions }: Room): number {
  return [...sessions.values()].reduce((sum, session) => sum + sessionBytes(session), 0);
}

/** Bytes that must go: over the user's limit or near the browser's. */
export function excessBytes(room: Room): number {
  const overLimit = keptBytes(room) - room.limitBytes;
  const { usageBytes, quotaBytes } = room;
  const overQuota = usageBytes === null || quotaBytes === null ? 0 : usageBytes - quotaBytes * quotaShare;
  return Math.max(0, overLimit, overQuota);
}

/** Drops what the ring reaches no more, and what there is no room for. Returns what is left over the limit. */
export async function makeRoom(
  session: KeepSession,
  room: Room,
  nowUs: number,
  moreBytes: number,
): Promise<number> {
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

/** Takes an item where there is room for it, which is made at the cost of the ring; else ends what is recorded. */
export async function takeWithin(
  room: Room,
  session: KeepSession,
  item: StoredItem,
  bytes: Uint8Array,
  nowUs: number,
): Promise<void> {
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
export async function housekeep(room: Room, estimate: Estimate, atUs: number): Promise<void> {
  if (atUs - room.housekeptUs < housekeepUs) return;
  room.housekeptUs = atUs;
  await weigh(room, estimate);
  for (const session of room.sessions.values()) {
    if (!session.isLive || session.isFull) continue;
    session.part?.file.flush();
    if ((await makeRoom(session, room, atUs, 0)) > 0) await fillUp(session);
  }
}

/** Asks the browser how much is used and allowed. */
export async function weigh(room: Room, estimate: Estimate): Promise<void> {
  const { usage, quota } = await estimate();
  room.usageBytes = usage ?? null;
  room.quotaBytes = quota ?? null;
}
