import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect, it } from "vitest";

import { appendJournal, testJournal } from "../server/store/journal.fake.ts";
import { putMadeStore } from "../server/store/made-store.fake.ts";
import { createStore } from "../server/store/store.ts";
import { clearHalfImports, takeInLeft } from "./left-over.ts";

/** No process has this number: Linux's largest is 2^22. */
const noPid = 99_999_999;

it(
  "a command says what commands before it left, takes it in, and says it once",
  { timeout: 30_000 },
  async () => {
    const directory = mkdtempSync(join(tmpdir(), "streamgauge-left-"));
    await putMadeStore(directory);
    const store = createStore({ directory, databaseUrl: null });
    const said: string[] = [];
    const terminal = {
      print: () => undefined,
      complain: (text: string) => void said.push(text),
      coloured: false,
    };
    mkdirSync(store.journalDirectory);
    writeFileSync(
      join(store.journalDirectory, "import-x.half"),
      `${JSON.stringify(testJournal({ number: 1 }, 0, noPid)[0])}\n`,
    );
    const whole = testJournal({ number: 10 }, 60, noPid);
    const killed = testJournal({ number: 11 }, 180, noPid).slice(0, -2);
    appendJournal(store.journalDirectory, "a.jsonl", whole);
    appendJournal(store.journalDirectory, "b.jsonl", killed);
    appendJournal(store.journalDirectory, "under-way.jsonl", testJournal({ number: 12 }).slice(0, 4));
    for (let start = 0; start < 2; start += 1) {
      await clearHalfImports(store, terminal);
      await takeInLeft(store, terminal);
    }
    expect(said).toEqual([
      "Removed a run file that was only half imported when a server was killed: nothing of it is in the store. Import again.",
      "2 commands ended before all was stored, leaving 2 runs: taken in, 1 of them cut before the end, 240 frames.",
    ]);
    expect(readdirSync(store.journalDirectory)).toEqual(["under-way.jsonl"]);
    rmSync(directory, { recursive: true });
  },
);
