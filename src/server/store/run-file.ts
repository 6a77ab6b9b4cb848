import type { RunFileLine } from "../../core/runs/read-journal.ts";
import { toRows } from "../../core/runs/rows-from-columns.ts";
import type { Measure, RunEnd, RunResult } from "../../core/runs/run.ts";
import type { Query } from "./database.ts";
import { readObservations } from "./observations.ts";
import { journalHead } from "./owner.ts";
import { readRun } from "./read-run.ts";
import { toMeasure } from "./rows.ts";

/** Rows of one line: half a megabyte of base64. */
const rowsPerLine = 6000;

/** A run as the lines of a run file: a journal of its own, which any store takes up. Nothing for a run that is not there. */
export async function* writeRunFile(query: Query, runId: string, nowUs: number): AsyncGenerator<string> {
  const run = await readRun(query, runId);
  if (run === null) return;
  const { comparison, head, remarks } = run;
  yield toLine(journalHead(nowUs));
  yield toLine({ kind: "comparison", comparison });
  yield toLine({ kind: "begin", run: head });
  for (const { number } of run.streams) yield* observationLines(query, runId, number);
  if (run.end !== null)
    yield toLine({ kind: "end", runId, end: { ...run.end, results: await readResults(query, runId) } });
  if (remarks.note !== "" || remarks.tags.length > 0) yield toLine({ kind: "remarks", runId, remarks });
  yield toLine({ kind: "closed", atUs: nowUs });
}

function toLine(line: RunFileLine): string {
  return `${JSON.stringify(line)}\n`;
}

async function* observationLines(query: Query, runId: string, stream: number): AsyncGenerator<string> {
  const filter = { runId, stream, fromUs: null, untilUs: null, minLatencyMs: null };
  for await (const columns of readObservations(query, filter)) {
    const bytes = Buffer.from(toRows(columns));
    for (let row = 0; row < columns.rowCount; row += rowsPerLine) {
      const rows = bytes.subarray(row * 64, (row + rowsPerLine) * 64).toString("base64");
      yield toLine({ kind: "observations", runId, stream, firstIndex: columns.firstIndex + row, rows });
    }
  }
}

async function readResults(query: Query, runId: string): Promise<RunEnd["results"]> {
  const streams = await query("select stream, facts from stream where run_id = $1 order by stream", [runId]);
  const rows = await query("select stream, key, unit, value, bound, why from measure where run_id = $1", [
    runId,
  ]);
  const measuresOf = (stream: unknown): readonly Measure[] =>
    rows.filter((row) => row["stream"] === stream).map(toMeasure);
  const results: RunResult[] = [];
  for (const { stream, facts } of streams) {
    results.push({ ...(facts as Omit<RunResult, "measures">), measures: measuresOf(stream) });
  }
  return results;
}
