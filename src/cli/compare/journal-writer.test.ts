import { mkdtemp, readdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import type { JournalLine } from "../../core/runs/journal.ts";
import { readJournalLine } from "../../core/runs/read-journal.ts";
import { openJournal } from "./journal-writer.ts";

const id = "00000000-0000-4000-8000-000000000001";
const line: JournalLine = {
  kind: "comparison",
  comparison: { id, name: "x", startedAtUs: 1, planText: "", seed: 1, runCount: 1 },
};

describe("a journal", () => {
  it("holds whole lines that are read back, from its head to its end", async () => {
    const directory = join(await mkdtemp(join(tmpdir(), "streamgauge-journal-")), "journal");
    const opened = await openJournal(directory, id, () => undefined);
    if (!opened.ok) throw new Error(opened.failure.where);
    opened.value.append(line);
    expect(await opened.value.flush()).toBeNull();
    const underWay = await readFile(opened.value.path, "utf8");
    expect(underWay.endsWith("\n")).toBe(true);
    expect(await opened.value.close()).toBeNull();
    const [name = ""] = await readdir(directory);
    expect(name).toMatch(new RegExp(`^${id}\\.${process.pid}-[0-9a-f]{8}\\.jsonl$`));
    const lines = (await readFile(join(directory, name), "utf8")).trimEnd().split("\n").map(readJournalLine);
    expect(lines.map((read) => read.ok && read.line.kind)).toEqual(["journal", "comparison", "closed"]);
  });

  it("of two commands are two files", async () => {
    const directory = await mkdtemp(join(tmpdir(), "streamgauge-journal-"));
    const both = await Promise.all([
      openJournal(directory, id, () => undefined),
      openJournal(directory, id, () => undefined),
    ]);
    await Promise.all(both.flatMap((opened) => (opened.ok ? [opened.value.close()] : [])));
    expect(await readdir(directory)).toHaveLength(2);
  });

  it("that cannot be made says so in words", async () => {
    const directory = await mkdtemp(join(tmpdir(), "streamgauge-journal-"));
    await writeFile(join(directory, "file"), "");
    expect(await openJournal(join(directory, "file"), id, () => undefined)).toMatchObject({
      ok: false,
      failure: { kind: "denied" },
    });
  });
});
