import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, expect, it } from "vitest";

import { createNewComplaints } from "./complaints.ts";
import { appendJournal, testHead, testJournal } from "./journal.fake.ts";
import { putMadeStore } from "./made-store.fake.ts";
import { createStore, type RunStore } from "./store.ts";

let directory = "";
let store: RunStore;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "streamgauge-keeper-"));
  await putMadeStore(directory);
  store = createStore({ directory, databaseUrl: null });
  await store.open();
}, 60_000);

afterAll(async () => {
  await store.close();
  rmSync(directory, { recursive: true });
});

function ask(sql: string): Promise<unknown> {
  return store.ask((query) => query(sql));
}

it("what the database refuses for what it says is left out, told of once, kept aside, and keeps no others waiting", async () => {
  const newComplaints = createNewComplaints(store.journalDirectory);
  const head = testHead({ number: 10 });
  const lines = testJournal({ number: 10 }).map((line) =>
    line.kind === "begin" ? { ...line, run: { ...head, streams: [...head.streams, ...head.streams] } } : line,
  );
  appendJournal(store.journalDirectory, "1.jsonl", lines.slice(0, -1));
  appendJournal(store.journalDirectory, "1.jsonl", testJournal({ number: 13 }).slice(1));
  appendJournal(store.journalDirectory, "2.jsonl", testJournal({ number: 11 }));
  const state = await store.keeper.takeUp();
  expect(state).toMatchObject({ failure: null, journalCount: 0, complaintCount: 1, brokenCount: 1 });
  expect(newComplaints(state)).toEqual([
    expect.stringMatching(/1\.jsonl: duplicate key[^]*kept in .*\.broken/),
  ]);
  expect(newComplaints(await store.keeper.takeUp())).toEqual([]);
  expect(readdirSync(store.journalDirectory)).toEqual(["1.jsonl.broken"]);
  expect(await ask("select (head->>'number')::int as number from run order by number desc")).toEqual({
    ok: true,
    value: [{ number: 13 }, { number: 11 }],
  });
});

it("a journal that cannot be stored for any other reason waits, and is stored when that has passed", async () => {
  appendJournal(store.journalDirectory, "3.jsonl", testJournal({ number: 12 }));
  await ask("alter table chunk rename to elsewhere");
  expect(await store.keeper.takeUp()).toMatchObject({
    failure: { what: "Storing runs", cause: expect.stringMatching(/"chunk" does not exist/) },
    journalCount: 1,
    brokenCount: 1,
  });
  await ask("alter table elsewhere rename to chunk");
  expect(await store.keeper.takeUp()).toMatchObject({ failure: null, journalCount: 0, brokenCount: 1 });
  expect(await ask("select count(*) as count from run")).toEqual({ ok: true, value: [{ count: 3 }] });
});
