import type { ClipFacts } from "../clip/clip.ts";
import { measured, missing, type Measured } from "../measured.ts";
import type { HistoryWindow } from "../timeline/history.ts";
import { createSeries, type Series } from "../timeline/series.ts";
import type { GuardReading } from "./latency-guard.ts";

/** One displayed frame against its reference. */
export type ScoredFrame = {
  readonly runNumber: number;
  readonly frameId: number;
  /** Receiver's epoch clock. */
  readonly displayedAtUs: number;
  /** Which map made `vmaf` and `vmafNeg`: the label of its `ScoreMapInfo`. */
  readonly map: string;
  readonly vmaf: number;
  readonly vmafNeg: number;
  readonly psnrYDb: number;
  readonly ssim: number;
};

/** What is measured of each scored frame. */
export type QualityName = "vmaf" | "vmafNeg" | "psnrYDb" | "ssim";

/** One measure over all scored frames. */
export type QualityFigure = {
  /** Of the newest scored frame. */
  readonly now: Measured;
  /** Over all; the bound is that of one frame and, for frames are sampled, 1.96 standard errors. */
  readonly mean: Measured;
  readonly min: Measured;
  /** 5 % of the scored frames are below, to a hundredth of the measure's range. */
  readonly p5: Measured;
};

/** Live quality as it stands. */
export type QualityReading = Readonly<Record<QualityName, QualityFigure>> & {
  readonly scoredCount: number;
  /** Part of the displayed frames that was scored, 0..1. */
  readonly scoredRatio: Measured;
  /** Part of one core that scoring took lately, for all streams of the page. */
  readonly coreRatio: Measured;
  /** What one frame costs now, ms of one core: painting its reference, scaling, scoring. */
  readonly scoreMs: Measured;
  /** How pictures of another size are brought to the reference's; null where none was. */
  readonly scaledBy: string | null;
  /** Which map makes scores. */
  readonly map: string;
  /** How scoring gives way to the latency of the streams of the page. */
  readonly guard: GuardReading | { readonly state: "off" };
};

/** Live quality, or why there is none, in the user's words. */
export type LiveReading =
  | { readonly state: "scoring"; readonly quality: QualityReading }
  | {
      readonly state: "none";
      readonly why: string;
      /** The file that scoring waits for. */
      readonly wants?: ClipFacts;
    };

/** A measure in one stretch of time; figures are null in a gap. */
export type QualityPoint = {
  /** Seconds before now: middle of the stretch. */
  readonly tS: number;
  readonly low: number | null;
  readonly mean: number | null;
  readonly high: number | null;
};

/** Live quality over time, of one window. */
export type QualityHistory = Readonly<Record<QualityName, readonly QualityPoint[]>>;

/** Keeps live quality in constant memory. */
export type LiveQuality = {
  readonly add: (frame: ScoredFrame) => void;
  readonly addDisplayed: () => void;
  readonly read: () => Pick<QualityReading, QualityName | "scoredCount" | "scoredRatio">;
  readonly history: (windowMin: HistoryWindow, nowUs: number) => QualityHistory;
  /** The newest scored frames, oldest first; 20 minutes at 4 a second. */
  readonly frames: () => readonly ScoredFrame[];
  readonly reset: () => void;
};

/** Each measure's name, range, and how far one frame may be off against libvmaf (README of this folder). */
const measures: Readonly<
  Record<QualityName, { readonly low: number; readonly high: number; readonly bound: number }>
> = {
  vmaf: { low: 0, high: 100, bound: 0.05 },
  vmafNeg: { low: 0, high: 100, bound: 0.05 },
  psnrYDb: { low: 0, high: 60, bound: 0.01 },
  ssim: { low: 0, high: 1, bound: 0.001 },
};
/** All measures. */
export const qualityNames: readonly QualityName[] = ["vmaf", "vmafNeg", "psnrYDb", "ssim"];

const binCount = 1000;
const keptFrames = 4800;
const noneYet = "no frame has been scored yet";
/** Sampled frames are seconds apart where a core is slow: only a longer pause breaks the line, s. */
const gapS = 8;
const windows: readonly { readonly windowMin: HistoryWindow; readonly bucketS: number }[] = [
  { windowMin: 1, bucketS: 0.5 },
  { windowMin: 5, bucketS: 2 },
  { windowMin: 30, bucketS: 10 },
];

type Tally = {
  count: number;
  last: number;
  sum: number;
  squares: number;
  min: number;
  readonly bins: Uint32Array;
  readonly levels: readonly Series[];
};

function createTally(): Tally {
  return {
    count: 0,
    last: 0,
    sum: 0,
    squares: 0,
    min: Infinity,
    bins: new Uint32Array(binCount + 1),
    levels: windows.map(({ windowMin, bucketS }) => createSeries(bucketS * 1e6, (windowMin * 60) / bucketS)),
  };
}

function addTo(tally: Tally, name: QualityName, value: number, atUs: number): void {
  const { low, high } = measures[name];
  const bin = Math.round(((Math.min(Math.max(value, low), high) - low) / (high - low)) * binCount);
  tally.count += 1;
  tally.last = value;
  tally.sum += value;
  tally.squares += value * value;
  tally.min = Math.min(tally.min, value);
  tally.bins[bin] = (tally.bins[bin] ?? 0) + 1;
  for (const level of tally.levels) level.add(atUs, value);
}

function figureOf({ count, last, sum, squares, min, bins }: Tally, name: QualityName): QualityFigure {
  if (count === 0) {
    const none = missing(noneYet);
    return { now: none, mean: none, min: none, p5: none };
  }
  const { low, high, bound } = measures[name];
  const mean = sum / count;
  const variance = Math.max(0, squares / count - mean * mean);
  let below = 0;
  const bin = bins.findIndex((binned) => (below += binned) >= count * 0.05);
  const step = (high - low) / binCount;
  return {
    now: measured(last, bound),
    mean: measured(mean, bound + 1.96 * Math.sqrt(variance / count)),
    min: measured(min, bound),
    p5: measured(low + bin * step, bound + step / 2),
  };
}

function pointsOf(
  level: Series,
  bucketS: number,
  bucketCount: number,
  nowUs: number,
): readonly QualityPoint[] {
  const lastId = Math.floor(nowUs / (bucketS * 1e6));
  const points: QualityPoint[] = [];
  for (let bucketId = lastId - bucketCount + 1; bucketId <= lastId; bucketId += 1) {
    const bucket = level.at(bucketId);
    if (bucket === null) continue;
    const tS = Math.min(0, (bucketId + 0.5) * bucketS - nowUs / 1e6);
    const before = points.at(-1);
    if (before !== undefined && tS - before.tS > Math.max(gapS, bucketS * 1.5))
      points.push({ tS: (before.tS + tS) / 2, low: null, mean: null, high: null });
    points.push({ tS, low: bucket.min, mean: bucket.mean, high: bucket.max });
  }
  return points;
}

function forEachName<Value>(make: (name: QualityName) => Value): Readonly<Record<QualityName, Value>> {
  return { vmaf: make("vmaf"), vmafNeg: make("vmafNeg"), psnrYDb: make("psnrYDb"), ssim: make("ssim") };
}

/** Makes a live quality of no frames. */
export function createLiveQuality(): LiveQuality {
  let tallies = forEachName(createTally);
  let displayedCount = 0;
  let frames: ScoredFrame[] = [];
  return {
    add: (frame) => {
      for (const name of qualityNames) addTo(tallies[name], name, frame[name], frame.displayedAtUs);
      frames.push(frame);
      if (frames.length > keptFrames + 256) frames = frames.slice(-keptFrames);
    },
    addDisplayed: () => {
      displayedCount += 1;
    },
    read: () => ({
      ...forEachName((name) => figureOf(tallies[name], name)),
      scoredCount: tallies.vmaf.count,
      scoredRatio:
        displayedCount === 0
          ? missing("no frame has been displayed yet")
          : measured(Math.min(1, tallies.vmaf.count / displayedCount)),
    }),
    history: (windowMin, nowUs) => {
      const index = windows.findIndex((candidate) => candidate.windowMin === windowMin);
      const { bucketS } = windows[index] ?? { bucketS: 1 };
      return forEachName((name) => {
        const level = tallies[name].levels[index];
        return level === undefined ? [] : pointsOf(level, bucketS, (windowMin * 60) / bucketS, nowUs);
      });
    },
    frames: () => [...frames],
    reset: () => {
      tallies = forEachName(createTally);
      displayedCount = 0;
      frames = [];
    },
  };
}
