import { offsetMsAt, type ClockOffset } from "../clock/offset.ts";

/** Remembers which offset held when, so that a frame of an hour ago is not measured with today's. */
export type OffsetLog = {
  /** Takes in offsets in order of time. Tells how far one of the clocks jumped, ms, when it contradicts what was known; else null. */
  readonly add: (offset: ClockOffset) => number | null;
  /** The offset known nearest to an instant (receiver's epoch us), on the same side of any clock jump; null while empty. */
  readonly at: (receiverUs: number) => ClockOffset | null;
};

type Entry = {
  readonly offset: ClockOffset;
  /** Contradicts the one before: a clock jumped between the two. */
  readonly isStep: boolean;
};

const maxEntryCount = 1024;

/** How far the offset jumped, ms; null when the two can both be true. */
function stepMsBetween(before: ClockOffset, offset: ClockOffset): number | null {
  const carried = offsetMsAt(before, offset.atUs);
  if (!carried.known) return null;
  const stepMs = offset.offsetMs - carried.value;
  return Math.abs(stepMs) > carried.bound + offset.boundMs ? stepMs : null;
}

/** Index of the last entry at or before an instant; 0 when all are later. */
function indexAt(entries: readonly Entry[], receiverUs: number): number {
  let low = 0;
  let high = entries.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    const entry = entries[middle];
    if (entry !== undefined && entry.offset.atUs <= receiverUs) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Makes an empty log: at most 1024 entries, a second apart at first, further apart the longer it runs. */
export function createOffsetLog(): OffsetLog {
  let entries: Entry[] = [];
  let spacingUs = 1_000_000;

  function thin(): void {
    entries = entries.filter((entry, index) => entry.isStep || index % 2 === 0).slice(-maxEntryCount / 2 - 1);
    spacingUs *= 2;
  }

  return {
    add: (offset) => {
      const last = entries.at(-1);
      const stepMs = last === undefined ? null : stepMsBetween(last.offset, offset);
      const isStep = stepMs !== null;
      const beforeLast = entries.at(-2);
      const replaces =
        !isStep &&
        last !== undefined &&
        !last.isStep &&
        beforeLast !== undefined &&
        last.offset.atUs - beforeLast.offset.atUs < spacingUs;
      if (replaces) entries.pop();
      entries.push({ offset, isStep });
      if (entries.length > maxEntryCount) thin();
      return stepMs;
    },
    at: (receiverUs) => {
      const index = indexAt(entries, receiverUs);
      const before = entries[index];
      const after = entries[index + 1];
      if (before === undefined) return null;
      if (after === undefined || after.isStep) return before.offset;
      const isNearer = after.offset.atUs - receiverUs < receiverUs - before.offset.atUs;
      return isNearer ? after.offset : before.offset;
    },
  };
}
