import { epochUsOf, toPageMs, toReceiverUs, type PageMs } from "../../core/clock/instants.ts";
import type { MarkerReading, Observation, UnreadReason } from "../../core/timeline/observation.ts";
import { chooseShown, createRoomFinder, createRunningMedian, spreadInto } from "./infer.ts";

/** One requestVideoFrameCallback. */
export type DisplayReport = {
  /** Names the frame as the reader names it. */
  readonly frameKey: number;
  /** `expectedDisplayTime`. */
  readonly displayedAtMs: PageMs;
  /** `presentedFrames`: rises by more than one where callbacks were coalesced. */
  readonly presentedCount: number;
  readonly presentationTimeUs: number;
  readonly widthPx: number;
  readonly heightPx: number;
  /** Why no reading of this frame will come; null where one is to be waited for. */
  readonly unreadWhy: UnreadReason | null;
};

/** One frame as the reader had it. Frames come in the order of the stream. */
export type TakenFrame = {
  readonly frameKey: number;
  readonly arrivedAtMs: PageMs;
  /** Whether frames before it can have been dropped: it lay ready when it was asked for. */
  readonly wasQueued: boolean;
  readonly presentationTimeUs: number;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly reading: MarkerReading;
  readonly readMs: number;
};

/** Brings readings and display times together. Each call returns the observations that it settles, in display order. */
export type Matcher = {
  readonly report: (report: DisplayReport) => readonly Observation[];
  readonly take: (frame: TakenFrame) => readonly Observation[];
  /**
   * Display was interrupted (another track, a hidden page, a pause, a worker lost): settles what was displayed, forgets frames not
   * reported, and infers nothing across.
   */
  readonly cut: () => readonly Observation[];
};

/** What a matcher is made of. */
export type MatcherOptions = {
  /** `performance.timeOrigin` of the page. */
  readonly timeOriginMs: number;
  /** What is wrong with a displayed frame that the reader never had. */
  readonly missingWhy: UnreadReason;
};

/** Longest wait for the reading of a displayed frame, ms of display. */
const patienceMs = 1000;
/** Frames kept while no callback comes: eight seconds at 60 a second. */
const takenLimit = 480;
/** Arrival-to-display gaps that the inferred display times rest on. */
const gapCount = 31;

/** A displayed frame with its reading, before it is anchored to the epoch. */
type Shown = {
  readonly displayedAtMs: number;
  readonly source: Observation["displayTimeSource"];
  readonly frame: Omit<TakenFrame, "frameKey" | "arrivedAtMs" | "wasQueued">;
};

function missingFrame(report: DisplayReport, why: UnreadReason): Shown["frame"] {
  const { presentationTimeUs, widthPx, heightPx } = report;
  return { presentationTimeUs, widthPx, heightPx, reading: { read: false, why }, readMs: 0 };
}

function toObservation({ displayedAtMs, source, frame }: Shown, timeOriginMs: number): Observation {
  const { presentationTimeUs, widthPx, heightPx, reading, readMs } = frame;
  return {
    displayTimeUs: toReceiverUs(epochUsOf(toPageMs(displayedAtMs), timeOriginMs)),
    displayTimeSource: source,
    reading,
    presentationTimeUs,
    widthPx,
    heightPx,
    readMs,
  };
}

/** A stretch between two reports in a row. */
type Stretch = {
  readonly from: DisplayReport;
  readonly to: DisplayReport;
  /** Frames taken between the two. */
  readonly between: readonly TakenFrame[];
  /** When the frame of `to` was taken; infinity where it was not. */
  readonly nextArrivalMs: number;
  readonly gapMs: number;
  /** Frames that can have gone missing in between; see `RoomFinder`. */
  readonly roomCount: number;
};

/** Frames shown in a stretch for which no callback came, in display order. */
function inferShown(stretch: Stretch, missingWhy: UnreadReason): readonly Shown[] {
  const { from, to, between } = stretch;
  const shownCount = to.presentedCount - from.presentedCount - 1;
  const arrivals = between.map((frame) => frame.arrivedAtMs);
  let earliestMs: number = from.displayedAtMs;
  const shown: Shown[] = [];
  for (const index of chooseShown(arrivals, stretch.nextArrivalMs, shownCount)) {
    const frame = between[index];
    if (frame === undefined) continue;
    earliestMs = Math.min(Math.max(frame.arrivedAtMs + stretch.gapMs, earliestMs), to.displayedAtMs);
    shown.push({ displayedAtMs: earliestMs, source: "inferred", frame });
  }
  const known = shown.map(({ displayedAtMs }) => displayedAtMs);
  const missingCount = Math.min(Math.max(0, shownCount - shown.length), stretch.roomCount);
  for (const displayedAtMs of spreadInto(known, from.displayedAtMs, to.displayedAtMs, missingCount)) {
    shown.push({ displayedAtMs, source: "inferred", frame: missingFrame(to, missingWhy) });
  }
  return shown.toSorted((one, other) => one.displayedAtMs - other.displayedAtMs);
}

/** What waits to be brought together: callbacks without their reading, readings without their callback. */
type Waiting = { readonly reports: readonly DisplayReport[]; readonly taken: readonly TakenFrame[] };

function indexOf(report: DisplayReport, taken: readonly TakenFrame[]): number {
  return taken.findIndex((frame) => frame.frameKey === report.frameKey);
}

/** How many of the frames taken come before the report's own; where that is missing, as far as can be told by arrival. */
function countBefore(report: DisplayReport, index: number, { reports, taken }: Waiting): number {
  if (index >= 0) return index;
  const later = taken.findIndex(
    ({ arrivedAtMs, frameKey }) =>
      arrivedAtMs >= report.displayedAtMs || reports.some((other) => other.frameKey === frameKey),
  );
  return later < 0 ? taken.length : later;
}

/** Frames come in order: once a later displayed frame is here, an earlier one will not come any more. */
function isHopeless(report: DisplayReport, { reports, taken }: Waiting): boolean {
  const newest = reports.at(-1) ?? report;
  return (
    report.unreadWhy !== null ||
    newest.displayedAtMs - report.displayedAtMs > patienceMs ||
    reports.some((later) => indexOf(later, taken) >= 0)
  );
}

/** Callbacks come in display order, but the time expected for one may fall a refresh before that of the one before it. */
function notBefore(report: DisplayReport, before: DisplayReport | null): DisplayReport {
  if (before === null || report.displayedAtMs >= before.displayedAtMs) return report;
  return { ...report, displayedAtMs: before.displayedAtMs };
}

/** Makes a matcher. Pure: time comes only with reports and frames. */
export function createMatcher(options: MatcherOptions): Matcher {
  const gaps = createRunningMedian(gapCount);
  const rooms = createRoomFinder(gapCount);
  const reports: DisplayReport[] = [];
  let taken: TakenFrame[] = [];
  let last: DisplayReport | null = null;
  /** Settles the oldest report with its frame, or without one where `index` is negative. */
  function settleWith(report: DisplayReport, index: number): readonly Observation[] {
    const frame = taken[index] ?? null;
    const between = taken.splice(0, countBefore(report, index, { reports, taken }));
    if (frame !== null) taken.shift();
    const shown: Shown[] = [];
    const roomCount = rooms.roomBefore(between, frame);
    if (last !== null) {
      const nextArrivalMs = frame?.arrivedAtMs ?? Infinity;
      const gapMs = gaps.read() ?? 0;
      const stretch = { from: last, to: report, between, nextArrivalMs, gapMs, roomCount };
      shown.push(...inferShown(stretch, options.missingWhy));
    }
    if (frame !== null) gaps.add(report.displayedAtMs - frame.arrivedAtMs);
    shown.push({
      displayedAtMs: report.displayedAtMs,
      source: "reported",
      frame: frame ?? missingFrame(report, report.unreadWhy ?? options.missingWhy),
    });
    reports.shift();
    last = report;
    return shown.map((one) => toObservation(one, options.timeOriginMs));
  }

  function settle(): readonly Observation[] {
    const settled: Observation[] = [];
    for (let report = reports[0]; report !== undefined; report = reports[0]) {
      const index = indexOf(report, taken);
      if (index < 0 && !isHopeless(report, { reports, taken })) break;
      settled.push(...settleWith(report, index));
    }
    return settled;
  }

  function cut(): readonly Observation[] {
    const settled = reports.slice().flatMap((report) => settleWith(report, indexOf(report, taken)));
    taken = [];
    last = null;
    rooms.cut();
    return settled;
  }

  return {
    report: (report) => {
      const before = reports.at(-1) ?? last;
      if (before?.frameKey === report.frameKey) return [];
      reports.push(notBefore(report, before));
      return settle();
    },
    take: (frame) => {
      if (taken.at(-1)?.frameKey === frame.frameKey) return [];
      taken.push(frame);
      if (taken.length > takenLimit) taken.shift();
      return settle();
    },
    cut,
  };
}
