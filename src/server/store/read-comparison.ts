import type { Comparison, Measure, Run, RunEnd, RunHead, RunResult } from "../../core/runs/run.ts";
import type { ListedComparison } from "../../core/wire/runs.ts";
import type { Query } from "./database.ts";
import { toMeasure } from "./rows.ts";

/** All that is stored of a comparison. */
export type StoredComparison = {
  readonly comparison: Comparison;
  /** Every attempt that has ended, in the order in which they did; of all shards. */
  readonly runs: readonly Run[];
  /** Attempts that are still being measured, or whose end was not stored yet. */
  readonly openCount: number;
};

/**
 * Comparisons that have runs, the newest first.
 * @param wanted an id, the first 8 characters of one or more, or a name in full; null: all, the newest 200
 */
export async function findComparisons(
  query: Query,
  wanted: string | null,
): Promise<readonly ListedComparison[]> {
  const rows = await query(
    `select comparison_id, name, started_at_us, facts->'runCount' as run_count,
       (select count(*) from run where run.comparison_id = comparison.comparison_id) as stored_count
     from comparison
     where exists (select from run where run.comparison_id = comparison.comparison_id) and ($1::text is null or name = $1
       or (length($1) >= 8 and left(comparison_id, length($1)) = $1))
     order by started_at_us desc, comparison_id limit 200`,
    [wanted],
  );
  return rows.map((row) => ({
    id: String(row["comparison_id"]),
    name: String(row["name"]),
    startedAtUs: Number(row["started_at_us"]),
    runCount: Number(row["run_count"]),
    storedCount: Number(row["stored_count"]),
  }));
}

/** Everything of one comparison but observations; null when there is none of that id. */
export async function readComparison(query: Query, id: string): Promise<StoredComparison | null> {
  const [found] = await query("select facts from comparison where comparison_id = $1", [id]);
  if (found === undefined) return null;
  const rows = await query(
    "select run_id, head, run_end from run where comparison_id = $1 order by ended_at_us, run_id",
    [id],
  );
  const results = await readResultsOf(query, id);
  const runs = rows.flatMap(({ run_id, head, run_end: end }): readonly Run[] =>
    end === null
      ? []
      : [
          {
            ...(head as RunHead),
            ...(end as Omit<RunEnd, "results">),
            results: results.get(String(run_id)) ?? [],
          },
        ],
  );
  return { comparison: found["facts"] as Comparison, runs, openCount: rows.length - runs.length };
}

/** Results by run id. */
async function readResultsOf(
  query: Query,
  comparisonId: string,
): Promise<ReadonlyMap<string, readonly RunResult[]>> {
  const measures = new Map<string, Measure[]>();
  const measured = await query(
    `select run_id, stream, key, unit, value, bound, why from measure join run using (run_id)
     where comparison_id = $1 order by run_id, stream, key`,
    [comparisonId],
  );
  for (const row of measured) {
    const place = `${String(row["run_id"])} ${Number(row["stream"])}`;
    const own = measures.get(place) ?? [];
    own.push(toMeasure(row));
    measures.set(place, own);
  }
  const results = new Map<string, RunResult[]>();
  const streams = await query(
    `select run_id, stream, stream.facts from stream join run using (run_id)
     where comparison_id = $1 order by run_id, stream`,
    [comparisonId],
  );
  for (const { run_id: runId, stream, facts } of streams) {
    const own = results.get(String(runId)) ?? [];
    own.push({
      ...(facts as Omit<RunResult, "measures">),
      measures: measures.get(`${String(runId)} ${Number(stream)}`) ?? [],
    });
    results.set(String(runId), own);
  }
  return results;
}
