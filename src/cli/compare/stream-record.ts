import type { ReceiverUs } from "../../core/clock/instants.ts";
import type { Failure } from "../../core/failure.ts";
import { measured, missing, type Measured } from "../../core/measured.ts";
import type { PriceList } from "../../core/plan/document.ts";
import type { LiveReading } from "../../core/quality/live-quality.ts";
import type { LatencyTrace } from "../../core/report/report.ts";
import type { JournalLine } from "../../core/runs/journal.ts";
import { measuresOf } from "../../core/runs/measures-of.ts";
import type { Outcome, RunResult, StreamHead } from "../../core/runs/run.ts";
import type { StreamEvent } from "../../core/timeline/event.ts";
import { goneOn } from "../../core/timeline/gone-on.ts";
import { rowBytes, writeRow } from "../../core/timeline/observation-row.ts";
import type { Observation } from "../../core/timeline/observation.ts";
import type { Snapshot } from "../../core/timeline/snapshot.ts";
import type { Reading } from "../drive/face.ts";
import { earlyEndOf, noFrames, toFailure, type EarlyEnd } from "./early-end.ts";
import { addLatency, pointsOf, type LatenciesMs } from "./latencies.ts";

/** What is kept of one stream while its run goes on. */
export type StreamRecord = {
  /** Index of the first observation that was not taken yet. */
  readonly nextIndex: () => number;
  /** Takes what the page told; gives the lines to keep. */
  readonly take: (reading: Reading) => readonly JournalLine[];
  /** Counts from 0 again: the warm-up is over. */
  readonly restart: () => void;
  /** Latency second by second. */
  readonly trace: () => LatencyTrace;
  /**
   * What the stream came to. Where it ended before its time it has failed, however the run ended, and what stood still then
   * counts up to now.
   */
  readonly result: (outcome: Outcome) => RunResult;
};

/** What a record is of. */
export type RecordOptions = {
  readonly runId: string;
  readonly head: StreamHead;
  readonly price: PriceList | null;
  /** Any monotonic clock, ms. */
  readonly nowMs: () => number;
};

/** Latency by the offset that is known now: the page's own figure for its newest frames. */
function latencyOf({ reading, displayTimeUs }: Observation, snapshot: Snapshot): Measured {
  const { offsetMs } = snapshot.clock;
  if (!reading.read) return missing("no marker was read");
  if (!offsetMs.known) return offsetMs;
  return measured((displayTimeUs - reading.marker.captureTimeUs) / 1000 - offsetMs.value, offsetMs.bound);
}

function toRows(observations: readonly Observation[], snapshot: Snapshot): string {
  const bytes = new Uint8Array(observations.length * rowBytes);
  const view = new DataView(bytes.buffer);
  for (const [row, observation] of observations.entries())
    writeRow(view, row, { observation, latencyMs: latencyOf(observation, snapshot) });
  return Buffer.from(bytes.buffer).toString("base64");
}

type Kept = {
  /** When the last snapshot that differs was taken, by this process's clock. */
  snapshotMs: number;
  lastDisplayUs: ReceiverUs | null;
  /** How the stream ended before its time; null while it plays. */
  end: EarlyEnd | null;
  nextIndex: number;
  bitratesKbps: number[];
  snapshot: Snapshot | null;
  events: readonly StreamEvent[];
  kind: string;
  quality: LiveReading;
  readonly latenciesMs: LatenciesMs;
};

function keepLatencies(kept: Kept, observations: readonly Observation[], snapshot: Snapshot): void {
  for (const observation of observations) {
    const latency = latencyOf(observation, snapshot);
    if (latency.known) addLatency(kept.latenciesMs, observation.displayTimeUs, latency.value);
  }
}

const unscored: LiveReading = { state: "none", why: "the page has not been asked yet" };

function fresh(nowMs: number): Kept {
  return {
    snapshotMs: nowMs,
    lastDisplayUs: null,
    end: null,
    nextIndex: 0,
    bitratesKbps: [],
    snapshot: null,
    events: [],
    kind: "",
    quality: unscored,
    latenciesMs: new Map(),
  };
}

/** Makes a record that has taken nothing. */
export function createRecord({ runId, head, price, nowMs }: RecordOptions): StreamRecord {
  let kept = fresh(nowMs());
  return {
    nextIndex: () => kept.nextIndex,
    take: ({ report, observations }) => {
      kept.end = earlyEndOf(report);
      // A page that has let go of its stream tells nothing of it any more: what it told before stands.
      if (report.snapshot.phase !== "measuring") return [];
      kept.kind = report.kind;
      kept.events = report.events;
      const { measures } = report.snapshot;
      // A page that shows a stream's last state shows the same again.
      if (measures.atUs === kept.snapshot?.atUs && observations.length === 0) return [];
      if (measures.atUs !== kept.snapshot?.atUs) kept.snapshotMs = nowMs();
      kept.snapshot = measures;
      kept.quality = report.snapshot.quality;
      if (measures.bitrateKbps.known) kept.bitratesKbps.push(measures.bitrateKbps.value);
      const of = { runId, stream: head.number };
      const lines: JournalLine[] = [{ kind: "snapshot", ...of, snapshot: measures, events: report.events }];
      if (observations.length > 0) {
        const rows = toRows(observations, measures);
        keepLatencies(kept, observations, measures);
        lines.unshift({ kind: "observations", ...of, firstIndex: kept.nextIndex, rows });
        kept.nextIndex += observations.length;
        kept.lastDisplayUs = observations.at(-1)?.displayTimeUs ?? null;
      }
      return lines;
    },
    restart: () => {
      kept = { ...fresh(nowMs()), kind: kept.kind };
    },
    trace: () => ({ runId, provider: head.provider, points: pointsOf(kept.latenciesMs) }),
    result: (outcome) =>
      toResult(head, untilNow(kept, nowMs()), price, outcomeOf(outcome, kept, head.provider)),
  };
}

function measuredFromUs({ atUs, elapsedMs }: Snapshot): number {
  return atUs - Math.round(elapsedMs * 1000);
}

/** Since measuring began; null where no frame was displayed. */
function lastFrameMs({ snapshot, lastDisplayUs }: Kept): number | null {
  if (snapshot === null || lastDisplayUs === null) return null;
  return Math.max(0, lastDisplayUs - measuredFromUs(snapshot)) / 1000;
}

/** A stream that ended before its time, or showed nothing in it, is not whole. */
function outcomeOf(outcome: Outcome, kept: Kept, provider: string): Outcome {
  const { end, snapshot } = kept;
  if (outcome.kind === "failed") return outcome;
  if (end !== null) return { kind: "failed", failure: toFailure(end, provider, lastFrameMs(kept)) };
  const isSeen = snapshot !== null && snapshot.reading.displayedCount > 0;
  if (outcome.kind === "cut" || isSeen) return outcome;
  const failure: Failure = noFrames(provider);
  return { kind: "failed", failure };
}

/** What is kept with the time since the last snapshot in it, where the stream has ended. */
function untilNow(kept: Kept, nowMs: number): Kept {
  const { snapshot, end, events, lastDisplayUs, snapshotMs } = kept;
  if (snapshot === null || end === null) return kept;
  return { ...kept, snapshot: goneOn(snapshot, { events, lastDisplayUs, forMs: nowMs - snapshotMs }) };
}

function toResult(head: StreamHead, kept: Kept, price: PriceList | null, outcome: Outcome): RunResult {
  const { snapshot, events, quality, bitratesKbps, kind, nextIndex } = kept;
  const isRead = snapshot !== null;
  return {
    ...head,
    outcome,
    kind,
    measures: isRead ? measuresOf({ snapshot, events, quality, bitratesKbps, price }) : [],
    measuredFromUs: isRead ? measuredFromUs(snapshot) : null,
    measuredUntilUs: isRead ? snapshot.atUs : null,
    snapshot,
    events,
    observationCount: nextIndex,
  };
}
