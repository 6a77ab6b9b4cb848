import { mean, quantileOf, sorted } from "../statistics/quantile.ts";

/** How scoring stands to the latency of the streams beside which it works. */
export type GuardReading =
  /** Its whole share may be taken. */
  | { readonly state: "free" }
  /** Latency is measured without scoring first, to have something to hold it against. */
  | { readonly state: "learning" }
  /** Only this part of the share is taken: latency had risen by so much while frames were scored, and fell without. */
  | {
      readonly state: "sparing";
      readonly paceRatio: number;
      /** Null where it has not: scoring begins slowly. */
      readonly roseMs: number | null;
    }
  /** Latency rose by so much: nothing is scored for a while, to see whether it falls. */
  | { readonly state: "paused"; readonly roseMs: number };

/**
 * Holds background work to what leaves latency as it is without the work. The work begins slowly, and its pace is doubled after each
 * time without a rise of latency. The guard does not know why latency rises: it stops the work and looks whether latency falls. If it
 * does, the work goes on at half the pace, and longer; if it does not, something else raised it, and later latency is held against
 * the new one.
 */
export type LatencyGuard = {
  /** A frame of a stream was displayed so long after its capture, ms; the two clocks need not agree. */
  readonly see: (streamId: number, nowMs: number, delayMs: number) => void;
  /** A stream is displayed no more, or its capture times are another clock's from now on. */
  readonly forget: (streamId: number) => void;
  /** Part of the share that may be taken now, 0 to 1. */
  readonly pace: () => number;
  readonly read: () => GuardReading;
};

/** Latency is looked at over so long a time, ms, and so many frames at least. */
const windowMs = 2000;
const windowFrames = 10;
/** Since work began or stopped so much passes before latency is looked at: buffers take their time, ms. */
const settleMs = 1000;
/** A rise is one of more than so many ms, than half of what frames differ by, and than twice what windows differ by from one to the next. */
const leastRiseMs = 10;
/** How much of each window goes into what is known of the windows before. */
const newRatio = 1 / 4;
/** Latency that rises and falls by itself has to rise further to count: this is doubled by each acquittal, and halved by calm. */
const greatestLimitRatio = 16;
/** The first pause, and the longest, ms: each that helped is followed by one twice as long. */
const firstPauseMs = 4000;
const longestPauseMs = 120_000;
/** What has not fallen after so long a pause, and does not fall by so much a second, was not raised by the work. */
const acquitAfterMs = 6000;
const fallingMsPerS = 2;
/** After so many pauses' time without a rise the pace is doubled or, at the whole pace, the pause halved. */
const calmPauses = 3;
/** The same before there was a rise, ms: enough to see one. */
const rampMs = 5000;
/** The work begins at this pace. */
const firstPace = 1 / 4;
/** Between pauses the work goes on at this pace at least. */
const leastPace = 1 / 8;
/** A stream that displayed nothing for so long is not waited for, ms. */
const stillAfterMs = 3000;

/** Delay over one window. */
type Level = { readonly delayMs: number; readonly spreadMs: number };

type Stream = {
  /** Of the window under way, ms. */
  delaysMs: number[];
  sinceMs: number;
  seenMs: number;
  /** Without work; null before it is known. */
  rest: Level | null;
  /** In the last whole window of this phase. */
  latest: Level | null;
  /** By how much the delay of a window differs from that of the one before, of late. */
  wanderMs: number;
};

type Guard = {
  readonly streams: Map<number, Stream>;
  phase: "resting" | "working";
  sinceMs: number;
  /** The rise that the rest is for; null where only the delay without work is looked for. */
  suspectMs: number | null;
  /** Latency has fallen since the rest began. */
  hasFallen: boolean;
  paceRatio: number;
  /** The rise that made the pace what it is; null before there was one. */
  roseMs: number | null;
  pauseMs: number;
  calmSinceMs: number;
  /** How much further than the least latency has to rise. */
  limitRatio: number;
};

/** The mean of the middle half: display times come in steps, of which a median would jump, and single late frames are no level. */
function levelOf(delaysMs: readonly number[]): Level {
  const ascending = sorted(delaysMs);
  const quarter = Math.floor(ascending.length / 4);
  return {
    delayMs: mean(ascending.slice(quarter, ascending.length - quarter)),
    spreadMs: quantileOf(ascending, 0.75) - quantileOf(ascending, 0.25),
  };
}

function begin(guard: Guard, phase: Guard["phase"], nowMs: number): void {
  guard.phase = phase;
  guard.sinceMs = nowMs;
  for (const stream of guard.streams.values()) {
    stream.delaysMs = [];
    stream.latest = null;
    stream.sinceMs = nowMs + settleMs;
  }
}

function rest(guard: Guard, nowMs: number, suspectMs: number | null): void {
  begin(guard, "resting", nowMs);
  guard.suspectMs = suspectMs;
  guard.hasFallen = false;
}

/** How far a stream's delay is above that without work; 0 where that is within what counts as none. */
function riseOf({ rest: without, latest, wanderMs }: Stream, limitRatio: number): number {
  if (without === null || latest === null) return 0;
  const roseMs = latest.delayMs - without.delayMs;
  return roseMs > Math.max(leastRiseMs, without.spreadMs / 2, wanderMs * 2) * limitRatio ? roseMs : 0;
}

function greatestRise({ streams }: Guard, limitRatio: number): number {
  return Math.max(0, ...[...streams.values()].map((stream) => riseOf(stream, limitRatio)));
}

function towards(known: number, next: number): number {
  return known + (next - known) * newRatio;
}

function settleRest(guard: Guard, isNew: boolean): void {
  for (const stream of guard.streams.values()) {
    const { rest: without, latest } = stream;
    if (latest === null) continue;
    if (isNew || without === null) stream.rest = latest;
    else if (latest.delayMs < without.delayMs)
      stream.rest = { ...without, delayMs: towards(without.delayMs, latest.delayMs) };
  }
}

/** What delays without work say of the rise before; null while they do not say yet. */
type Verdict = "guilty" | "acquitted" | null;

function verdictOf(guard: Guard, suspectMs: number, nowMs: number): Verdict {
  const { pauseMs, sinceMs } = guard;
  const restedMs = nowMs - sinceMs;
  const leftMs = greatestRise(guard, 1);
  if (leftMs < suspectMs / 2) {
    guard.hasFallen = true;
    return restedMs < pauseMs ? null : "guilty";
  }
  // It has fallen and rises again all by itself.
  if (guard.hasFallen) return "acquitted";
  // A jitter buffer shrinks slowly.
  const isFalling = (suspectMs - leftMs) / (restedMs / 1000) > fallingMsPerS;
  return isFalling || restedMs < Math.max(pauseMs, acquitAfterMs) ? null : "acquitted";
}

function sentence(guard: Guard, suspectMs: number, isGuilty: boolean): void {
  if (isGuilty) {
    guard.paceRatio = Math.max(leastPace, guard.paceRatio / 2);
    guard.pauseMs = Math.min(longestPauseMs, guard.pauseMs * 2);
    guard.roseMs = suspectMs;
    return;
  }
  guard.limitRatio = Math.min(greatestLimitRatio, guard.limitRatio * 2);
  // What it was blamed for before may have been no more its doing than this.
  guard.pauseMs = Math.max(firstPauseMs, guard.pauseMs / 2);
}

/** Work stands still, and a window of one stream is whole. */
function judge(guard: Guard, nowMs: number): void {
  const { suspectMs, streams } = guard;
  const shown = [...streams.values()].filter(({ seenMs }) => nowMs - seenMs < stillAfterMs);
  if (shown.some(({ latest }) => latest === null)) return;
  if (suspectMs === null) {
    settleRest(guard, true);
  } else {
    const verdict = verdictOf(guard, suspectMs, nowMs);
    if (verdict === null) return;
    sentence(guard, suspectMs, verdict === "guilty");
    settleRest(guard, verdict === "acquitted");
  }
  guard.calmSinceMs = nowMs;
  begin(guard, "working", nowMs);
}

/** Work goes on, and a window of one stream is whole. */
function watch(guard: Guard, nowMs: number): void {
  const roseMs = greatestRise(guard, guard.limitRatio);
  if (roseMs > 0) {
    rest(guard, nowMs, roseMs);
    return;
  }
  settleRest(guard, false);
  const calmMs = guard.roseMs === null ? rampMs : guard.pauseMs * calmPauses;
  const isCalm = nowMs - guard.calmSinceMs >= calmMs;
  if (!isCalm) return;
  guard.limitRatio = Math.max(1, guard.limitRatio / 2);
  if (guard.paceRatio === 1) guard.pauseMs = Math.max(firstPauseMs, guard.pauseMs / 2);
  guard.paceRatio = Math.min(1, guard.paceRatio * 2);
  guard.calmSinceMs = nowMs;
}

function streamOf(guard: Guard, streamId: number, nowMs: number): Stream {
  const known = guard.streams.get(streamId);
  if (known !== undefined) return known;
  const sinceMs = nowMs + settleMs;
  const stream: Stream = { delaysMs: [], sinceMs, seenMs: nowMs, rest: null, latest: null, wanderMs: 0 };
  guard.streams.set(streamId, stream);
  // What it is without work is looked at before anything is worked on beside it.
  if (guard.phase === "working") rest(guard, nowMs, null);
  return stream;
}

function see(guard: Guard, streamId: number, nowMs: number, delayMs: number): void {
  const stream = streamOf(guard, streamId, nowMs);
  stream.seenMs = nowMs;
  if (nowMs < stream.sinceMs) return;
  stream.delaysMs.push(delayMs);
  if (nowMs - stream.sinceMs < windowMs || stream.delaysMs.length < windowFrames) return;
  const before = stream.latest;
  const latest = levelOf(stream.delaysMs);
  stream.latest = latest;
  stream.delaysMs = [];
  stream.sinceMs = nowMs;
  if (guard.phase === "resting") judge(guard, nowMs);
  else watch(guard, nowMs);
  // After the rise was looked at: what rises at once has not wandered.
  if (before !== null) stream.wanderMs = towards(stream.wanderMs, Math.abs(latest.delayMs - before.delayMs));
}

function readOf({ phase, suspectMs, paceRatio, roseMs }: Guard): GuardReading {
  if (phase === "resting")
    return suspectMs === null ? { state: "learning" } : { state: "paused", roseMs: suspectMs };
  return paceRatio === 1 ? { state: "free" } : { state: "sparing", paceRatio, roseMs };
}

/** Makes a guard that has seen nothing yet: nothing may be taken before a stream's latency is known without work. */
export function createLatencyGuard(): LatencyGuard {
  const guard: Guard = {
    streams: new Map(),
    phase: "resting",
    sinceMs: 0,
    suspectMs: null,
    hasFallen: false,
    paceRatio: firstPace,
    roseMs: null,
    pauseMs: firstPauseMs,
    calmSinceMs: 0,
    limitRatio: 1,
  };
  return {
    see: (streamId, nowMs, delayMs) => see(guard, streamId, nowMs, delayMs),
    forget: (streamId) => void guard.streams.delete(streamId),
    pace: () => (guard.phase === "resting" ? 0 : guard.paceRatio),
    read: () => readOf(guard),
  };
}
