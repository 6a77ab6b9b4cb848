import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, expect, it } from "vitest";

import { appendJournal, testJournal } from "./journal.fake.ts";
import { putMadeStore } from "./made-store.fake.ts";
import { createStore } from "./store.ts";

/** A disk of its own, so small that it can be filled: only root may have one. */
const disk = mkdtempSync(join(tmpdir(), "streamgauge-disk-"));
const isMounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=90m", "tmpfs", disk]).status === 0;

afterAll(() => {
  if (isMounted) spawnSync("umount", [disk]);
  rmSync(disk, { recursive: true });
});

it.skipIf(!isMounted)(
  `a full disk is told in words, and nothing is lost once there is room${isMounted ? "" : " (skipped: only root may mount a small disk)"}`,
  { timeout: 60_000 },
  async () => {
    await putMadeStore(disk);
    const store = createStore({ directory: disk, databaseUrl: null });
    expect((await store.open()).ok).toBe(true);
    appendJournal(store.journalDirectory, "a.jsonl", testJournal({ number: 10 }, 6000));
    const { bavail, bsize } = statfsSync(disk);
    writeFileSync(join(disk, "filler"), Buffer.alloc(bavail * bsize - 8192));
    const full = await store.keeper.takeUp();
    expect(full.failure?.next).toMatch(/disk is full: free some space/i);
    expect(full.journalCount).toBe(1);
    rmSync(join(disk, "filler"));
    expect(await store.keeper.takeUp()).toMatchObject({ failure: null, journalCount: 0, complaintCount: 0 });
    const stored = await store.ask((query) => query("select sum(row_count) as count from chunk"));
    expect(stored).toEqual({ ok: true, value: [{ count: 6000 }] });
    await store.close();
  },
);
