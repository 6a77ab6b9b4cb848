import { missing } from "../measured.ts";
import type { StreamEvent } from "../timeline/event.ts";
import type { Snapshot } from "../timeline/snapshot.ts";
import { measuresOf } from "./measures-of.ts";
import type { RunFileLine } from "./read-journal.ts";
import type { Comparison, RunHead } from "./run.ts";

/** What runs that people keep from the receiver tab have in common: they follow no plan. */
export const byHand: Comparison = {
  id: "00000000-0000-7000-8000-000000000000",
  name: "Kept by hand",
  startedAtUs: 0,
  planText: "",
  seed: 0,
  runCount: 0,
};

/** A measurement of the receiver tab, as it stands when it is kept. */
export type HandKept = {
  /** UUID version 7. */
  readonly runId: string;
  /** As the user calls it. */
  readonly provider: string;
  readonly address: string;
  /** How it is played: a folder of media/play. */
  readonly kind: string;
  readonly snapshot: Snapshot;
  readonly events: readonly StreamEvent[];
  readonly observationCount: number;
  readonly nowUs: number;
  readonly machine: RunHead["machine"];
};

/**
 * The lines of a run file without its observations: those before them, and those after them.
 */
export function toRunFileLines(kept: HandKept): {
  readonly before: readonly RunFileLine[];
  readonly after: readonly RunFileLine[];
} {
  const { runId, provider, address, kind, snapshot, events, nowUs } = kept;
  const startedAtUs = Math.round(nowUs - snapshot.elapsedMs * 1000);
  const stream = { number: 1, provider, via: null, address };
  const head: RunHead = {
    id: runId,
    comparisonId: byHand.id,
    startedAtUs,
    number: 1,
    repeat: 1,
    attempt: 1,
    settings: [],
    conditions: {
      asked: { name: "none", delayMs: null, jitterMs: null, lossRatio: null, rateKbps: null },
      by: "none",
      limits: [],
    },
    machine: kept.machine,
    streams: [stream],
  };
  const bitratesKbps = snapshot.bitrateKbps.known ? [snapshot.bitrateKbps.value] : [];
  const notTold = missing("a page is not told how busy its machine is");
  const result = {
    ...stream,
    outcome: { kind: "measured" },
    measures: measuresOf({ snapshot, events, bitratesKbps, price: null }),
    measuredFromUs: startedAtUs,
    measuredUntilUs: nowUs,
    kind,
    snapshot,
    events,
    observationCount: kept.observationCount,
  } as const;
  const end = {
    endedAtUs: nowUs,
    outcome: { kind: "measured" },
    load: { meanRatio: notTold, maxRatio: notTold, isSaturated: false },
    results: [result],
  } as const;
  return {
    before: [
      { kind: "journal", version: 1, pid: 0, host: "", atUs: nowUs },
      { kind: "comparison", comparison: byHand },
      { kind: "begin", run: head },
    ],
    after: [
      { kind: "end", runId, end },
      { kind: "closed", atUs: nowUs },
    ],
  };
}
