import { appendFileSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import * as v from "valibot";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";

import type { Result } from "../../core/failure.ts";
import { toRows } from "../../core/runs/rows-from-columns.ts";
import { runQuerySchema } from "../../core/wire/runs.ts";
import {
  appendJournal,
  testEnd,
  testHead,
  testId,
  testJournal,
  testObservations,
  testRows,
  testStartUs,
} from "./journal.fake.ts";
import { listRuns } from "./list-runs.ts";
import { putMadeStore } from "./made-store.fake.ts";
import { readChart, readObservations, type ObservationFilter } from "./observations.ts";
import { lackOfPostgres, startPostgres, type TestPostgres } from "./postgres-server.fake.ts";
import { readChoices, readRun, readTrend } from "./read-run.ts";
import { createStore, type RunStore } from "./store.ts";

const databases = [
  { kind: "the embedded database", lack: null, isServer: false },
  { kind: "a PostgreSQL server", lack: lackOfPostgres(), isServer: true },
];

function must<Value>(result: Result<Value>): Value {
  if (!result.ok) throw new Error(`${result.failure.what}: ${result.failure.cause ?? result.failure.next}`);
  return result.value;
}

/** No process has this number: Linux's largest is 2^22. */
const noPid = 99_999_999;

const all: ObservationFilter = {
  runId: testId(10),
  stream: 1,
  fromUs: null,
  untilUs: null,
  minLatencyMs: null,
};

const allTrend = { key: "latency.p95", provider: null, plan: null, settings: null, network: null, limit: 10 };

for (const { kind, lack, isServer } of databases) {
  describe.skipIf(lack !== null)(
    `runs in ${kind}${lack === null ? "" : ` (skipped: ${lack})`}`,
    { timeout: 30_000 },
    () => {
      let postgres: TestPostgres | null = null;
      let directory = "";
      let store: RunStore;
      beforeAll(async () => {
        if (isServer) postgres = await startPostgres();
        directory = mkdtempSync(join(tmpdir(), "streamgauge-store-"));
        if (!isServer) await putMadeStore(directory);
        store = createStore({ directory, databaseUrl: postgres?.url ?? null });
        must(await store.open());
      }, 120_000);
      afterAll(async () => {
        await store.close();
        await postgres?.close();
        rmSync(directory, { recursive: true, force: true });
      });
      beforeEach(async () => {
        must(await store.change((query) => query("truncate comparison, run, deleted_run cascade")));
      });
      afterEach(() => {
        for (const name of readdirSync(store.journalDirectory)) rmSync(join(store.journalDirectory, name));
      });

      let madeCount = 0;
      const newName = (): string => `${(madeCount += 1)}.jsonl`;
      const keep = (...runs: Parameters<typeof testJournal>): void =>
        appendJournal(store.journalDirectory, newName(), testJournal(...runs));
      const list = async (query: Record<string, string> = {}) =>
        must(await store.ask((ask) => listRuns(ask, v.parse(runQuerySchema, query))));
      const rowsOf = async (filter: ObservationFilter) => {
        const pieces: Uint8Array[] = [];
        must(
          await store.ask(async (query) => {
            for await (const columns of readObservations(query, filter)) pieces.push(toRows(columns));
          }),
        );
        return Buffer.concat(pieces);
      };

      it("come back as they were measured, and their journal is gone", async () => {
        keep({ number: 10 });
        expect(await store.keeper.takeUp()).toMatchObject({ failure: null, journalCount: 0, complaints: [] });
        expect(readdirSync(store.journalDirectory)).toEqual([]);
        const run = must(await store.ask((query) => readRun(query, testId(10))));
        expect(run).toMatchObject({ head: testHead({ number: 10 }), state: "measured" });
        const { results, ...end } = testEnd({ number: 10 }, 180);
        expect(run?.end).toEqual(end);
        expect(run?.streams[0]?.measures).toEqual(results[0]?.measures);
        expect(run?.streams[0]?.observationCount).toBe(180);
        expect((await rowsOf(all)).equals(testRows(0, 180))).toBe(true);
      });

      it("are stored once, however often their lines are read", async () => {
        keep({ number: 10 });
        await store.keeper.takeUp();
        keep({ number: 10 });
        expect((await store.keeper.takeUp()).failure).toBeNull();
        expect((await list()).totalCount).toBe(1);
        expect((await rowsOf(all)).equals(testRows(0, 180))).toBe(true);
      });

      it("are there while they are measured, and a torn line waits for its rest", async () => {
        const lines = testJournal({ number: 10 });
        const rest = JSON.stringify(testObservations(10, 60, 60));
        const name = newName();
        appendJournal(store.journalDirectory, name, lines.slice(0, 4));
        appendFileSync(join(store.journalDirectory, name), rest.slice(0, 100));
        await store.keeper.takeUp();
        expect((await list()).runs[0]).toMatchObject({ state: "open", endedAtUs: null });
        expect((await rowsOf(all)).equals(testRows(0, 60))).toBe(true);
        appendFileSync(join(store.journalDirectory, name), `${rest.slice(100)}\n`);
        await store.keeper.takeUp();
        expect((await rowsOf(all)).equals(testRows(0, 120))).toBe(true);
      });

      it("are cut when the command that measured them is gone", async () => {
        const lines = testJournal({ number: 10 }, 120, noPid).filter(
          ({ kind: each }) => each !== "end" && each !== "closed",
        );
        appendJournal(store.journalDirectory, newName(), lines);
        await store.keeper.takeUp();
        await store.keeper.takeUp();
        const run = must(await store.ask((query) => readRun(query, testId(10))));
        expect(run).toMatchObject({ state: "cut", streams: [{ state: "cut", observationCount: 120 }] });
        expect(run?.end?.load.meanRatio).toMatchObject({ known: false });
        expect(readdirSync(store.journalDirectory)).toEqual([]);
      });

      it("with a line that is broken are kept, and the journal stays beside", async () => {
        const lines = testJournal({ number: 10 }).map((line) => JSON.stringify(line));
        const path = join(store.journalDirectory, newName());
        appendFileSync(
          path,
          `${lines.slice(0, 4).join("\n")}\n{"kind":"end","runId":7}\n${lines.slice(4).join("\n")}\n`,
        );
        const { complaints } = await store.keeper.takeUp();
        expect(complaints).toEqual([expect.stringMatching(/^\d+\.jsonl: runId: /)]);
        expect((await list()).runs[0]).toMatchObject({ state: "measured" });
        expect(existsSync(`${path}.broken`)).toBe(true);
      });

      it("stay deleted while their journal is still read", async () => {
        const lines = testJournal({ number: 10 });
        const name = newName();
        appendJournal(store.journalDirectory, name, lines.slice(0, 5));
        await store.keeper.takeUp();
        await store.change(async (query) => {
          await query("insert into deleted_run values ($1)", [testId(10)]);
          await query("delete from run where run_id = $1", [testId(10)]);
        });
        appendJournal(store.journalDirectory, name, lines.slice(2));
        await store.keeper.takeUp();
        expect((await list()).totalCount).toBe(0);
      });

      it("are listed, filtered and sorted by what people ask for", async () => {
        keep({ number: 10, provider: "direct", latencyP95Ms: 60, startedAtUs: testStartUs });
        keep({ number: 11, provider: "CDN 100%", latencyP95Ms: 900, startedAtUs: testStartUs + 1e6 });
        keep({ number: 12, provider: "direct", latencyP95Ms: 50, startedAtUs: testStartUs + 2e6 });
        await store.keeper.takeUp();
        const numbers = async (query: Record<string, string>) =>
          (await list(query)).runs.map(({ number }) => number);
        expect(await numbers({})).toEqual([12, 11, 10]);
        expect(await numbers({ provider: "direct" })).toEqual([12, 10]);
        expect(await numbers({ text: "0%" })).toEqual([11]);
        expect(await numbers({ text: "NOON", limit: "1", offset: "1" })).toEqual([11]);
        expect(await numbers({ sort: "latency.p95", order: "ascending" })).toEqual([12, 10, 11]);
        expect(
          await numbers({ fromUs: String(testStartUs + 1), untilUs: String(testStartUs + 2e6) }),
        ).toEqual([11]);
        expect(await numbers({ state: "failed" })).toEqual([]);
        expect((await list({ provider: "direct" })).totalCount).toBe(2);
        expect((await list()).runs[0]?.streams[0]?.measures.map(({ key }) => key).toSorted()).toEqual([
          "latency.p50",
          "latency.p95",
        ]);
        expect(must(await store.ask(readChoices)).providers).toEqual(["CDN 100%", "direct"]);
        const trend = must(await store.ask((query) => readTrend(query, { ...allTrend, provider: "direct" })));
        expect(trend.figures.map(({ figure }) => figure.known && figure.value)).toEqual([60, 50]);
      });

      it("of many small lines are packed, and read by time and by latency", async () => {
        keep({ number: 10 }, 20_000);
        await store.keeper.takeUp();
        const [counted] = must(await store.ask((query) => query("select count(*) as count from chunk")));
        expect(Number(counted?.["count"])).toBeLessThanOrEqual(4);
        expect((await rowsOf(all)).equals(testRows(0, 20_000))).toBe(true);
        const fromUs = testStartUs + 1e6;
        expect(await rowsOf({ ...all, fromUs, untilUs: fromUs + 1e6 })).toEqual(
          Buffer.from(testRows(60, 60)),
        );
        expect(await rowsOf({ ...all, minLatencyMs: 70 })).toHaveLength(0);
        expect((await rowsOf({ ...all, minLatencyMs: 68 })).length / 64).toBe(400);
      });

      it("draw a chart that holds every frame and every extreme", async () => {
        keep({ number: 10 }, 20_000);
        await store.keeper.takeUp();
        for (const slices of [500, 20]) {
          const chart = must(await store.ask((query) => readChart(query, all, slices)));
          expect(chart?.frameCounts).toHaveLength(slices);
          expect(chart?.frameCounts.reduce((sum, count) => sum + count, 0)).toBe(20_000);
          expect(Math.max(...(chart?.greatestMs ?? []).map(Number))).toBe(68);
          expect(Math.min(...(chart?.leastMs ?? []).map(Number))).toBe(20);
        }
      });

      it.runIf(isServer)(
        "wait on disk while the server is away, and are stored when it is back",
        async () => {
          keep({ number: 10 });
          await postgres?.crash();
          const away = await store.keeper.takeUp();
          expect(away.failure).toMatchObject({
            kind: "unreachable",
            next: expect.stringMatching(/kept on this disk/),
          });
          expect(away.journalCount).toBe(1);
          await postgres?.start();
          expect((await store.keeper.takeUp()).failure).toBeNull();
          expect((await list()).totalCount).toBe(1);
          expect((await rowsOf(all)).equals(testRows(0, 180))).toBe(true);
        },
      );

      it.runIf(!isServer)("are one process's alone, and the other is told whose", async () => {
        const second = await createStore({ directory, databaseUrl: null }).open();
        expect(second).toMatchObject({
          ok: false,
          failure: {
            what: "Opening the store of runs",
            next: expect.stringMatching(/process \d+\. End that, set STREAMGAUGE_DATA/),
          },
        });
      });
    },
  );
}

it("a database that does not answer is told in words, without its password", async () => {
  const directory = mkdtempSync(join(tmpdir(), "streamgauge-store-"));
  const store = createStore({ directory, databaseUrl: "postgres://me:hush@127.0.0.1:9/runs" });
  const opened = await store.open();
  expect(opened).toMatchObject({ ok: false, failure: { kind: "unreachable", where: "127.0.0.1:9/runs" } });
  expect(JSON.stringify(opened)).not.toContain("hush");
  rmSync(directory, { recursive: true });
});
