import { expect, it } from "vitest";

import { readBudget } from "../../core/plan/budget.ts";
import type { Report } from "../../core/report/report.ts";
import { analyse } from "../../core/runs/analysis.ts";
import { fakeRuns } from "../../core/runs/runs.fake.ts";
import { exitCodeOf } from "./exit-code.ts";

function reportOf(budget: string, plannedCount: number, pastWhy?: string): Report {
  const runs = fakeRuns("direct", "latency.p50", [50, 52], 1);
  const read = readBudget(budget, null);
  if (!read.ok) throw new Error(read.words);
  const id = "00000000-0000-4000-8000-000000000001";
  return {
    comparison: { id, name: "x", startedAtUs: 0, planText: "", seed: 1, runCount: plannedCount },
    control: "direct",
    madeAtUs: 0,
    plannedCount,
    runs,
    analysis: analyse(runs, {
      control: "direct",
      providers: ["direct"],
      budgets: [read.budget],
      past: [],
      seed: 1,
      ...(pastWhy === undefined ? {} : { pastWhy }),
    }),
    traces: [],
  };
}

const regression = "regression(latency.p50) < 10 % vs last 5";

it.each([
  ["all is kept", 0, reportOf("latency.p50 < 100 ms", 2)],
  ["a budget is broken", 1, reportOf("latency.p50 < 10 ms", 2)],
  ["a budget is about what was not measured", 2, reportOf("vmaf.mean > 80", 2)],
  ["there is nothing before to fall behind", 0, reportOf(regression, 2)],
  ["what was before cannot be read", 2, reportOf(regression, 2, "the store is in use")],
  ["a run was not begun", 2, reportOf("latency.p50 < 100 ms", 3)],
] as const)("where %s the command ends with %d", (_, code, report) => {
  expect(exitCodeOf(report)).toBe(code);
});
