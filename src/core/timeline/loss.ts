import type { ReceiverUs } from "../clock/instants.ts";
import { measured, missing, type Measured } from "../measured.ts";
import type { StreamEvent } from "./event.ts";
import type { RunFrame } from "./frame.ts";
import { createGaps, type Gaps } from "./gaps.ts";
import { createIdWindow, idWindowSize, type IdWindow } from "./id-window.ts";

/** What became of the frame ids sent. */
export type LossReading = {
  readonly sentCount: Measured;
  readonly displayedCount: Measured;
  readonly lostCount: Measured;
  readonly lossRatio: Measured;
  readonly duplicateCount: Measured;
  readonly outOfOrderCount: Measured;
};

/**
 * How a frame came: `new` in order; `late` after a later one; `duplicate`: its id was displayed before; `stray`: so
 * far behind that it is not known whether it was.
 */
export type Arrival = "new" | "late" | "duplicate" | "stray";

/** Follows the frame ids of the measured run. */
export type Loss = {
  readonly add: (frame: RunFrame) => { readonly arrival: Arrival; readonly events: readonly StreamEvent[] };
  /** A frame was displayed whose marker was not read. */
  readonly addUnread: () => void;
  /** The sender began again: its ids too. What was counted stands. */
  readonly startRun: () => readonly StreamEvent[];
  /** Loss events of gaps that are a second old and will hardly fill any more. */
  readonly settle: (nowUs: ReceiverUs) => readonly StreamEvent[];
  readonly read: () => LossReading;
};

/** How long a gap may still be filled by late frames before it becomes a loss event, ms. The counts need no such wait. */
export const settleAfterMs = 1000;
/** Frames far behind in a row after which the ids are taken to have begun again. */
const restartAfterCount = 5;

/** Ids of one stretch without a restart. */
type Range = { readonly firstId: number; readonly lastId: number };

/** Everything the measure remembers; the counts go over all stretches. */
type Tally = {
  readonly seen: IdWindow;
  readonly gaps: Gaps;
  range: Range | null;
  /** Unread frames since the last frame that was new. */
  pendingCount: number;
  strayCount: number;
  sentCount: number;
  missingCount: number;
  /** Unread frames that most likely were missing ids. */
  unreadCount: number;
  duplicateCount: number;
  outOfOrderCount: number;
};

function begin(tally: Tally, frameId: number): Arrival {
  tally.range = { firstId: frameId, lastId: frameId };
  tally.pendingCount = 0;
  tally.strayCount = 0;
  tally.sentCount += 1;
  tally.seen.clear();
  tally.seen.mark(frameId);
  return "new";
}

function forward(tally: Tally, frame: RunFrame, held: Range): Arrival {
  const skippedCount = frame.frameId - held.lastId - 1;
  const unreadCount = Math.min(skippedCount, tally.pendingCount);
  tally.sentCount += skippedCount + 1;
  tally.missingCount += skippedCount;
  tally.unreadCount += unreadCount;
  tally.duplicateCount += tally.pendingCount - unreadCount;
  tally.pendingCount = 0;
  tally.strayCount = 0;
  tally.seen.advance(held.lastId, frame.frameId);
  tally.seen.mark(frame.frameId);
  tally.range = { firstId: held.firstId, lastId: frame.frameId };
  if (skippedCount > 0) {
    const gap = { firstId: held.lastId + 1, lastId: frame.frameId - 1, unreadCount };
    tally.gaps.add({ atUs: frame.displayTimeUs, ...gap });
  }
  return "new";
}

function behind(tally: Tally, frameId: number, held: Range): Arrival {
  if (held.lastId - frameId >= idWindowSize) {
    tally.outOfOrderCount += 1;
    tally.strayCount += 1;
    return "stray";
  }
  tally.strayCount = 0;
  if (tally.seen.has(frameId)) {
    tally.duplicateCount += 1;
    return "duplicate";
  }
  tally.seen.mark(frameId);
  tally.outOfOrderCount += 1;
  if (frameId > held.firstId) {
    tally.missingCount -= 1;
  } else {
    tally.sentCount += held.firstId - frameId;
    tally.missingCount += held.firstId - frameId - 1;
    tally.range = { firstId: frameId, lastId: held.lastId };
  }
  return "late";
}

function arrivalOf(tally: Tally, frame: RunFrame): Arrival {
  const held = tally.range;
  if (held === null) return begin(tally, frame.frameId);
  if (frame.frameId > held.lastId) return forward(tally, frame, held);
  return behind(tally, frame.frameId, held);
}

function readTally(tally: Tally): LossReading {
  if (tally.sentCount === 0) {
    const why = missing("no marker has been read yet");
    return {
      sentCount: why,
      displayedCount: why,
      lostCount: why,
      lossRatio: why,
      duplicateCount: why,
      outOfOrderCount: why,
    };
  }
  // Late frames may have filled gaps that unread frames were thought to stand in.
  const unreadCount = Math.min(tally.unreadCount, tally.missingCount);
  const lostCount = tally.missingCount - unreadCount;
  return {
    sentCount: measured(tally.sentCount),
    displayedCount: measured(tally.sentCount - lostCount, unreadCount),
    lostCount: measured(lostCount, unreadCount),
    lossRatio: measured(lostCount / tally.sentCount, unreadCount / tally.sentCount),
    duplicateCount: measured(tally.duplicateCount, unreadCount),
    outOfOrderCount: measured(tally.outOfOrderCount),
  };
}

function createTally(): Tally {
  const seen = createIdWindow();
  return {
    seen,
    gaps: createGaps(seen),
    range: null,
    pendingCount: 0,
    strayCount: 0,
    sentCount: 0,
    missingCount: 0,
    unreadCount: 0,
    duplicateCount: 0,
    outOfOrderCount: 0,
  };
}

/**
 * Makes a loss measure that has seen no frame.
 *
 * Sent: the ids from the first to the last seen. Lost: those of them never displayed; a late one is lost no more if it
 * is among the last 4096 ids. An unread frame is taken to stand in its place in order: it fills a missing id if the gap
 * around it has one, else it repeats a picture. The first may be wrong, so it adds one to the bound.
 */
export function createLoss(): Loss {
  const tally = createTally();

  function settle(untilUs: number): readonly StreamEvent[] {
    return tally.range === null ? [] : tally.gaps.settle(untilUs, tally.range.lastId);
  }

  function startRun(): readonly StreamEvent[] {
    const events = settle(Infinity);
    tally.range = null;
    return events;
  }

  return {
    add: (frame) => {
      const settled = settle(frame.displayTimeUs - settleAfterMs * 1000);
      const cut = tally.strayCount >= restartAfterCount ? startRun() : [];
      const afterFrameId = tally.range?.lastId ?? frame.frameId;
      const arrival = arrivalOf(tally, frame);
      const disorder: readonly StreamEvent[] =
        arrival === "late" || arrival === "stray"
          ? [{ kind: "disorder", atUs: frame.displayTimeUs, frameId: frame.frameId, afterFrameId }]
          : [];
      return { arrival, events: [...settled, ...cut, ...disorder] };
    },
    addUnread: () => {
      if (tally.range !== null) tally.pendingCount += 1;
    },
    startRun,
    settle: (nowUs) => settle(nowUs - settleAfterMs * 1000),
    read: () => readTally(tally),
  };
}
