import { appendFileSync, mkdirSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";

import { toReceiverUs, toSenderUs } from "../../core/clock/instants.ts";
import { measured, missing } from "../../core/measured.ts";
import type { RunFileLine } from "../../core/runs/read-journal.ts";
import type { Comparison, Measure, Outcome, RunEnd, RunHead } from "../../core/runs/run.ts";
import { rowBytes, writeRow } from "../../core/timeline/observation-row.ts";

/** 2026-11-21 12:00:00 UTC, epoch us. */
export const testStartUs = 1_795_262_400_000_000;

/** An id that tells runs of a test apart. */
export function testId(number: number): string {
  return `00000000-0000-7000-8000-${String(number).padStart(12, "0")}`;
}

/** A comparison of tests. */
export const testComparison: Comparison = {
  id: testId(1),
  name: "Two providers at noon",
  startedAtUs: testStartUs,
  planText: "name: Two providers at noon\n",
  seed: 7,
  runCount: 4,
};

/** What a test's run is made of; the rest is the same for all. */
export type TestRun = {
  /** From 10 on, so that it is no comparison's. */
  readonly number: number;
  readonly provider?: string;
  readonly startedAtUs?: number;
  readonly latencyP95Ms?: number;
  readonly outcome?: Outcome;
};

/** The head of a run with one stream. */
export function testHead({ number, provider = "direct", startedAtUs = testStartUs }: TestRun): RunHead {
  return {
    id: testId(number),
    comparisonId: testComparison.id,
    startedAtUs,
    number,
    repeat: 1,
    attempt: 1,
    settings: [{ key: "encoder.bitrate", value: "800 kbit/s" }],
    conditions: {
      asked: { name: "none", delayMs: null, jitterMs: null, lossRatio: null, rateKbps: null },
      by: "none",
      limits: [],
    },
    machine: {
      host: "bench",
      system: "Linux 6.1 x64",
      cpu: "a processor",
      coreCount: 2,
      memoryBytes: 8_000_000_000,
      node: "20.19.0",
      browser: "Chromium 156",
      streamgauge: "0.1.0",
    },
    streams: [{ number: 1, provider, via: "peer", address: "" }],
  };
}

/** How a test's run ended. */
export function testEnd(run: TestRun, observationCount: number): RunEnd {
  const head = testHead(run);
  const outcome = run.outcome ?? { kind: "measured" };
  const measures: readonly Measure[] = [
    { key: "latency.p50", unit: "ms", figure: measured(40, 1) },
    { key: "latency.p95", unit: "ms", figure: measured(run.latencyP95Ms ?? 60, 1) },
    { key: "vmaf.mean", unit: "score", figure: missing("no segment was scored") },
  ];
  return {
    endedAtUs: head.startedAtUs + 30_000_000,
    outcome,
    load: { meanRatio: measured(0.4), maxRatio: measured(0.9), isSaturated: false },
    results: head.streams.map(({ number, provider, via, address }) => ({
      number,
      provider,
      via,
      address,
      outcome,
      measures,
      measuredFromUs: head.startedAtUs,
      measuredUntilUs: head.startedAtUs + 30_000_000,
      kind: "peer",
      snapshot: null,
      events: [{ kind: "freeze", atUs: toReceiverUs(head.startedAtUs), durationMs: 300 }],
      observationCount,
    })),
  };
}

/**
 * Rows of observations at 60 fps: every tenth unread, the others' latency (index % 50) + 20 ms.
 * @param firstIndex index of the first
 */
export function testRows(firstIndex: number, count: number): Uint8Array {
  const bytes = new Uint8Array(count * rowBytes);
  const view = new DataView(bytes.buffer);
  for (let row = 0; row < count; row += 1) {
    const index = firstIndex + row;
    const displayTimeUs = toReceiverUs(testStartUs + Math.round((index * 1e6) / 60));
    const latencyMs = (index % 50) + 20;
    const isRead = index % 10 !== 9;
    const captureTimeUs = toSenderUs(displayTimeUs - latencyMs * 1000);
    writeRow(view, row, {
      observation: {
        displayTimeUs,
        displayTimeSource: index % 7 === 0 ? "inferred" : "reported",
        reading: isRead
          ? { read: true, by: "tracked", marker: { runNumber: 4711, frameId: index, captureTimeUs } }
          : { read: false, why: "broken" },
        presentationTimeUs: index * 16_667,
        widthPx: 1280,
        heightPx: 720,
        readMs: 0.25 + (index % 3) / 10,
      },
      latencyMs: isRead ? measured(latencyMs, 0.5) : missing("no marker"),
    });
  }
  return bytes;
}

/** A line of a second's observations or so. */
export function testObservations(runNumber: number, firstIndex: number, count: number): RunFileLine {
  const rows = Buffer.from(testRows(firstIndex, count)).toString("base64");
  return { kind: "observations", runId: testId(runNumber), stream: 1, firstIndex, rows };
}

/** All lines of a journal with one run, its observations in lines of 60. */
export function testJournal(
  run: TestRun,
  observationCount = 180,
  pid: number = process.pid,
): readonly RunFileLine[] {
  const lines: RunFileLine[] = [
    { kind: "journal", version: 1, pid, host: hostname(), atUs: testStartUs },
    { kind: "comparison", comparison: testComparison },
    { kind: "begin", run: testHead(run) },
  ];
  for (let index = 0; index < observationCount; index += 60) {
    lines.push(testObservations(run.number, index, Math.min(60, observationCount - index)));
  }
  lines.push(
    { kind: "end", runId: testId(run.number), end: testEnd(run, observationCount) },
    { kind: "closed", atUs: testStartUs + 31_000_000 },
  );
  return lines;
}

/** Appends lines to a journal in a directory, as a command does. */
export function appendJournal(directory: string, name: string, lines: readonly RunFileLine[]): void {
  mkdirSync(directory, { recursive: true });
  appendFileSync(join(directory, name), lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
}
