import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { Report } from "../src/core/report/report.ts";
import type { PairAnalysis } from "../src/core/runs/analysis.ts";
import { isDifferent } from "../src/core/statistics/difference.ts";
import type { Bench } from "./bench-type.ts";

const root = join(import.meta.dirname, "..");

/** Measures the plan by the built command, as a user does. */
async function compare(planText: string, progress: (text: string) => void): Promise<Report> {
  const directory = await mkdtemp(join(tmpdir(), "streamgauge-same-path-"));
  try {
    const plan = join(directory, "plan.yaml");
    await writeFile(plan, planText);
    const command = join(root, "dist/node/streamgauge.js");
    const child = spawn(process.execPath, [command, "compare", plan, "--no-store", "--out", directory], {
      env: { ...process.env, STREAMGAUGE_DATA: directory },
      stdio: ["ignore", "ignore", "pipe"],
    });
    child.stderr.on("data", (piece) => progress(String(piece).trimEnd()));
    const [code] = (await once(child, "close")) as [number | null];
    const report = await readFile(join(directory, "report.json"), "utf8").catch(() => null);
    if (report === null) throw new Error(`the comparison ended with ${code} and without a report`);
    return JSON.parse(report) as Report;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

function pairOf({ analysis }: Report, subject: string): PairAnalysis {
  const pair = analysis.cells[0]?.pairs.find((one) => one.subject === subject && one.baseline === "same");
  if (pair === undefined) throw new Error(`${subject} was not measured beside the control`);
  return pair;
}

function showSame({ differences }: PairAnalysis): Readonly<Record<string, unknown>> {
  const wrong = differences.filter(({ difference }) => isDifferent(difference.interval));
  return { comparedMeasureCount: differences.length, calledDifferent: wrong.map(({ key }) => key) };
}

function showLater({ differences }: PairAnalysis): Readonly<Record<string, unknown>> {
  const found = differences.find(({ key }) => key === "latency.p50")?.difference;
  const interval = found?.interval ?? null;
  return {
    delayFound: isDifferent(interval),
    delayFoundMs: found?.shift ?? null,
    delayLowMs: interval?.low ?? null,
    delayHighMs: interval?.high ?? null,
    holds100Ms: interval !== null && interval.low <= 100 && interval.high >= 100,
  };
}

/** One path under two names, and 100 ms later: what a comparison calls different that is not, and whether it finds what is. */
export const bench: Bench = {
  name: "same-path",
  about: "one direct path under two names, ten runs each, and the same behind 100 ms of delay",
  run: async ({ quick, progress }) => {
    const text = await readFile(join(root, "bench/plans/same-path.yaml"), "utf8");
    const report = await compare(quick ? text.replace("repeats: 10", "repeats: 4") : text, progress);
    return {
      runCount: report.runs.length,
      delayMadeBy: report.runs.find(({ conditions }) => conditions.by !== "none")?.conditions.by ?? "none",
      ...showSame(pairOf(report, "again")),
      ...showLater(pairOf(report, "later")),
    };
  },
};
