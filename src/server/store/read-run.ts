import type { Comparison, RunEnd, RunHead, StreamHead } from "../../core/runs/run.ts";
import type { RunChoices, RunState, RunTrend, StoredRun, StoredStream } from "../../core/wire/runs.ts";
import type { Query, Row } from "./database.ts";
import { networkSql, settingsSql, toMeasure } from "./rows.ts";

/** One run in full; null when there is none of that id. */
export async function readRun(query: Query, runId: string): Promise<StoredRun | null> {
  const [row] = await query(
    "select run.*, comparison.facts as comparison from run join comparison using (comparison_id) where run_id = $1",
    [runId],
  );
  if (row === undefined) return null;
  return {
    comparison: row["comparison"] as Comparison,
    head: row["head"] as RunHead,
    state: row["outcome"] as RunState,
    end: row["run_end"] as Omit<RunEnd, "results"> | null,
    remarks: { note: String(row["note"]), tags: row["tags"] as readonly string[] },
    streams: await readStreams(query, runId),
  };
}

type StreamFacts = StreamHead & Partial<Pick<StoredStream, "outcome" | "kind" | "events">>;

async function readStreams(query: Query, runId: string): Promise<readonly StoredStream[]> {
  const rows = await query(
    `select stream, outcome, facts, (select coalesce(sum(row_count), 0) from chunk where chunk.run_id = stream.run_id and chunk.stream = stream.stream) as observation_count
     from stream where run_id = $1 order by stream`,
    [runId],
  );
  const measures = await query(
    "select stream, key, unit, value, bound, why from measure where run_id = $1 order by key",
    [runId],
  );
  return rows.map((row) => {
    const { number, provider, via, address, outcome, kind, events } = row["facts"] as StreamFacts;
    return {
      number,
      provider,
      via,
      address,
      state: row["outcome"] as RunState,
      outcome: outcome ?? null,
      kind: kind ?? "",
      measures: measures.filter((each) => each["stream"] === row["stream"]).map(toMeasure),
      observationCount: Number(row["observation_count"]),
      events: events ?? [],
    };
  });
}

/** What of a measure's figures is asked for; what is null does not restrict. */
export type TrendQuery = {
  readonly key: string;
  readonly provider: string | null;
  /** Name of a plan. */
  readonly plan: string | null;
  /** As `TrendFigure` has them. */
  readonly settings: string | null;
  readonly network: string | null;
  readonly limit: number;
};

/** A measure's figures over time, oldest first; the newest `limit` of them. */
export async function readTrend(query: Query, asked: TrendQuery): Promise<RunTrend> {
  const rows = await query(
    `select measure.*, provider, run.started_at_us, name as plan, ${settingsSql} as settings, ${networkSql} as network
     from measure join stream using (run_id, stream) join run using (run_id) join comparison using (comparison_id)
     where key = $1 and ($2::text is null or provider = $2) and run.outcome = 'measured' and ($3::text is null or name = $3)
       and ($4::text is null or ${settingsSql} = $4) and ($5::text is null or ${networkSql} = $5)
     order by run.started_at_us desc, run_id, stream limit $6`,
    [asked.key, asked.provider, asked.plan, asked.settings, asked.network, asked.limit],
  );
  return {
    unit: rows[0] === undefined ? "" : String(rows[0]["unit"]),
    figures: rows.toReversed().map((row: Row) => ({
      runId: String(row["run_id"]),
      stream: Number(row["stream"]),
      provider: String(row["provider"]),
      plan: String(row["plan"]),
      settings: String(row["settings"]),
      network: String(row["network"]),
      startedAtUs: Number(row["started_at_us"]),
      figure: toMeasure(row).figure,
    })),
  };
}

/** Most choices of one kind: more are not offered, though they can be asked for. */
const maxChoices = 500;

/** What there is to filter by. */
export async function readChoices(query: Query): Promise<RunChoices> {
  const providers = await query(`select distinct provider from stream order by provider limit ${maxChoices}`);
  const tags = await query(`select distinct unnest(tags) as tag from run order by tag limit ${maxChoices}`);
  const comparisons = await query(
    `select comparison_id, name from comparison where exists (select from run where run.comparison_id = comparison.comparison_id)
     order by started_at_us desc limit ${maxChoices}`,
  );
  const measures = await query(
    `select key, min(unit) as unit from measure group by key order by key limit ${maxChoices}`,
  );
  return {
    providers: providers.map(({ provider }) => String(provider)),
    tags: tags.map(({ tag }) => String(tag)),
    comparisons: comparisons.map((row) => ({ id: String(row["comparison_id"]), name: String(row["name"]) })),
    measures: measures.map(({ key, unit }) => ({ key: String(key), unit: String(unit) })),
  };
}
