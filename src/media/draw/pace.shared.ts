/** How well the pictures keep their pace, since start. */
export type PaceReport = {
  readonly madeCount: number;
  /** Handed over later than half a frame interval after they were due. */
  readonly lateCount: number;
  /** Due but never made, because the machine was too busy for more than a frame. */
  readonly skippedCount: number;
  /** Made during the last second. */
  readonly madeFps: number;
};

/** When a frame is due. */
export type Slot = {
  /** Counts intervals since the start; skipped ones too. */
  readonly index: number;
  /** Same clock as `startMs`. */
  readonly dueMs: number;
};

/** Decides when frames are due and counts how well that is kept. Has no clock of its own. */
export type Pacer = {
  /** The slot to make next. Slots that are past by more than a whole interval are skipped and counted. */
  readonly next: (nowMs: number) => Slot;
  /** A slot's frame was handed over. */
  readonly made: (slot: Slot, nowMs: number) => void;
  readonly report: (nowMs: number) => PaceReport;
};

/**
 * Makes a pacer whose slot 0 is due at `startMs`. Due times are counted from the start, never from the frame before, so that
 * lateness does not add up.
 */
export function createPacer(fps: number, startMs: number): Pacer {
  const intervalMs = 1000 / fps;
  let nextIndex = 0;
  let madeCount = 0;
  let lateCount = 0;
  let skippedCount = 0;
  let recentMs: readonly number[] = [];
  const within = (nowMs: number): readonly number[] => recentMs.filter((atMs) => atMs > nowMs - 1000);
  return {
    next: (nowMs) => {
      const behindCount = Math.floor((nowMs - startMs) / intervalMs) - nextIndex;
      if (behindCount > 1) {
        skippedCount += behindCount - 1;
        nextIndex += behindCount - 1;
      }
      const slot = { index: nextIndex, dueMs: startMs + nextIndex * intervalMs };
      nextIndex += 1;
      return slot;
    },
    made: (slot, nowMs) => {
      madeCount += 1;
      if (nowMs - slot.dueMs > intervalMs / 2) lateCount += 1;
      recentMs = [...within(nowMs), nowMs];
    },
    report: (nowMs) => ({ madeCount, lateCount, skippedCount, madeFps: within(nowMs).length }),
  };
}
