import { missing } from "../../core/measured.ts";
import { measuresOf } from "../../core/runs/measures-of.ts";
import type { RunHead, RunResult, StreamHead } from "../../core/runs/run.ts";
import type { StreamEvent } from "../../core/timeline/event.ts";
import type { Snapshot } from "../../core/timeline/snapshot.ts";
import type { Query, Row } from "./database.ts";
import { takeEnd } from "./take-lines.ts";

const why = "the command that measured it ended before the run did";

/** Ends a run whose writer is gone: what it measured stands, and it is never passed off as whole. */
export async function cutRun(query: Query, runId: string): Promise<void> {
  const [run] = await query("select head from run where run_id = $1 and outcome = 'open'", [runId]);
  if (run === undefined) return;
  const head = run["head"] as RunHead;
  const streams = await query(
    `select stream, facts, last_snapshot, min(from_us) as from_us, max(until_us) as until_us, coalesce(sum(row_count), 0) as observation_count
     from stream left join chunk using (run_id, stream) where run_id = $1 group by run_id, stream order by stream`,
    [runId],
  );
  const results = streams.map(toResult);
  const ends = results.map(({ measuredUntilUs }) => measuredUntilUs ?? head.startedAtUs);
  const unknown = missing(why);
  await takeEnd(query, runId, {
    endedAtUs: Math.max(head.startedAtUs, ...ends),
    outcome: { kind: "cut", why },
    load: { meanRatio: unknown, maxRatio: unknown, isSaturated: false },
    results,
  });
}

type Last = { readonly snapshot: Snapshot; readonly events: readonly StreamEvent[] };

function orNull(value: unknown): number | null {
  return value === null ? null : Number(value);
}

function bitratesOf({ bitrateKbps }: Snapshot): readonly number[] {
  return bitrateKbps.known ? [bitrateKbps.value] : [];
}

function toResult(row: Row): RunResult {
  const last = row["last_snapshot"] as Last | null;
  return {
    ...(row["facts"] as StreamHead),
    outcome: { kind: "cut", why },
    measures:
      last === null ? [] : measuresOf({ ...last, bitratesKbps: bitratesOf(last.snapshot), price: null }),
    measuredFromUs: orNull(row["from_us"]),
    measuredUntilUs: orNull(row["until_us"]),
    kind: "",
    snapshot: last?.snapshot ?? null,
    events: last?.events ?? [],
    observationCount: Number(row["observation_count"]),
  };
}
