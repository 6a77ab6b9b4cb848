import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, expect, it } from "vitest";

import { checkPlan, type Plan } from "../../core/plan/plan.ts";
import type { RunFileLine } from "../../core/runs/read-journal.ts";
import { appendJournal, testComparison, testId, testJournal } from "../../server/store/journal.fake.ts";
import { putMadeStore } from "../../server/store/made-store.fake.ts";
import { createStore } from "../../server/store/store.ts";
import { readPast } from "./past.ts";

let directory = "";

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "streamgauge-past-"));
  await putMadeStore(directory);
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

function planOf(): Plan {
  const read = checkPlan(
    {
      name: testComparison.name,
      duration: "8 s",
      providers: { direct: { publish: { via: "peer" } } },
      matrix: { "encoder.bitrate": ["800 kbit/s"] },
      budgets: ["regression(latency.p95) < 10 % vs last 5"],
    },
    {},
  );
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  return read.plan;
}

/** The journal of a run that was begun again under the number 1. */
function attempt(number: number, latencyP95Ms: number): readonly RunFileLine[] {
  const startedAtUs = testComparison.startedAtUs + number * 60_000_000;
  return testJournal({ number, latencyP95Ms, startedAtUs }, 60).map((line) =>
    line.kind === "begin" ? { ...line, run: { ...line.run, number: 1, attempt: number - 9 } } : line,
  );
}

it(
  "a budget of regression looks back on the last whole attempt of each run",
  { timeout: 30_000 },
  async () => {
    const store = createStore({ directory, databaseUrl: null });
    appendJournal(store.journalDirectory, "a.jsonl", attempt(10, 500));
    appendJournal(store.journalDirectory, "b.jsonl", attempt(11, 80));
    appendJournal(store.journalDirectory, "c.jsonl", testJournal({ number: 12, latencyP95Ms: 60 }, 60));
    await store.keeper.takeUp();
    const past = await readPast(store, planOf(), testId(99));
    await store.close();
    expect(past).toMatchObject({ ok: true, value: [{ provider: "direct", medians: [70] }] });
  },
);

it("a store that another process holds tells no past, and says who holds it", async () => {
  const holder = createStore({ directory, databaseUrl: null });
  await holder.open();
  const store = createStore({ directory, databaseUrl: null });
  const past = await readPast(store, planOf(), testId(99));
  await holder.close();
  expect(past).toMatchObject({ ok: false, failure: { next: expect.stringContaining("It is in use by") } });
});
