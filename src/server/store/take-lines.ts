import { toColumns, type ObservationColumns } from "../../core/runs/observation-columns.ts";
import type { RunFileLine } from "../../core/runs/read-journal.ts";
import type { Comparison, RunEnd, RunHead, RunResult } from "../../core/runs/run.ts";
import { rowBytes } from "../../core/timeline/observation-row.ts";
import { insertChunk, sliceColumns } from "./chunk.ts";
import { compactSmallChunks } from "./compact.ts";
import { dataFault } from "./database-failure.ts";
import type { Query } from "./database.ts";

/**
 * Stores lines of a journal or a run file, in their order. Storing a line again changes nothing, and lines of a run that was
 * deleted are left out. Meant to be called within a transaction.
 */
export async function takeLines(query: Query, lines: readonly RunFileLine[]): Promise<void> {
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at];
    if (line === undefined) return;
    if (line.kind === "observations") {
      const joined = joinObservations(lines, at);
      await takeObservations(query, line.runId, line.stream, joined.columns);
      at += joined.lineCount - 1;
    } else await takeLine(query, line);
  }
}

type OtherLine = Exclude<RunFileLine, { readonly kind: "observations" }>;

async function takeLine(query: Query, line: OtherLine): Promise<void> {
  switch (line.kind) {
    case "journal":
    case "closed":
      return;
    case "comparison":
      await takeComparison(query, line.comparison);
      return;
    case "begin":
      await takeBegin(query, line.run);
      return;
    case "snapshot":
      await query(
        "update stream set last_snapshot = $3::text::jsonb where run_id = $1 and stream = $2 and outcome = 'open'",
        [line.runId, line.stream, JSON.stringify({ snapshot: line.snapshot, events: line.events })],
      );
      return;
    case "end":
      await takeEnd(query, line.runId, line.end);
      return;
    case "remarks":
      await query("update run set note = $2, tags = $3 where run_id = $1", [
        line.runId,
        line.remarks.note,
        line.remarks.tags,
      ]);
  }
}

async function takeComparison(query: Query, comparison: Comparison): Promise<void> {
  await query(
    "insert into comparison (comparison_id, name, started_at_us, facts) values ($1, $2, $3, $4::text::jsonb) on conflict do nothing",
    [comparison.id, comparison.name, comparison.startedAtUs, JSON.stringify(comparison)],
  );
}

async function takeBegin(query: Query, run: RunHead): Promise<void> {
  const made = await query(
    `insert into run (run_id, comparison_id, started_at_us, outcome, head)
     select $1, $2, $3, 'open', $4::text::jsonb where not exists (select from deleted_run where run_id = $1)
     on conflict do nothing returning run_id`,
    [run.id, run.comparisonId, run.startedAtUs, JSON.stringify(run)],
  );
  if (made.length === 0) return;
  for (const stream of run.streams) {
    await query(
      "insert into stream (run_id, stream, provider, outcome, facts) values ($1, $2, $3, 'open', $4::text::jsonb)",
      [run.id, stream.number, stream.provider, JSON.stringify(stream)],
    );
  }
}

/** Most observations that become one chunk where a journal is read late. */
const maxJoinedRows = 8192;

/** Joins lines of one stream that follow each other without a gap, so that few chunks are made. */
function joinObservations(
  lines: readonly RunFileLine[],
  from: number,
): { readonly columns: ObservationColumns; readonly lineCount: number } {
  const pieces: Uint8Array[] = [];
  const first = lines[from];
  let byteCount = 0;
  for (let at = from; at < lines.length && byteCount < maxJoinedRows * rowBytes; at += 1) {
    const line = lines[at];
    if (line?.kind !== "observations" || first?.kind !== "observations") break;
    const isNext =
      line.runId === first.runId &&
      line.stream === first.stream &&
      line.firstIndex === first.firstIndex + byteCount / rowBytes;
    if (!isNext) break;
    const rows = Buffer.from(line.rows, "base64");
    const whole = rows.subarray(0, rows.length - (rows.length % rowBytes));
    pieces.push(whole);
    byteCount += whole.length;
  }
  const firstIndex = first?.kind === "observations" ? first.firstIndex : 0;
  return { columns: columnsOf(Buffer.concat(pieces), firstIndex), lineCount: pieces.length };
}

function columnsOf(rows: Uint8Array, firstIndex: number): ObservationColumns {
  try {
    return toColumns(rows, firstIndex);
  } catch (error) {
    throw dataFault(error);
  }
}

/** Stores observations; those with an index that is there already are left out. */
async function takeObservations(
  query: Query,
  runId: string,
  stream: number,
  columns: ObservationColumns,
): Promise<void> {
  const [known] = await query(
    `select coalesce(max(first_index + row_count), 0) as end_index, count(first_index) filter (where row_count < 4096) as small_count
     from stream left join chunk using (run_id, stream) where run_id = $1 and stream = $2 group by run_id, stream`,
    [runId, stream],
  );
  // The run was deleted, or never began.
  if (known === undefined) return;
  const fresh = dropBefore(columns, Number(known["end_index"]));
  if (fresh.rowCount === 0) return;
  await insertChunk(query, runId, stream, fresh);
  if (Number(known["small_count"]) >= 128) await compactSmallChunks(query, runId, stream);
}

function dropBefore(columns: ObservationColumns, index: number): ObservationColumns {
  const skip = Math.min(Math.max(0, index - columns.firstIndex), columns.rowCount);
  return skip === 0 ? columns : sliceColumns(columns, skip, columns.rowCount);
}

/** Stores how a run ended, with the measures of its streams; a run that has ended stays as it is. */
export async function takeEnd(query: Query, runId: string, end: RunEnd): Promise<void> {
  const { results, ...own } = end;
  const ended = await query(
    `update run set ended_at_us = $2, outcome = $3, is_saturated = $4, run_end = $5::text::jsonb
     where run_id = $1 and outcome in ('open', 'cut') and (outcome = 'open' or $3 <> 'cut') returning run_id`,
    [runId, end.endedAtUs, end.outcome.kind, end.load.isSaturated, JSON.stringify(own)],
  );
  if (ended.length === 0) return;
  for (const result of results) await takeResult(query, runId, result);
}

async function takeResult(query: Query, runId: string, result: RunResult): Promise<void> {
  const { measures, ...facts } = result;
  const stream = result.number;
  const known = await query(
    "update stream set outcome = $3, provider = $4, facts = $5::text::jsonb, last_snapshot = null where run_id = $1 and stream = $2 returning stream",
    [runId, stream, result.outcome.kind, result.provider, JSON.stringify(facts)],
  );
  if (known.length === 0) return;
  await query("delete from measure where run_id = $1 and stream = $2", [runId, stream]);
  const unique = [...new Map(measures.map((measure) => [measure.key, measure])).values()];
  const figures = unique.map(({ figure }) => figure);
  await query(
    `insert into measure (run_id, stream, key, unit, value, bound, why)
     select $1, $2, * from unnest($3::text[], $4::text[], $5::float8[], $6::float8[], $7::text[])`,
    [
      runId,
      stream,
      unique.map(({ key }) => key),
      unique.map(({ unit }) => unit),
      figures.map((figure) => (figure.known ? figure.value : null)),
      figures.map((figure) => (figure.known ? figure.bound : null)),
      figures.map((figure) => (figure.known ? null : figure.why)),
    ],
  );
  await compactSmallChunks(query, runId, stream);
}
