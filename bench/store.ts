import { mkdtempSync, rmSync, statSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import * as v from "valibot";

import { toColumns, type ObservationColumns } from "../src/core/runs/observation-columns.ts";
import type { RunFileLine } from "../src/core/runs/read-journal.ts";
import { runQuerySchema } from "../src/core/wire/runs.ts";
import { insertChunk } from "../src/server/store/chunk.ts";
import type { Query } from "../src/server/store/database.ts";
import { toCsv, toParquet } from "../src/server/store/export.ts";
import {
  appendJournal,
  testId,
  testJournal,
  testRows,
  testStartUs,
} from "../src/server/store/journal.fake.ts";
import { listRuns } from "../src/server/store/list-runs.ts";
import { readChart, readObservations } from "../src/server/store/observations.ts";
import { lackOfPostgres, startPostgres } from "../src/server/store/postgres-server.fake.ts";
import { createStore, type RunStore } from "../src/server/store/store.ts";
import { takeLines } from "../src/server/store/take-lines.ts";
import type { Bench } from "./bench-type.ts";

/** Rows of a chunk as compaction leaves them. */
const chunkRows = 8192;
const mainRun = 10;

type Timed<Value> = { readonly value: Value; readonly tookMs: number };

async function timed<Value>(work: () => Promise<Value>): Promise<Timed<Value>> {
  const startMs = performance.now();
  return { value: await work(), tookMs: performance.now() - startMs };
}

async function ask<Value>(store: RunStore, work: (query: Query) => Promise<Value>): Promise<Value> {
  const asked = await store.change(work);
  if (!asked.ok) throw new Error(asked.failure.cause ?? asked.failure.next);
  return asked.value;
}

/** Journals as commands write them, one line a second of each stream, taken up whole: what keeping up with life costs. */
async function benchTakeUp(store: RunStore, rowCount: number): Promise<number> {
  const name = "taken-up.jsonl";
  const lines: readonly RunFileLine[] = testJournal({ number: 99 }, rowCount);
  appendJournal(store.journalDirectory, name, lines);
  const { value, tookMs } = await timed(store.keeper.takeUp);
  if (value.failure !== null || value.complaints.length > 0) throw new Error(JSON.stringify(value));
  return rowCount / (tookMs / 1000);
}

/** One run with many observations, stored in chunks; answers observations per second, the making of them not counted. */
async function fill(store: RunStore, rowCount: number, progress: (text: string) => void): Promise<number> {
  await ask(store, (query) =>
    takeLines(
      query,
      testJournal({ number: mainRun }, 0).filter(({ kind }) => kind === "comparison" || kind === "begin"),
    ),
  );
  let storingMs = 0;
  for (let index = 0; index < rowCount; index += chunkRows) {
    const columns = roughen(toColumns(testRows(index, Math.min(chunkRows, rowCount - index)), index));
    storingMs += (await timed(() => ask(store, (query) => insertChunk(query, testId(mainRun), 1, columns))))
      .tookMs;
    if (index % (chunkRows * 200) === 0) progress(`  ${index} observations stored`);
  }
  return rowCount / (storingMs / 1000);
}

/** Gives figures the noise that measured ones have: smooth ones would pack better than life. */
function roughen(columns: ObservationColumns): ObservationColumns {
  for (let row = 0; row < columns.rowCount; row += 1) {
    const shiftUs = Math.round(Math.random() * 4000);
    columns.displayTimeUs[row] = (columns.displayTimeUs[row] ?? 0) + shiftUs;
    columns.captureTimeUs[row] = (columns.captureTimeUs[row] ?? 0) + Math.round(Math.random() * 500);
    columns.latencyMs[row] = (columns.latencyMs[row] ?? 0) - Math.random();
    columns.latencyBoundMs[row] = (columns.latencyBoundMs[row] ?? 0) + (row % 240) * 1e-5;
    columns.readMs[row] = Math.round(Math.random() * 10) / 10;
  }
  return columns;
}

function directoryBytes(directory: string): number {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}

const whole = { runId: testId(mainRun), stream: 1, fromUs: null, untilUs: null, minLatencyMs: null };

async function benchReading(store: RunStore, rowCount: number): Promise<Readonly<Record<string, number>>> {
  const list = await timed(() => ask(store, (query) => listRuns(query, v.parse(runQuerySchema, {}))));
  const chart = await timed(() => ask(store, (query) => readChart(query, whole, 600)));
  const middleUs = testStartUs + (rowCount / 120) * 1e6;
  const zoom = { ...whole, fromUs: Math.round(middleUs), untilUs: Math.round(middleUs + 600e6) };
  const zoomed = await timed(() => ask(store, (query) => readChart(query, zoom, 600)));
  let filteredCount = 0;
  const filtered = await timed(() =>
    ask(store, async (query) => {
      for await (const { rowCount: count } of readObservations(query, { ...whole, minLatencyMs: 67.5 }))
        filteredCount += count;
    }),
  );
  let csvBytes = 0;
  const tenth = { ...whole, untilUs: Math.round(testStartUs + (rowCount / 600) * 1e6) };
  const csv = await timed(() =>
    ask(store, async (query) => {
      for await (const text of toCsv(readObservations(query, tenth))) csvBytes += text.length;
    }),
  );
  let parquetBytes = 0;
  const parquet = await timed(() =>
    ask(store, async (query) => {
      for await (const bytes of toParquet(readObservations(query, tenth))) parquetBytes += bytes.length;
    }),
  );
  return {
    listMs: list.tookMs,
    chartWholeMs: chart.tookMs,
    chartTenMinutesMs: zoomed.tookMs,
    filterByLatencyMs: filtered.tookMs,
    filteredCount,
    csvOfATenthMs: csv.tookMs,
    csvBytes,
    parquetOfATenthMs: parquet.tookMs,
    parquetBytes,
  };
}

async function benchDatabase(
  databaseUrl: string | null,
  rowCount: number,
  progress: (text: string) => void,
): Promise<Readonly<Record<string, unknown>>> {
  const directory = mkdtempSync(join(tmpdir(), "streamgauge-bench-"));
  const store = createStore({ directory, databaseUrl });
  const opened = await timed(store.open);
  if (!opened.value.ok) throw new Error(opened.value.failure.cause);
  const takenUpPerS = await benchTakeUp(store, 120_000);
  const storedPerS = await fill(store, rowCount, progress);
  const [size] = await ask(store, (query) => query("select pg_total_relation_size('chunk') as bytes"));
  const reading = await benchReading(store, rowCount);
  const result = {
    database: databaseUrl === null ? "embedded" : "server",
    openedNewMs: opened.tookMs,
    takenUpPerS,
    storedPerS,
    bytesPerObservation: Number(size?.["bytes"]) / (rowCount + 120_000),
    directoryMb: directoryBytes(directory) / 1e6,
    ...reading,
    residentMb: process.memoryUsage.rss() / 1e6,
  };
  await store.close();
  const again = createStore({ directory, databaseUrl });
  const reopened = await timed(again.open);
  await again.close();
  rmSync(directory, { recursive: true });
  return { ...result, reopenedMs: reopened.tookMs };
}

/** How fast runs are stored and read, in both databases. */
export const bench: Bench = {
  name: "store",
  about:
    "observations stored, listed, filtered, charted and exported, embedded and in a PostgreSQL server (fsync off)",
  run: async ({ quick, progress }) => {
    const rowCount = quick ? 1_000_000 : 10_000_000;
    const results = [await benchDatabase(null, rowCount, progress)];
    const lack = lackOfPostgres();
    if (lack === null) {
      const postgres = await startPostgres();
      results.push(await benchDatabase(postgres.url, rowCount, progress));
      await postgres.close();
    } else progress(`  no PostgreSQL server: ${lack}`);
    return { observationCount: rowCount, results };
  },
};
