import type { ReceiverUs } from "../clock/instants.ts";
import type { StreamEvent } from "./event.ts";
import { idWindowSize, type IdWindow } from "./id-window.ts";

/** Ids that were skipped when a later one was displayed. */
export type Gap = {
  /** Display time of the frame after the gap. */
  readonly atUs: ReceiverUs;
  readonly firstId: number;
  readonly lastId: number;
  /** Unread frames displayed in the gap: as many of its ids were most likely displayed. */
  readonly unreadCount: number;
};

/** Gaps that late frames may still fill; what is left of each becomes one loss event. */
export type Gaps = {
  readonly add: (gap: Gap) => void;
  /** Events of the gaps noticed before `untilUs`, and of the oldest if too many wait. `highestId`: the highest seen. */
  readonly settle: (untilUs: number, highestId: number) => readonly StreamEvent[];
};

/** Gaps that wait to settle; when more do, the oldest settle early. */
const maxGapCount = 64;

/** Missing ids of a gap; those that the window forgot (`highestId` is too far ahead) were not displayed in time. */
function eventOf(gap: Gap, seen: IdWindow, highestId: number): readonly StreamEvent[] {
  const rememberedId = Math.max(gap.firstId, highestId - idWindowSize + 1);
  const forgottenCount = Math.min(rememberedId, gap.lastId + 1) - gap.firstId;
  let missingCount = forgottenCount;
  let firstFrameId = gap.firstId;
  for (let id = rememberedId; id <= gap.lastId; id += 1) {
    if (seen.has(id)) continue;
    if (missingCount === 0) firstFrameId = id;
    missingCount += 1;
  }
  const count = missingCount - gap.unreadCount;
  return count <= 0 ? [] : [{ kind: "loss", atUs: gap.atUs, count, firstFrameId }];
}

/** Makes an empty list of gaps over the window that knows which ids came late. */
export function createGaps(seen: IdWindow): Gaps {
  const gaps: Gap[] = [];
  return {
    add: (gap) => {
      gaps.push(gap);
    },
    settle: (untilUs, highestId) => {
      const events: StreamEvent[] = [];
      for (let gap = gaps[0]; gap !== undefined; gap = gaps[0]) {
        if (gap.atUs > untilUs && gaps.length <= maxGapCount) break;
        gaps.shift();
        events.push(...eventOf(gap, seen, highestId));
      }
      return events;
    },
  };
}
