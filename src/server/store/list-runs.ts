import type { Measure } from "../../core/runs/run.ts";
import type { ListedRun, ListedStream, RunList, RunQuery, RunState } from "../../core/wire/runs.ts";
import type { Query, Row, SqlValue } from "./database.ts";
import { toMeasure } from "./rows.ts";

/** One page of the runs that a query asks for, and how many there are in all. */
export async function listRuns(query: Query, asked: RunQuery): Promise<RunList> {
  const { where, values } = conditionsOf(asked);
  const [counted] = await query(`select count(*) as total ${tables} ${where}`, values);
  const direction = asked.order === "ascending" ? "asc" : "desc";
  const byStart = asked.sort === "started";
  const sorting = byStart
    ? "run.started_at_us"
    : `(select min(value) from measure where measure.run_id = run.run_id and key = $${values.length + 1})`;
  const rows = await query(
    `select run.run_id, run.comparison_id, comparison.name, run.started_at_us, ended_at_us, outcome, is_saturated, note, tags, head
     ${tables} ${where} order by ${sorting} ${direction} nulls last, run.run_id ${direction}
     limit ${asked.limit} offset ${asked.offset}`,
    byStart ? values : [...values, asked.sort],
  );
  const streams = await streamsOf(
    query,
    rows.map((row) => String(row["run_id"])),
    asked.measures,
  );
  const runs = rows.map((row) => toListedRun(row, streams.get(String(row["run_id"])) ?? []));
  return { runs, totalCount: Number(counted?.["total"] ?? 0) };
}

const tables = "from run join comparison using (comparison_id)";

function hasStream(condition: string): string {
  return `exists (select from stream where stream.run_id = run.run_id and ${condition})`;
}

function conditionsOf(asked: RunQuery): { readonly where: string; readonly values: readonly SqlValue[] } {
  const conditions: string[] = [];
  const values: SqlValue[] = [];
  const add = (value: SqlValue | undefined, toCondition: (place: string) => string): void => {
    if (value === undefined || value === "") return;
    values.push(value);
    conditions.push(toCondition(`$${values.length}`));
  };
  add(asked.provider, (place) => hasStream(`provider = ${place}`));
  add(asked.tag, (place) => `tags @> array[${place}]::text[]`);
  add(asked.comparison, (place) => `run.comparison_id = ${place}`);
  add(asked.state, (place) => `outcome = ${place}`);
  add(asked.fromUs, (place) => `run.started_at_us >= ${place}`);
  add(asked.untilUs, (place) => `run.started_at_us < ${place}`);
  const pattern =
    asked.text === undefined ? undefined : `%${asked.text.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
  add(
    asked.text === "" ? undefined : pattern,
    (place) =>
      `(comparison.name ilike ${place} or note ilike ${place} or array_to_string(tags, ' ') ilike ${place} or ${hasStream(`provider ilike ${place}`)})`,
  );
  return { where: conditions.length === 0 ? "" : `where ${conditions.join(" and ")}`, values };
}

async function streamsOf(
  query: Query,
  runIds: readonly string[],
  keys: readonly string[],
): Promise<ReadonlyMap<string, readonly ListedStream[]>> {
  const bare = await query(
    "select run_id, stream, provider, outcome from stream where run_id = any($1::text[]) order by run_id, stream",
    [runIds],
  );
  const figures = await query(
    "select run_id, stream, key, unit, value, bound, why from measure where run_id = any($1::text[]) and key = any($2::text[])",
    [runIds, keys],
  );
  const measures = new Map<string, Measure[]>();
  for (const row of figures) {
    const place = `${String(row["run_id"])} ${String(row["stream"])}`;
    measures.set(place, [...(measures.get(place) ?? []), toMeasure(row)]);
  }
  const streams = new Map<string, ListedStream[]>();
  for (const row of bare) {
    const runId = String(row["run_id"]);
    const number = Number(row["stream"]);
    const stream = {
      number,
      provider: String(row["provider"]),
      state: row["outcome"] as RunState,
      measures: measures.get(`${runId} ${number}`) ?? [],
    };
    streams.set(runId, [...(streams.get(runId) ?? []), stream]);
  }
  return streams;
}

type HeadFacts = Pick<ListedRun, "number" | "repeat" | "attempt" | "settings"> & {
  readonly conditions: { readonly asked: { readonly name: string } };
};

function toListedRun(row: Row, streams: readonly ListedStream[]): ListedRun {
  const head = row["head"] as HeadFacts;
  return {
    id: String(row["run_id"]),
    comparisonId: String(row["comparison_id"]),
    comparisonName: String(row["name"]),
    startedAtUs: Number(row["started_at_us"]),
    endedAtUs: row["ended_at_us"] === null ? null : Number(row["ended_at_us"]),
    state: row["outcome"] as RunState,
    isSaturated: row["is_saturated"] as boolean | null,
    number: head.number,
    repeat: head.repeat,
    attempt: head.attempt,
    settings: head.settings,
    conditions: head.conditions.asked.name,
    note: String(row["note"]),
    tags: row["tags"] as readonly string[],
    streams,
  };
}
