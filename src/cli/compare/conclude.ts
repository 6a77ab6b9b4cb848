import { succeed, type Failure, type Result } from "../../core/failure.ts";
import type { PlannedRun } from "../../core/plan/expand.ts";
import type { Plan } from "../../core/plan/plan.ts";
import { writeMarkdown } from "../../core/report/markdown.ts";
import type { Report, UnbegunRun } from "../../core/report/report.ts";
import { analyse } from "../../core/runs/analysis.ts";
import type { PastMedian } from "../../core/runs/judge.ts";
import type { Run } from "../../core/runs/run.ts";
import { systemClock } from "../../server/clock.ts";
import type { Terminal } from "../command.ts";
import type { ReportForm } from "../commands/compare-options.ts";
import { tellFailure } from "../words.ts";
import { exitCodeOf } from "./exit-code.ts";
import { writeReports } from "./write-reports.ts";

/** What of a plan judges runs. */
export type JudgingPlan = Pick<Plan, "control" | "budgets" | "seed"> & {
  /** In the order in which they are shown. */
  readonly providers: readonly string[];
};

/** Measured runs, and how they are to be judged and reported. */
export type Conclusion = Pick<Report, "comparison" | "plannedCount" | "notBegun" | "runs" | "traces"> & {
  readonly plan: JudgingPlan;
  /** What regression budgets are judged against. */
  readonly past: Result<readonly PastMedian[]>;
  readonly outDirectory: string;
  readonly forms: readonly ReportForm[];
};

/** What of a plan judges its runs. */
export function toJudgingPlan({ control, budgets, seed, cells }: Plan): JudgingPlan {
  return { control, budgets, seed, providers: cells[0]?.providers.map(({ name }) => name) ?? [] };
}

/** Planned runs that none of the measured ones is an attempt of. */
export function notBegun(planned: readonly PlannedRun[], measured: readonly Run[]): readonly UnbegunRun[] {
  const begun = new Set(measured.map(({ number }) => number));
  return planned
    .filter(({ number }) => !begun.has(number))
    .map(({ number, repeat, cell, providers }) => ({
      number,
      repeat,
      settings: cell.settings,
      providers: providers.map(({ name }) => name),
    }));
}

/** Judges runs and writes the reports; resolves with the exit code. */
export async function conclude(conclusion: Conclusion, terminal: Terminal): Promise<Result<number>> {
  const { plan, past, outDirectory, forms, ...measured } = conclusion;
  if (!past.ok) terminal.complain(tellFailure(past.failure));
  const analysis = analyse(measured.runs, {
    ...plan,
    ...(past.ok ? { past: past.value } : { past: [], pastWhy: whyNotRead(past.failure) }),
  });
  const report: Report = {
    ...measured,
    control: plan.control,
    madeAtUs: systemClock.epochUs(),
    analysis,
  };
  const written = await writeReports(report, outDirectory, forms);
  terminal.print(writeMarkdown(report));
  if (!written.ok) return written;
  terminal.complain(`Reports: ${written.value.join(", ")}`);
  return succeed(exitCodeOf(report));
}

function whyNotRead({ what, where, next }: Failure): string {
  return `${what} failed: ${where}. ${next}`;
}
