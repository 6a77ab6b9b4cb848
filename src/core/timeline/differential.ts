import { measured, missing, type Measured } from "../measured.ts";
import { displayBoundMsOf } from "./frame.ts";
import { createHistogram, type Bins } from "./histogram.ts";
import type { Observation } from "./observation.ts";

/** A stream's latency minus the control's for the same frame ids. Both displays are on one clock, so no offset enters. */
export type DifferentialReading = {
  /** Of the last frame that both displayed. */
  readonly now: Measured;
  readonly mean: Measured;
  readonly p50: Measured;
  readonly p95: Measured;
  /** Frame ids displayed by both since the last reset. */
  readonly pairCount: number;
};

/** Compares streams with the control, frame id by frame id, in constant memory per stream. */
export type Comparison = {
  /** A stream joins; `id` is the caller's. */
  readonly add: (id: number) => void;
  readonly remove: (id: number) => void;
  /** Chooses the control; every differential begins anew. */
  readonly setControl: (id: number | null) => void;
  /** Takes in a displayed frame of a stream; unread ones say nothing. */
  readonly observe: (id: number, observation: Observation) => void;
  readonly read: (id: number) => DifferentialReading;
  /** How the differences of a stream are spread, outermost hundredths aside; null while there are none. */
  readonly distribution: (id: number) => Bins | null;
  /** Every differential begins anew; what was displayed is remembered. */
  readonly reset: () => void;
};

/** Frame ids remembered per stream: 68 s at 60 a second, so the control may run that far ahead of a slow stream. */
export const rememberedCount = 4096;

/** Bins that a distribution is shown in at most. */
const maxBinCount = 60;

type Shown = { readonly displayUs: number; readonly boundMs: number };

/** First displays of the latest ids of one stream, in place. */
function createDisplays() {
  const ids = new Float64Array(rememberedCount).fill(-1);
  const displayUs = new Float64Array(rememberedCount);
  const boundMs = new Float64Array(rememberedCount);
  return {
    /** False when the id was displayed before. */
    add: (frameId: number, shown: Shown): boolean => {
      const slot = frameId % rememberedCount;
      if (ids[slot] === frameId) return false;
      ids[slot] = frameId;
      displayUs[slot] = shown.displayUs;
      boundMs[slot] = shown.boundMs;
      return true;
    },
    at: (frameId: number): Shown | null => {
      const slot = frameId % rememberedCount;
      if (ids[slot] !== frameId) return null;
      return { displayUs: displayUs[slot] ?? 0, boundMs: boundMs[slot] ?? 0 };
    },
  };
}

/** The distribution of differentials of one stream. */
function createDistribution() {
  const histogram = createHistogram();
  let sumMs = 0;
  let boundSumMs = 0;
  let worstBoundMs = 0;
  let last: { readonly valueMs: number; readonly boundMs: number } | null = null;
  return {
    add: (valueMs: number, boundMs: number): void => {
      histogram.add(valueMs);
      sumMs += valueMs;
      boundSumMs += boundMs;
      worstBoundMs = Math.max(worstBoundMs, boundMs);
      last = { valueMs, boundMs };
    },
    bins: (): Bins | null => histogram.bins(0.005, 0.995, maxBinCount),
    read: (why: string): DifferentialReading => {
      const pairCount = histogram.count();
      const [p50, p95] = histogram.quantiles([0.5, 0.95]) ?? [];
      const none = missing(why);
      if (last === null || p50 === undefined || p95 === undefined)
        return { now: none, mean: none, p50: none, p95: none, pairCount: 0 };
      return {
        now: measured(last.valueMs, last.boundMs),
        mean: measured(sumMs / pairCount, boundSumMs / pairCount),
        p50: measured(p50.valueMs, p50.boundMs + worstBoundMs),
        p95: measured(p95.valueMs, p95.boundMs + worstBoundMs),
        pairCount,
      };
    },
  };
}

type Stream = {
  runNumber: number | null;
  displays: ReturnType<typeof createDisplays>;
  distribution: ReturnType<typeof createDistribution>;
};

function newStream(): Stream {
  return { runNumber: null, displays: createDisplays(), distribution: createDistribution() };
}

/** Adds what one frame id tells, if both streams are in the same run and both have displayed it. */
function pair(stream: Stream, control: Stream, frameId: number): void {
  if (stream.runNumber !== control.runNumber) return;
  const one = stream.displays.at(frameId);
  const other = control.displays.at(frameId);
  if (one === null || other === null) return;
  stream.distribution.add((one.displayUs - other.displayUs) / 1000, one.boundMs + other.boundMs);
}

/** A frame of another run begins the stream anew: its ids mean other pictures. */
function rememberIn(stream: Stream, observation: Observation): number | null {
  if (!observation.reading.read) return null;
  const { runNumber, frameId } = observation.reading.marker;
  if (stream.runNumber !== runNumber) {
    stream.runNumber = runNumber;
    stream.displays = createDisplays();
  }
  const shown = { displayUs: observation.displayTimeUs, boundMs: displayBoundMsOf(observation) };
  return stream.displays.add(frameId, shown) ? frameId : null;
}

function whyNone(stream: Stream, control: Stream | null): string {
  if (control === null) return "no stream is the control";
  if (stream === control) return "this stream is the control";
  if (control.runNumber === null) return "the control has shown no marker yet";
  if (stream.runNumber === null) return "no marker has been read yet";
  if (stream.runNumber !== control.runNumber) return "it shows another run than the control";
  return "no frame has been displayed by both yet";
}

/** Makes a comparison of no streams. */
export function createComparison(): Comparison {
  const streams = new Map<number, Stream>();
  let controlId: number | null = null;
  const controlOf = () => (controlId === null ? null : (streams.get(controlId) ?? null));
  const reset = () => {
    for (const stream of streams.values()) stream.distribution = createDistribution();
  };
  return {
    add: (id) => void streams.set(id, newStream()),
    remove: (id) => {
      streams.delete(id);
      if (controlId === id) controlId = null;
    },
    setControl: (id) => {
      if (id === controlId) return;
      controlId = id;
      reset();
    },
    observe: (id, observation) => {
      const stream = streams.get(id);
      if (stream === undefined) return;
      const frameId = rememberIn(stream, observation);
      const control = controlOf();
      if (frameId === null || control === null) return;
      if (stream !== control) pair(stream, control, frameId);
      else for (const other of streams.values()) if (other !== control) pair(other, control, frameId);
    },
    read: (id) => {
      const stream = streams.get(id) ?? newStream();
      const control = controlOf();
      return stream.distribution.read(whyNone(stream, control));
    },
    distribution: (id) => streams.get(id)?.distribution.bins() ?? null,
    reset,
  };
}
