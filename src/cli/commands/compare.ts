import { succeed, type Failure, type Result } from "../../core/failure.ts";
import { expandPlan, plannedMs, showRun, takeShard, type PlannedRun } from "../../core/plan/expand.ts";
import type { Plan } from "../../core/plan/plan.ts";
import { showOptions } from "../arguments.ts";
import type { Command, Terminal } from "../command.ts";
import { compare } from "../compare/compare.ts";
import { readPlanFile } from "../compare/plan-file.ts";
import { showLeft } from "../compare/progress.ts";
import { tellFailure } from "../words.ts";
import { compareOptionSpecs, readCompareOptions, type CompareOptions } from "./compare-options.ts";

/** Exit code where something could not be measured, or not be begun. */
const couldNotMeasure = 2;

/** `streamgauge compare`: measures what a plan says, and says what is better. */
export const compareCommand: Command = {
  about: "measure and compare providers as a plan says",
  help: () =>
    [
      "streamgauge compare PLAN [options]",
      "",
      showOptions(compareOptionSpecs),
      "",
      "Environment:",
      "  STREAMGAUGE_DATA         directory where runs are kept (~/.local/state/streamgauge)",
      "  DATABASE_URL             PostgreSQL where runs are kept instead",
      "  ${NAME} in the plan      secrets come from the variable of that name",
      "",
      "Exit code: 0, or 1 when a budget is broken, or 2 when something could not be measured or kept.",
    ].join("\n"),
  run: async (args, terminal) => {
    const options = readCompareOptions(args);
    if (!options.ok) return options;
    if (options.value === null) {
      terminal.print(compareCommand.help());
      return succeed(0);
    }
    const outcome = await runPlan(options.value, terminal);
    if (outcome.ok) return outcome;
    terminal.complain(tellFailure(outcome.failure));
    return succeed(couldNotMeasure);
  },
};

async function runPlan(options: CompareOptions, terminal: Terminal): Promise<Result<number>> {
  const file = await readPlanFile(options.planPath, process.env);
  if (!file.ok) return file;
  const { plan } = file.value;
  const all = expandPlan(plan);
  const runs = chosen(all, options);
  if (runs.length === 0) return { ok: false, failure: nothingToRun(options, all.length) };
  switch (options.task.kind) {
    case "list":
      terminal.print(runs.map(showRun).join("\n"));
      return succeed(0);
    case "dry-run":
      terminal.print(showPlan(plan, runs, all.length));
      return succeed(0);
    case "measure":
    default:
      return compare(file.value, runs, all.length, options, terminal);
  }
}

function chosen(all: readonly PlannedRun[], { shard, only }: CompareOptions): readonly PlannedRun[] {
  const runs = takeShard(all, shard);
  return only === null ? runs : runs.filter(({ number }) => only.includes(number));
}

function nothingToRun({ planPath, shard, only }: CompareOptions, runCount: number): Failure {
  const part = only === null ? `--shard ${shard.index}/${shard.count}` : `--only ${only.join(",")}`;
  return {
    kind: "refused-input",
    what: "Choosing what to measure",
    where: `${planPath} has ${runCount} runs, and none of them is in ${part}`,
    next: "See --list for the runs there are.",
  };
}

/** What a plan comes to, for people. */
function showPlan(plan: Plan, runs: readonly PlannedRun[], allCount: number): string {
  const leastMs = runs.reduce((sum, run) => sum + plannedMs(run), 0);
  const share = runs.length === allCount ? "" : ` of ${allCount}`;
  const lines = runs.map((run) => `  ${showRun(run).replaceAll("\t", "  ")}`);
  const budgets = plan.budgets.map(
    ({ provider, text }) => `  ${provider === null ? "" : `${provider}: `}${text}`,
  );
  return [
    `${plan.name}: ${runs.length}${share} ${runs.length === 1 ? "run" : "runs"}, ${showLeft(leastMs)} and some seconds a run to start`,
    ...lines,
    ...(budgets.length === 0 ? [] : ["", "Budgets:", ...budgets]),
  ].join("\n");
}
