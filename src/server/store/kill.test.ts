import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

import { expect, it } from "vitest";

import { createRandom } from "../../core/scene/random.ts";
import { removeHalfImports } from "./left.ts";
import { putMadeStore } from "./made-store.fake.ts";

/** In turns while opening and while storing; `npm run bench -- kill` kills 20 servers and 20 commands. */
const killCount = 6;
/** A child may be killed so long after it began to open the store, ms: about as long as opening takes. */
const openingMs = 1200;
/** Or once it has written so many stretches, at most. */
const mostStretches = 12;

/** When a child is killed. */
type Life =
  | { readonly until: "opened" }
  | { readonly until: "opening"; readonly ms: number }
  | { readonly until: "writing"; readonly stretchCount: number };

type StoredRun = { readonly run_id: string; readonly outcome: string; readonly count: number };
type Opened = {
  readonly failure: unknown;
  readonly complaints: readonly string[];
  readonly runs: readonly StoredRun[];
};

/** Runs the child and kills it; answers what it found and what it had written. */
async function measureAndKill(
  directory: string,
  number: number,
  life: Life,
): Promise<{ readonly opened: Opened | null; readonly written: Readonly<Record<string, number>> }> {
  const child = spawn(
    process.execPath,
    ["--import", "tsx", join(import.meta.dirname, "kill-child.fake.ts"), directory, String(number)],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  const exited = once(child, "exit");
  const kill = (): unknown => child.kill("SIGKILL");
  let opened: Opened | null = null;
  const written: Record<string, number> = {};
  let stretchCount = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    if (line === "begins") {
      if (life.until === "opening") setTimeout(kill, life.ms);
    } else if (opened === null) {
      opened = JSON.parse(line) as Opened;
      if (life.until === "opened") kill();
    } else {
      const [runId = "", count] = line.split(" ");
      written[runId] = Number(count);
      stretchCount += 1;
      if (life.until === "writing" && stretchCount >= life.stretchCount) kill();
    }
  }
  await exited;
  return { opened, written };
}

/** What is not as it has to be when a store is opened; `written` says how much of which run is known to be on disk. */
function wrongIn(
  { failure, complaints, runs }: Opened,
  written: Readonly<Record<string, number>>,
): readonly string[] {
  const lost = Object.entries(written).flatMap(([runId, count]) => {
    const run = runs.find((one) => one.run_id === runId);
    const isKept = run?.outcome === "cut" && run.count >= count;
    return isKept ? [] : [`${count} of ${runId} were written, found is ${JSON.stringify(run)}`];
  });
  return [...(failure === null ? [] : [JSON.stringify(failure)]), ...complaints, ...lost];
}

it("a store whose process is killed at any instant opens clean each time, with all that was written", async () => {
  const directory = mkdtempSync(join(tmpdir(), "streamgauge-kill-"));
  await putMadeStore(directory);
  const random = createRandom(20);
  const written: Record<string, number> = {};
  const wrong: string[] = [];
  for (let kill = 0; kill < killCount; kill += 1) {
    const life: Life =
      kill % 2 === 0
        ? { until: "opening", ms: random.between(100, openingMs) }
        : { until: "writing", stretchCount: random.between(1, mostStretches) };
    const child = await measureAndKill(directory, 100 + kill, life);
    if (child.opened !== null) wrong.push(...wrongIn(child.opened, written));
    Object.assign(written, child.written);
  }
  const { opened } = await measureAndKill(directory, 100 + killCount, { until: "opened" });
  wrong.push(...(opened === null ? ["it did not open"] : wrongIn(opened, written)));
  expect(wrong).toEqual([]);
  expect(Object.keys(written).length).toBeGreaterThan(0);
  rmSync(directory, { recursive: true });
}, 120_000);

it("imports that a killed server left half are removed, those under way are not", async () => {
  const directory = mkdtempSync(join(tmpdir(), "streamgauge-half-"));
  expect(await removeHalfImports(join(directory, "none"))).toBe(0);
  mkdirSync(directory, { recursive: true });
  const half = (name: string, pid: number, rest: string, began = {}): void => {
    const first = { kind: "journal", version: 1, pid, host: hostname(), ...began, atUs: 1 };
    writeFileSync(join(directory, name), `${JSON.stringify(first)}\n${rest}`);
  };
  half("import-a.half", 99_999_999, '{"kind":"compari');
  // A container's first process has the same number at each start.
  half("import-b.half", process.pid, "", { began: "before this process" });
  half("import-c.half", process.ppid, "");
  half("d.jsonl", 99_999_999, "");
  expect(await removeHalfImports(directory)).toBe(2);
  expect(readdirSync(directory).toSorted()).toEqual(["d.jsonl", "import-c.half"]);
  rmSync(directory, { recursive: true });
});
