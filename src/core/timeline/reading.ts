import type { ReceiverUs } from "../clock/instants.ts";
import { measured, missing, type Measured } from "../measured.ts";
import type { StreamEvent } from "./event.ts";
import { createHistogram } from "./histogram.ts";
import type { Observation, UnreadReason } from "./observation.ts";

/** How well the instrument itself reads. */
export type ReadingHealth = {
  readonly readRatio: Measured;
  readonly displayedCount: number;
  readonly readCount: number;
  readonly unreadCounts: Readonly<Record<UnreadReason, number>>;
  readonly readMsMedian: Measured;
};

/** Counts the displayed frames whose marker was read, and why the others were not. */
export type Reading = {
  /** Takes in any displayed frame; gives an event when it ends a stretch of unread ones. */
  readonly add: (observation: Observation) => StreamEvent | null;
  readonly read: () => ReadingHealth;
};

/** Shorter unread stretches are counted, but are no event. */
export const unreadEventCount = 5;

const noneUnread: Readonly<Record<UnreadReason, number>> = {
  absent: 0,
  broken: 0,
  foreign: 0,
  busy: 0,
  unavailable: 0,
};

const wordsFor: Readonly<Record<UnreadReason, string>> = {
  absent: "no marker was found in the picture",
  broken: "the marker's check digits did not agree",
  foreign: "the picture held a QR code that is not a marker",
  busy: "the reader was still at an earlier frame",
  unavailable: "the browser gave no pixels",
};

type Stretch = {
  readonly fromUs: ReceiverUs;
  readonly count: number;
  readonly reasons: Readonly<Record<UnreadReason, number>>;
};

function extend(stretch: Stretch | null, why: UnreadReason, atUs: ReceiverUs): Stretch {
  const { fromUs, count, reasons } = stretch ?? { fromUs: atUs, count: 0, reasons: noneUnread };
  return { fromUs, count: count + 1, reasons: { ...reasons, [why]: reasons[why] + 1 } };
}

/** The commonest reason, in words. */
function mainReason(reasons: Readonly<Record<UnreadReason, number>>): string {
  let main: UnreadReason = "absent";
  for (const why of ["broken", "foreign", "busy", "unavailable"] as const) {
    if (reasons[why] > reasons[main]) main = why;
  }
  return wordsFor[main];
}

function eventOf(stretch: Stretch, untilUs: ReceiverUs): StreamEvent | null {
  if (stretch.count < unreadEventCount) return null;
  return {
    kind: "unread",
    atUs: stretch.fromUs,
    count: stretch.count,
    why: mainReason(stretch.reasons),
    durationMs: (untilUs - stretch.fromUs) / 1000,
  };
}

/** Makes a reading measure that has seen no frame. */
export function createReading(): Reading {
  const costs = createHistogram();
  const unreadCounts = { ...noneUnread };
  let displayedCount = 0;
  let readCount = 0;
  let stretch: Stretch | null = null;

  return {
    add: ({ reading, displayTimeUs, readMs }) => {
      displayedCount += 1;
      if (readMs > 0) costs.add(readMs);
      if (!reading.read) {
        unreadCounts[reading.why] += 1;
        stretch = extend(stretch, reading.why, displayTimeUs);
        return null;
      }
      readCount += 1;
      const ended = stretch;
      stretch = null;
      return ended === null ? null : eventOf(ended, displayTimeUs);
    },
    read: () => {
      const median = costs.quantiles([0.5])?.[0];
      return {
        readRatio:
          displayedCount === 0
            ? missing("no frame has been displayed yet")
            : measured(readCount / displayedCount),
        displayedCount,
        readCount,
        unreadCounts: { ...unreadCounts },
        readMsMedian: median
          ? measured(median.valueMs, median.boundMs)
          : missing("no marker has been looked for yet"),
      };
    },
  };
}
