import { fail, succeed, type Failure, type Result } from "../../core/failure.ts";
import { expandPlan, type PlannedRun } from "../../core/plan/expand.ts";
import { byHand } from "../../core/runs/keep-by-hand.ts";
import type { Comparison, Run } from "../../core/runs/run.ts";
import type { ListedComparison } from "../../core/wire/runs.ts";
import { dataDirectory, openDataDirectory } from "../../server/data-directory.ts";
import { createStore } from "../../server/store/store.ts";
import { showOptions } from "../arguments.ts";
import type { Command, Terminal } from "../command.ts";
import { conclude, notBegun, toJudgingPlan, type JudgingPlan } from "../compare/conclude.ts";
import { readPlanText } from "../compare/plan-file.ts";
import { takeInLeft } from "../left-over.ts";
import { openServerSource } from "../report/from-server.ts";
import { openStoreSource } from "../report/from-store.ts";
import type { ComparisonSource, SourcedComparison } from "../report/source.ts";
import { tellFailure } from "../words.ts";
import { readReportOptions, reportOptionSpecs, type ReportOptions } from "./report-options.ts";

/** Exit code where something could not be measured, or not be read. */
const couldNot = 2;

/** `streamgauge report`: says what the stored runs of a comparison tell, those of all its shards. */
export const reportCommand: Command = {
  about: "report a comparison from its stored runs, of all shards",
  help: () =>
    [
      "streamgauge report COMPARISON [options]",
      "",
      "COMPARISON is an id, the first 8 characters of one, or the name of a plan.",
      "",
      showOptions(reportOptionSpecs),
      "",
      "Environment:",
      "  STREAMGAUGE_DATA         directory where runs are kept (~/.local/state/streamgauge)",
      "  DATABASE_URL             PostgreSQL where runs are kept instead",
      "  STREAMGAUGE_TOKEN        what a --server on another machine asks for",
      "",
      "Exit code: 0, or 1 when a budget is broken, or 2 when runs are missing or could not be measured.",
    ].join("\n"),
  run: async (args, terminal) => {
    const options = readReportOptions(args);
    if (!options.ok) return options;
    if (options.value === null) {
      terminal.print(reportCommand.help());
      return succeed(0);
    }
    const outcome = await reportFrom(options.value, terminal);
    if (outcome.ok) return outcome;
    terminal.complain(tellFailure(outcome.failure));
    return succeed(couldNot);
  },
};

async function reportFrom(options: ReportOptions, terminal: Terminal): Promise<Result<number>> {
  const source = await openSource(options, terminal);
  if (!source.ok) return source;
  try {
    const found = await source.value.find(options.wanted);
    if (!found.ok) return found;
    if (options.isList) {
      if (found.value.length > 0) terminal.print(found.value.map(showComparison).join("\n"));
      return succeed(0);
    }
    const one = chooseOne(found.value, options);
    return one.ok ? await reportOne(source.value, one.value.id, options, terminal) : one;
  } finally {
    await source.value.close();
  }
}

async function openSource({ server }: ReportOptions, terminal: Terminal): Promise<Result<ComparisonSource>> {
  if (server !== null) return openServerSource(server, process.env["STREAMGAUGE_TOKEN"] || null);
  const directory = await openDataDirectory(dataDirectory(process.env));
  if (!directory.ok) return directory;
  const databaseUrl = process.env["DATABASE_URL"] || null;
  const store = createStore({ directory: directory.value, databaseUrl });
  await takeInLeft(store, terminal);
  return openStoreSource(store);
}

/** One line of the list, its parts by tabs. */
function showComparison({ id, startedAtUs, storedCount, runCount, name }: ListedComparison): string {
  const began = new Date(startedAtUs / 1000).toISOString().slice(0, 19);
  return [id, `${began}Z`, `${storedCount} of ${runCount}`, name].join("\t");
}

function chooseOne(
  found: readonly ListedComparison[],
  { wanted, isLatest }: ReportOptions,
): Result<ListedComparison> {
  const [newest] = found;
  if (newest !== undefined && (found.length === 1 || isLatest)) return succeed(newest);
  const what = "Finding the comparison";
  if (newest === undefined) {
    const next = "See streamgauge report --list for those there are.";
    return fail({ kind: "refused-input", what, where: `${wanted ?? ""}: there is none`, next });
  }
  const shown = found.slice(0, 10).map((one) => `\n  ${showComparison(one)}`);
  return fail({
    kind: "refused-input",
    what,
    where: `${wanted ?? ""}: there are ${found.length}${shown.join("")}`,
    next: "Name one by its id, or take the newest: --latest.",
  });
}

async function reportOne(
  source: ComparisonSource,
  id: string,
  { outDirectory, forms }: ReportOptions,
  terminal: Terminal,
): Promise<Result<number>> {
  const read = await source.read(id);
  if (!read.ok) return read;
  if (read.value === null || read.value.runs.length === 0) return fail(nothingYet(id, read.value));
  const { comparison, runs, traces, openCount } = read.value;
  if (openCount > 0)
    terminal.complain(
      `${openCount} ${openCount === 1 ? "run is" : "runs are"} still being measured, and not in the report.`,
    );
  const judged = await judgingPlanOf(source, comparison, runs);
  if (!judged.ok) terminal.complain(tellFailure(judged.failure));
  const { plan, planned, past } = judged.ok ? judged.value : planless(comparison, runs);
  const plannedCount =
    comparison.id === byHand.id ? new Set(runs.map(({ number }) => number)).size : comparison.runCount;
  const concluded = await conclude(
    {
      comparison,
      plannedCount,
      // Runs that are being measured are not told apart from those that nobody began.
      notBegun: openCount > 0 ? [] : notBegun(planned, runs),
      runs,
      traces,
      plan,
      past,
      outDirectory,
      forms,
    },
    terminal,
  );
  // Budgets that could not be read were not judged.
  return concluded.ok && !judged.ok ? succeed(couldNot) : concluded;
}

function nothingYet(id: string, stored: SourcedComparison | null): Failure {
  const where = stored === null ? `${id} was deleted` : `no run of ${id} has ended yet`;
  const next = "See streamgauge report --list, or wait for its first run.";
  return { kind: "refused-input", what: "Reading the comparison", where, next };
}

type Judged = {
  readonly plan: JudgingPlan;
  readonly planned: readonly PlannedRun[];
  readonly past: Awaited<ReturnType<ComparisonSource["past"]>>;
};

/** The plan as it was measured: its secrets are not needed any more. */
async function judgingPlanOf(
  source: ComparisonSource,
  comparison: Comparison,
  runs: readonly Run[],
): Promise<Result<Judged>> {
  if (comparison.id === byHand.id) return succeed(planless(comparison, runs));
  const file = readPlanText(comparison.planText, "the stored plan", null);
  if (!file.ok)
    return fail({ ...file.failure, next: "Its budgets are left out; figures and differences are not." });
  const { plan } = file.value;
  const past = await source.past(plan, comparison.id);
  return succeed({ plan: toJudgingPlan(plan), planned: expandPlan(plan), past });
}

/** Figures and differences alone: nothing tells what was planned. */
function planless({ seed }: Comparison, runs: readonly Run[]): Judged {
  const providers = [...new Set(runs.flatMap(({ results }) => results.map(({ provider }) => provider)))];
  const plan = { control: providers[0] ?? "", providers, budgets: [], seed };
  return { plan, planned: [], past: succeed([]) };
}
