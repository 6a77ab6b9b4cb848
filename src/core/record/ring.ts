import { unreachable } from "../failure.ts";
import type { StoredItem } from "./item.ts";
import { looseParts, type IndexedPart, type SessionState } from "./session-index.ts";

/** A key frame is asked for when none has come by itself for so long, s: what a cut must begin with. Costs under 1 % of the bits. */
export const keyFrameEveryS = 30;
/** A part is at least so long, s, so that a stream of key frames alone does not make a file a frame. */
export const leastPartS = 2;

/** What decides whether an item begins another part. */
export type PartInProgress = {
  readonly startedAtUs: number;
  /** Its bitstream's name (`bitstreamOf`); null while it has none. */
  readonly bitstream: string | null;
};

/**
 * What a file can hold one of: items with the same bitstream name can stand in one file. Null for what goes with any.
 */
export function bitstreamOf(item: StoredItem): string | null {
  if (item.kind === "frame") return item.mimeType;
  if (item.kind === "piece") return `${item.mimeType} ${item.rendition}`;
  return item.kind === "luma" ? `luma ${item.widthPx}x${item.heightPx}` : null;
}

/** What is known of a part once an item is in it. */
export function withItem(part: PartInProgress, item: StoredItem): PartInProgress {
  return part.bitstream === null ? { ...part, bitstream: bitstreamOf(item) } : part;
}

/** Whether decoding can begin at an item. */
export function canBegin(item: StoredItem): boolean {
  switch (item.kind) {
    case "frame":
      return item.isKey;
    case "piece":
      return item.role === "media" && item.isIndependent;
    case "luma":
      return true;
    case "rows":
      return false;
    default:
      return unreachable(item);
  }
}

/**
 * Whether an item begins another part.
 * @param isAwaited a recording waits for the next place to begin at, however short the part so far
 */
export function beginsPart(part: PartInProgress | null, item: StoredItem, isAwaited: boolean): boolean {
  if (!canBegin(item)) return false;
  if (part === null || isAwaited) return true;
  // Rows alone make no part worth having, but what follows them must not be mixed with a stream of another kind.
  if (part.bitstream !== null && part.bitstream !== bitstreamOf(item)) return true;
  return item.receivedAtUs - part.startedAtUs >= leastPartS * 1e6;
}

/** Whether to ask the sender for a key frame now. */
export function needsKeyFrame(part: PartInProgress | null, nowUs: number): boolean {
  return part !== null && nowUs - part.startedAtUs >= keyFrameEveryS * 1e6;
}

/** The part from which "the last seconds" are kept: the newest that began at or before `fromUs`, else the oldest; null without any. */
export function partToKeepFrom(parts: readonly IndexedPart[], fromUs: number): IndexedPart | null {
  return parts.findLast((part) => part.startedAtUs <= fromUs) ?? parts[0] ?? null;
}

/** What the ring may hold. */
export type RingLimits = {
  /** How far back the ring reaches, us; 0: no ring. */
  readonly ringUs: number;
  readonly nowUs: number;
  /** Bytes over the limit that must go, 0 when none. */
  readonly excessBytes: number;
  /** Bytes of a part's file. */
  readonly bytesOf: (partId: number) => number;
};

/**
 * Parts to drop now: those out of the ring's reach and, where bytes must go, the oldest after them. What a segment needs and
 * the part that is being written stay. A part is out of reach when the one after it began before the ring does.
 */
export function partsToDrop(state: SessionState, limits: RingLimits): readonly number[] {
  const writing = state.parts.at(-1)?.partId;
  const reachesFromUs = limits.nowUs - limits.ringUs;
  const drop: number[] = [];
  let freedBytes = 0;
  for (const part of looseParts(state)) {
    if (part.partId === writing) continue;
    const next = state.parts.find(({ partId }) => partId > part.partId);
    const isOut = next !== undefined && next.startedAtUs <= reachesFromUs;
    if (!isOut && freedBytes >= limits.excessBytes) continue;
    drop.push(part.partId);
    freedBytes += limits.bytesOf(part.partId);
  }
  return drop;
}
