import type { ReceiverUs } from "../clock/instants.ts";
import { createSeries, type Bucket, type Series } from "./series.ts";

/** Lengths of history a chart can ask for, minutes. */
export type HistoryWindow = 1 | 5 | 30;

/** Latency in one stretch of history. All figures null: no frame was measured for longer than the gap rule, so the line breaks. */
export type LatencyPoint = {
  /** Seconds before now, negative or 0: middle of the stretch. */
  readonly tS: number;
  readonly minMs: number | null;
  readonly maxMs: number | null;
  readonly meanMs: number | null;
  /** Greatest bound of any latency in the stretch, ms. */
  readonly boundMs: number | null;
};

/** Rates in one stretch of history; null where a rate was not known, 0 only where nothing came. */
export type RatePoint = {
  /** Seconds before now, negative or 0: middle of the stretch. */
  readonly tS: number;
  readonly displayedMinFps: number | null;
  readonly displayedMaxFps: number | null;
  readonly displayedMeanFps: number | null;
  readonly receivedFps: number | null;
  readonly bitrateKbps: number | null;
};

/** The last minutes, decimated by minimum and maximum, oldest first: at most 300 points each, whatever the frame rate. */
export type HistoryView = {
  readonly windowMin: HistoryWindow;
  /** Length of a stretch, s. */
  readonly bucketS: number;
  readonly latency: readonly LatencyPoint[];
  readonly rates: readonly RatePoint[];
};

/** Keeps the last 30 minutes in constant memory. */
export type History = {
  readonly addLatency: (atUs: number, valueMs: number, boundMs: number) => void;
  readonly addDisplayedFps: (atUs: number, fps: number) => void;
  readonly addReceivedFps: (fromUs: number, untilUs: number, fps: number) => void;
  readonly addBitrateKbps: (fromUs: number, untilUs: number, kbps: number) => void;
  readonly read: (windowMin: HistoryWindow, nowUs: ReceiverUs) => HistoryView;
};

/** A stretch without any frame breaks the line when it is longer than this, ms: at one frame a second it need not. */
const gapMs = 1250;

const windows: readonly { readonly windowMin: HistoryWindow; readonly bucketMs: number }[] = [
  { windowMin: 1, bucketMs: 250 },
  { windowMin: 5, bucketMs: 1000 },
  { windowMin: 30, bucketMs: 6000 },
];

type Level = {
  readonly windowMin: HistoryWindow;
  readonly bucketMs: number;
  readonly bucketCount: number;
  readonly latency: Series;
  readonly bound: Series;
  readonly displayed: Series;
  readonly received: Series;
  readonly bitrate: Series;
};

function createLevel(windowMin: HistoryWindow, bucketMs: number): Level {
  const bucketCount = (windowMin * 60_000) / bucketMs;
  const series = (): Series => createSeries(bucketMs * 1000, bucketCount);
  return {
    windowMin,
    bucketMs,
    bucketCount,
    latency: series(),
    bound: series(),
    displayed: series(),
    received: series(),
    bitrate: series(),
  };
}

function latencyPoint(level: Level, bucketId: number, tS: number): LatencyPoint | null {
  const latency = level.latency.at(bucketId);
  if (latency === null) return null;
  const boundMs = level.bound.at(bucketId)?.max ?? null;
  return { tS, minMs: latency.min, maxMs: latency.max, meanMs: latency.mean, boundMs };
}

function displayedOf(
  bucket: Bucket | null,
): Pick<RatePoint, "displayedMinFps" | "displayedMaxFps" | "displayedMeanFps"> {
  if (bucket === null) return { displayedMinFps: null, displayedMaxFps: null, displayedMeanFps: null };
  return { displayedMinFps: bucket.min, displayedMaxFps: bucket.max, displayedMeanFps: bucket.mean };
}

function ratePoint(level: Level, bucketId: number, tS: number): RatePoint | null {
  const displayed = level.displayed.at(bucketId);
  const received = level.received.at(bucketId);
  const bitrate = level.bitrate.at(bucketId);
  if (displayed === null && received === null && bitrate === null) return null;
  return {
    tS,
    ...displayedOf(displayed),
    receivedFps: received?.mean ?? null,
    bitrateKbps: bitrate?.mean ?? null,
  };
}

function latencyBreak(tS: number): LatencyPoint {
  return { tS, minMs: null, maxMs: null, meanMs: null, boundMs: null };
}

function rateBreak(tS: number): RatePoint {
  return { tS, ...displayedOf(null), receivedFps: null, bitrateKbps: null };
}

/** Points of the stretches that hold something, with one empty point in every gap that is long enough to show. */
function pointsOf<Point>(
  level: Level,
  nowUs: number,
  pointAt: (level: Level, bucketId: number, tS: number) => Point | null,
  breakAt: (tS: number) => Point,
): readonly Point[] {
  const bucketUs = level.bucketMs * 1000;
  const lastId = Math.floor(nowUs / bucketUs);
  const points: Point[] = [];
  let emptyCount = 0;
  for (let bucketId = lastId - level.bucketCount + 1; bucketId <= lastId; bucketId += 1) {
    const tS = Math.min(0, ((bucketId + 0.5) * bucketUs - nowUs) / 1e6);
    const point = pointAt(level, bucketId, tS);
    if (point === null) {
      emptyCount += 1;
      continue;
    }
    const isGap = points.length > 0 && emptyCount * level.bucketMs > gapMs;
    if (isGap) points.push(breakAt(tS - level.bucketMs / 1000));
    emptyCount = 0;
    points.push(point);
  }
  return points;
}

/** Makes an empty history. */
export function createHistory(): History {
  const levels = windows.map(({ windowMin, bucketMs }) => createLevel(windowMin, bucketMs));
  return {
    addLatency: (atUs, valueMs, boundMs) => {
      for (const level of levels) {
        level.latency.add(atUs, valueMs);
        level.bound.add(atUs, boundMs);
      }
    },
    addDisplayedFps: (atUs, fps) => {
      for (const level of levels) level.displayed.add(atUs, fps);
    },
    addReceivedFps: (fromUs, untilUs, fps) => {
      for (const level of levels) level.received.addSpan(fromUs, untilUs, fps);
    },
    addBitrateKbps: (fromUs, untilUs, kbps) => {
      for (const level of levels) level.bitrate.addSpan(fromUs, untilUs, kbps);
    },
    read: (windowMin, nowUs) => {
      const level = levels.find((candidate) => candidate.windowMin === windowMin);
      if (level === undefined) throw new RangeError(`no history of ${windowMin} minutes is kept`);
      return {
        windowMin,
        bucketS: level.bucketMs / 1000,
        latency: pointsOf(level, nowUs, latencyPoint, latencyBreak),
        rates: pointsOf(level, nowUs, ratePoint, rateBreak),
      };
    },
  };
}
