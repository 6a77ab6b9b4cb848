import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";

import type { Report } from "../../core/report/report.ts";
import { systemClock } from "../../server/clock.ts";
import { serve } from "../../server/serve.ts";
import { createStreamgaugeServer, sendText } from "../../server/server.ts";
import {
  appendJournal,
  testComparison,
  testId,
  testJournal,
  type TestRun,
} from "../../server/store/journal.fake.ts";
import { putMadeStore } from "../../server/store/made-store.fake.ts";
import { createStore } from "../../server/store/store.ts";
import { reportCommand } from "../commands/report.ts";

const directory = mkdtempSync(join(tmpdir(), "streamgauge-report-"));
const data = join(directory, "data");
const out = join(directory, "out");
let said: string[] = [];
let complained: string[] = [];
const terminal = {
  print: (text: string) => void said.push(text),
  complain: (text: string) => void complained.push(text),
  coloured: false,
};

const planText = `name: Two shards
duration: 5 s
repeats: 2
seed: 7
control: direct
providers:
  cdn: { play: { url: "https://\${SECRET_OF_THE_CDN}/index.m3u8" } }
  direct: { publish: { via: peer } }
matrix: { encoder.bitrate: [800 kbit/s] }
budgets:
  - direct: latency.p95 < 80 ms
  - cdn: latency.p95 < 80 ms
  - direct: regression(latency.p95) < 10 % vs last 5
`;
const comparison = { ...testComparison, name: "Two shards", planText, runCount: 4 };

/** A shard's journal: a command's that has ended. */
function keepShard(name: string, runs: readonly TestRun[], of = comparison): void {
  const [head, , ...rest] = runs.flatMap((run, index) => {
    const lines = testJournal(run, 180);
    const [first, , ...own] = lines.slice(0, -1);
    if (first === undefined) throw new Error("a journal begins with its head");
    const shared = [first, { kind: "comparison", comparison: of } as const];
    const ofIt = own.map((line) =>
      line.kind === "begin"
        ? { ...line, run: { ...line.run, comparisonId: of.id, number: run.number - 9 } }
        : line,
    );
    return index === 0 ? [...shared, ...ofIt] : ofIt;
  });
  if (head === undefined) throw new Error("a shard has runs");
  appendJournal(join(data, "journal"), name, [
    head,
    { kind: "comparison", comparison: of },
    ...rest,
    { kind: "closed", atUs: 1 },
  ]);
}

beforeAll(async () => {
  process.env["STREAMGAUGE_DATA"] = data;
  process.env["DATABASE_URL"] = "";
  await putMadeStore(data);
  const store = createStore({ directory: data, databaseUrl: null });
  await store.open();
  keepShard("1.jsonl", [
    { number: 10, provider: "cdn", latencyP95Ms: 900 },
    { number: 12, provider: "direct", latencyP95Ms: 60 },
  ]);
  keepShard("2.jsonl", [
    { number: 11, provider: "cdn", latencyP95Ms: 1000 },
    { number: 13, provider: "direct", latencyP95Ms: 70 },
  ]);
  keepShard("3.jsonl", [{ number: 20, provider: "direct" }], {
    ...comparison,
    id: testId(2),
    name: "Twice",
    runCount: 2,
  });
  keepShard("4.jsonl", [{ number: 21, provider: "direct" }], {
    ...comparison,
    id: testId(3),
    name: "Twice",
    startedAtUs: comparison.startedAtUs + 1,
  });
  keepShard(
    "5.jsonl",
    [
      { number: 22, provider: "direct", latencyP95Ms: 50 },
      { number: 23, provider: "direct", latencyP95Ms: 54 },
    ],
    { ...comparison, id: testId(4), startedAtUs: comparison.startedAtUs - 1_000_000, runCount: 2 },
  );
  const { failure, complaints } = await store.keeper.takeUp();
  if (failure !== null || complaints.length > 0) throw new Error(JSON.stringify({ failure, complaints }));
  await store.close();
}, 60_000);

afterAll(() => {
  rmSync(directory, { recursive: true });
});

beforeEach(() => {
  said = [];
  complained = [];
});

async function report(...args: readonly string[]): Promise<number> {
  const outcome = await reportCommand.run([...args, "--out", out], terminal);
  if (!outcome.ok) throw new Error(outcome.failure.next);
  return outcome.value;
}

function readReport(): Report {
  return JSON.parse(readFileSync(join(out, "report.json"), "utf8")) as Report;
}

it(
  "runs of all shards are judged together, without the secrets of the plan",
  { timeout: 30_000 },
  async () => {
    expect(await report(comparison.id)).toBe(1);
    const { analysis, plannedCount, runs, traces, control } = readReport();
    expect({ plannedCount, runCount: runs.length, control }).toEqual({
      plannedCount: 4,
      runCount: 4,
      control: "direct",
    });
    const [cell] = analysis.cells;
    expect(cell?.providers.map(({ provider, wholeCount }) => [provider, wholeCount])).toEqual([
      ["cdn", 2],
      ["direct", 2],
    ]);
    expect(
      cell?.providers[0]?.spreads.find(({ key }) => key === "latency.p95")?.values.toSorted((a, b) => a - b),
    ).toEqual([900, 1000]);
    expect(analysis.verdicts.map(({ provider, outcome }) => [provider, outcome])).toEqual([
      ["direct", "kept"],
      ["cdn", "broken"],
      ["direct", "broken"],
    ]);
    expect(traces).toHaveLength(4);
    expect(traces[0]?.points.map(({ atS, leastMs }) => [atS, leastMs])).toEqual([
      [0, 20],
      [1, 20],
      [2, 20],
    ]);
    expect(said.join("\n")).toContain("# Two shards");
  },
);

it("a server that has the store gives the same report", { timeout: 60_000 }, async () => {
  await report("Two shards", "--latest", "--report", "json");
  const own = readReport();
  const store = createStore({ directory: data, databaseUrl: null });
  const server = createStreamgaugeServer({
    page: (_request, response) => sendText(response, 200, "the page"),
    pageMode: "built",
    version: "0.0.0",
    names: [],
    iceServers: [],
    turnSecret: null,
    clock: { ...systemClock, every: () => () => undefined },
    runs: { store, token: "a-token-of-this-test" },
  });
  const serving = await serve(server, { port: 0, host: "127.0.0.1", certificate: null });
  if (!serving.ok) throw new Error(serving.failure.next);
  await store.open();
  try {
    expect(await report(comparison.id)).toBe(2);
    expect(complained.join("\n")).toMatch(/in use by .* --server http/);
    const origin = `http://127.0.0.1:${serving.value.port}`;
    expect(await report(comparison.id, "--report", "json", "--server", origin)).toBe(1);
    const { madeAtUs: _, ...through } = readReport();
    const { madeAtUs: __, ...direct } = own;
    const byKey = (each: Omit<Report, "madeAtUs">): unknown =>
      JSON.parse(JSON.stringify(each).replaceAll(/"measures":\[[^\]]*\]/g, '"measures":[]'));
    expect(byKey(through)).toEqual(byKey(direct));
  } finally {
    await serving.value.close();
    await store.close();
  }
});

it("of several comparisons of one name, one is to be chosen", { timeout: 30_000 }, async () => {
  expect(await report("Twice")).toBe(2);
  expect(complained.join("\n")).toMatch(/Twice: there are 2[^]*--latest/);
  expect(await report("Twice", "--latest")).toBe(2);
  expect(readReport().comparison.id).toBe(testId(3));
  expect(await report(testId(2))).toBe(2);
  expect(readReport()).toMatchObject({ comparison: { id: testId(2) }, plannedCount: 2 });
});

it("comparisons are listed, and one that is not there is refused", { timeout: 30_000 }, async () => {
  expect(await report("--list")).toBe(0);
  expect(said[0]?.split("\n").map((line) => line.split("\t").slice(2))).toEqual([
    ["1 of 4", "Twice"],
    ["4 of 4", "Two shards"],
    ["1 of 2", "Twice"],
    ["2 of 2", "Two shards"],
  ]);
  expect(await report("nothing of that name")).toBe(2);
  expect(complained.join("\n")).toContain("--list");
});
