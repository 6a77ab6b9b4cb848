/** Where a frame stands. */
export type GridPlace = {
  /** 0 for the first frame; strictly growing. */
  readonly slot: number;
  /** The first frame at or after a place where a key frame stands. */
  readonly isKey: boolean;
};

/** Places frames on a grid of a fixed rate, and says which are to be key frames. */
export type Grid = {
  /** @param timestampUs the frame's own media time, any zero */
  readonly place: (timestampUs: number) => GridPlace;
  /** Places that no frame filled up to the last one. */
  readonly missingCount: () => number;
  /** The frame placed last was not encoded: its key frame, if it was one, falls to the next. */
  readonly giveBack: () => void;
};

/** Makes a grid that begins with its first frame. */
export function createGrid(fps: number, framesPerKey: number): Grid {
  let firstUs: number | null = null;
  let lastSlot = -1;
  let filledCount = 0;
  let keyedGroup = -1;
  let keyedGroupBefore = -1;
  return {
    place: (timestampUs) => {
      firstUs ??= timestampUs;
      const slot = Math.max(lastSlot + 1, Math.round(((timestampUs - firstUs) * fps) / 1_000_000));
      const group = Math.floor(slot / framesPerKey);
      const isKey = group > keyedGroup;
      keyedGroupBefore = keyedGroup;
      if (isKey) keyedGroup = group;
      lastSlot = slot;
      filledCount += 1;
      return { slot, isKey };
    },
    missingCount: () => lastSlot + 1 - filledCount,
    giveBack: () => {
      keyedGroup = keyedGroupBefore;
      filledCount -= 1;
    },
  };
}
