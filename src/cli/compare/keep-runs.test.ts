import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, expect, it } from "vitest";

import { appendJournal, testHead, testJournal } from "../../server/store/journal.fake.ts";
import { putMadeStore } from "../../server/store/made-store.fake.ts";
import { createStore, type RunStore } from "../../server/store/store.ts";
import { createRunKeeping, type KeepWhen, type RunKeeping } from "./keep-runs.ts";

let directory = "";
let store: RunStore;
let said: string[] = [];
const terminal = {
  print: () => undefined,
  complain: (text: string) => void said.push(text),
  coloured: false,
};

beforeEach(async () => {
  said = [];
  directory = mkdtempSync(join(tmpdir(), "streamgauge-keep-"));
  await putMadeStore(directory);
  store = createStore({ directory, databaseUrl: null });
  await store.open();
});

afterEach(async () => {
  await store.close();
  rmSync(directory, { recursive: true });
});

const name = "own.jsonl";

function keepingOf(when: KeepWhen): RunKeeping {
  const journal = { path: join(store.journalDirectory, name), flush: async () => null };
  return createRunKeeping(store, journal, terminal, when);
}

async function countRuns(): Promise<number> {
  const counted = await store.ask((query) => query("select from run where outcome = 'measured'"));
  return counted.ok ? counted.value.length : Number.NaN;
}

it("runs are in the store as they end, while the journal is still written", { timeout: 30_000 }, async () => {
  const keeping = keepingOf("after each");
  appendJournal(store.journalDirectory, name, testJournal({ number: 10 }).slice(0, -1));
  await keeping.between();
  expect(await countRuns()).toBe(1);
  appendJournal(store.journalDirectory, name, testJournal({ number: 11 }).slice(1));
  expect(await keeping.finish()).toBe(true);
  expect(await countRuns()).toBe(2);
  expect(said).toEqual([]);
});

it(
  "a database that fails meanwhile is told of once, and again when it is back",
  { timeout: 30_000 },
  async () => {
    const keeping = keepingOf("after each");
    appendJournal(store.journalDirectory, name, testJournal({ number: 10 }).slice(0, -1));
    await store.ask((query) => query("alter table chunk rename to elsewhere"));
    await keeping.between();
    await keeping.between();
    expect(said).toEqual([expect.stringMatching(/safe on disk; storing them is tried again/)]);
    await store.ask((query) => query("alter table elsewhere rename to chunk"));
    await keeping.between();
    expect(said.slice(1)).toEqual(["The runs are stored again."]);
    expect(await countRuns()).toBe(1);
  },
);

it(
  "runs that the database will never take are told of, with where they are",
  { timeout: 30_000 },
  async () => {
    const head = testHead({ number: 10 });
    const lines = testJournal({ number: 10 }).map((line) =>
      line.kind === "begin"
        ? { ...line, run: { ...head, streams: [...head.streams, ...head.streams] } }
        : line,
    );
    appendJournal(store.journalDirectory, name, lines);
    expect(await keepingOf("at the end").finish()).toBe(false);
    expect(said).toEqual([expect.stringMatching(/own\.jsonl: duplicate key/)]);
  },
);
