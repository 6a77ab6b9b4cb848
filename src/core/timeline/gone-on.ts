import { toReceiverUs, type ReceiverUs } from "../clock/instants.ts";
import { measured } from "../measured.ts";
import type { StreamEvent } from "./event.ts";
import { freezeExtraMs, freezeFactor } from "./freezes.ts";
import type { Snapshot } from "./snapshot.ts";

/** What a snapshot does not hold of a stream that went on without it. */
export type GoneOn = {
  readonly events: readonly StreamEvent[];
  /** When the last frame was displayed; null where none was. */
  readonly lastDisplayUs: ReceiverUs | null;
  /** How long the stream has stood still since the snapshot was taken, ms. */
  readonly forMs: number;
};

/** Whether one of these goes on: it is counted, but no event has told its end. */
function isOpen(count: Snapshot["stalls"]["count"], events: readonly StreamEvent[], kind: string): boolean {
  return count.known && count.value > events.filter((event) => event.kind === kind).length;
}

/** The picture stands still until the end; it may have stood still already when the snapshot was taken. */
function frozenOn(snapshot: Snapshot, { events, lastDisplayUs, forMs }: GoneOn): Snapshot["freezes"] {
  const { freezes, reading, atUs, elapsedMs, hiddenMs } = snapshot;
  const { count, totalMs, longestMs } = freezes;
  if (!count.known || !totalMs.known || !longestMs.known) return freezes;
  const stillMs = forMs + (lastDisplayUs === null ? 0 : (atUs - lastDisplayUs) / 1000);
  const meanMs = (elapsedMs - hiddenMs) / Math.max(1, reading.displayedCount);
  const isGoing = isOpen(count, events, "freeze");
  const isFreeze = isGoing || stillMs >= Math.max(freezeFactor * meanMs, meanMs + freezeExtraMs);
  const allMs = totalMs.value + (isGoing ? forMs : isFreeze ? stillMs : 0);
  const seenMs = elapsedMs + forMs - hiddenMs;
  return {
    count: measured(count.value + (isFreeze && !isGoing ? 1 : 0), count.bound),
    totalMs: measured(allMs, totalMs.bound),
    longestMs: measured(isFreeze ? Math.max(longestMs.value, stillMs) : longestMs.value, longestMs.bound),
    ratio: seenMs > 0 ? measured(Math.min(1, allMs / seenMs), totalMs.bound / seenMs) : freezes.ratio,
  };
}

/**
 * A stream's last snapshot as it stands some time later, when nothing has come since: the freeze and the stall that went on
 * count up to then, and so does the time. What needs frames (latency, loss) stays as it was.
 */
export function goneOn(snapshot: Snapshot, since: GoneOn): Snapshot {
  const { stalls } = snapshot;
  const isStalled = isOpen(stalls.count, since.events, "stall");
  return {
    ...snapshot,
    atUs: toReceiverUs(snapshot.atUs + since.forMs * 1000),
    elapsedMs: snapshot.elapsedMs + since.forMs,
    freezes: frozenOn(snapshot, since),
    stalls:
      isStalled && stalls.totalMs.known
        ? { ...stalls, totalMs: measured(stalls.totalMs.value + since.forMs, stalls.totalMs.bound) }
        : stalls,
  };
}
