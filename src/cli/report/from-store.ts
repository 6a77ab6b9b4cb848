import { succeed, type Result } from "../../core/failure.ts";
import type { LatencyTrace } from "../../core/report/report.ts";
import type { Run } from "../../core/runs/run.ts";
import type { Query } from "../../server/store/database.ts";
import { readObservations } from "../../server/store/observations.ts";
import { findComparisons, readComparison } from "../../server/store/read-comparison.ts";
import type { RunStore } from "../../server/store/store.ts";
import { addLatencies, pointsOf, type LatenciesMs } from "../compare/latencies.ts";
import { readPast } from "../compare/past.ts";
import type { ComparisonSource, SourcedComparison } from "./source.ts";

/** Reads comparisons from an open store, which it closes. */
export function fromStore(store: RunStore): ComparisonSource {
  return {
    find: (wanted) => store.ask((query) => findComparisons(query, wanted)),
    read: (id) => store.ask((query) => readWhole(query, id)),
    past: (plan, comparisonId) => readPast(store, plan, comparisonId),
    close: store.close,
  };
}

async function readWhole(query: Query, id: string): Promise<SourcedComparison | null> {
  const stored = await readComparison(query, id);
  if (stored === null) return null;
  const traces: LatencyTrace[] = [];
  for (const run of stored.runs.filter(({ outcome }) => outcome.kind === "measured"))
    traces.push(...(await tracesOf(query, run)));
  return { ...stored, traces };
}

async function tracesOf(query: Query, { id: runId, results }: Run): Promise<readonly LatencyTrace[]> {
  const traces: LatencyTrace[] = [];
  for (const { number: stream, provider } of results) {
    const latenciesMs: LatenciesMs = new Map();
    const all = { runId, stream, fromUs: null, untilUs: null, minLatencyMs: null };
    for await (const columns of readObservations(query, all)) addLatencies(latenciesMs, columns);
    traces.push({ runId, provider, points: pointsOf(latenciesMs) });
  }
  return traces;
}

/** Opens a store for reading, or says why it cannot be had. */
export async function openStoreSource(store: RunStore): Promise<Result<ComparisonSource>> {
  const opened = await store.open();
  if (opened.ok) return succeed(fromStore(store));
  const { failure } = opened;
  const next = /in use by/.test(failure.next)
    ? `${failure.next} Where that is a server, it gives them: --server http://localhost:8080.`
    : failure.next;
  return { ok: false, failure: { ...failure, next } };
}
