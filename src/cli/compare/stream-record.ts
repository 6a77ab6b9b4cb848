import type { Failure } from "../../core/failure.ts";
import { measured, missing, type Measured } from "../../core/measured.ts";
import type { PriceList } from "../../core/plan/document.ts";
import type { LiveReading } from "../../core/quality/live-quality.ts";
import type { LatencyTrace } from "../../core/report/report.ts";
import type { JournalLine } from "../../core/runs/journal.ts";
import { measuresOf } from "../../core/runs/measures-of.ts";
import type { Outcome, RunResult, StreamHead } from "../../core/runs/run.ts";
import { median } from "../../core/statistics/quantile.ts";
import type { StreamEvent } from "../../core/timeline/event.ts";
import { rowBytes, writeRow } from "../../core/timeline/observation-row.ts";
import type { Observation } from "../../core/timeline/observation.ts";
import type { Snapshot } from "../../core/timeline/snapshot.ts";
import type { Reading } from "../drive/face.ts";

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
  /** A stream that failed while its run went on has failed, whatever came of the others. */
  readonly result: (outcome: Outcome) => RunResult;
};

/** What a record is of. */
export type RecordOptions = {
  readonly runId: string;
  readonly head: StreamHead;
  readonly price: PriceList | null;
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
  nextIndex: number;
  bitratesKbps: number[];
  snapshot: Snapshot | null;
  events: readonly StreamEvent[];
  kind: string;
  quality: LiveReading;
  /** Why the stream ended before its run did; null while it goes on, or where it ended as it should. */
  failure: Failure | null;
  /** Latencies by the second of the receiver's clock in which they were displayed. */
  readonly latenciesMs: Map<number, number[]>;
};

function keepLatencies(kept: Kept, observations: readonly Observation[], snapshot: Snapshot): void {
  for (const observation of observations) {
    const latency = latencyOf(observation, snapshot);
    const second = Math.floor(observation.displayTimeUs / 1e6);
    const own = kept.latenciesMs.get(second) ?? [];
    if (latency.known) own.push(latency.value);
    if (own.length > 0) kept.latenciesMs.set(second, own);
  }
}

/** Most seconds of a trace: longer runs are charted by every so many seconds. */
const maxPoints = 600;

function pointsOf({ latenciesMs }: Kept): LatencyTrace["points"] {
  const [first = 0] = latenciesMs.keys();
  const seconds = [...latenciesMs];
  const stepS = Math.ceil(seconds.length / maxPoints);
  return seconds
    .filter((_, index) => index % stepS === 0)
    .map(([second, own]) => ({
      atS: second - first,
      leastMs: Math.min(...own),
      medianMs: median(own),
      mostMs: Math.max(...own),
    }));
}

const unscored: LiveReading = { state: "none", why: "the page has not been asked yet" };

function fresh(): Kept {
  return {
    nextIndex: 0,
    bitratesKbps: [],
    snapshot: null,
    events: [],
    kind: "",
    quality: unscored,
    failure: null,
    latenciesMs: new Map(),
  };
}

/** Makes a record that has taken nothing. */
export function createRecord({ runId, head, price }: RecordOptions): StreamRecord {
  let kept = fresh();
  return {
    nextIndex: () => kept.nextIndex,
    take: ({ report, observations }) => {
      kept.kind = report.kind;
      kept.events = report.events;
      if (report.snapshot.phase !== "measuring") return [];
      const { measures, connection } = report.snapshot;
      if (connection.state === "ended") kept.failure = connection.failure;
      // A stream that has ended stands still: what is read of it once more is nothing new.
      if (kept.snapshot?.atUs === measures.atUs && observations.length === 0) return [];
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
      }
      return lines;
    },
    restart: () => {
      kept = { ...fresh(), kind: kept.kind };
    },
    trace: () => ({ runId, provider: head.provider, points: pointsOf(kept) }),
    result: (outcome) => toResult(head, kept, price, outcome),
  };
}

function toResult(head: StreamHead, kept: Kept, price: PriceList | null, outcome: Outcome): RunResult {
  const { snapshot, events, quality, bitratesKbps, kind, nextIndex, failure } = kept;
  const isRead = snapshot !== null;
  return {
    ...head,
    outcome: failure !== null && outcome.kind === "measured" ? { kind: "failed", failure } : outcome,
    kind,
    measures: isRead ? measuresOf({ snapshot, events, quality, bitratesKbps, price }) : [],
    measuredFromUs: isRead ? snapshot.atUs - Math.round(snapshot.elapsedMs * 1000) : null,
    measuredUntilUs: isRead ? snapshot.atUs : null,
    snapshot,
    events,
    observationCount: nextIndex,
  };
}
