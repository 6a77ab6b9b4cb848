import { randomUUID } from "node:crypto";
import { join } from "node:path";

import { succeed, type Result } from "../../core/failure.ts";
import type { PlannedRun } from "../../core/plan/expand.ts";
import { changesNothing } from "../../core/runs/conditions.ts";
import type { Comparison } from "../../core/runs/run.ts";
import { systemClock } from "../../server/clock.ts";
import { dataDirectory, openDataDirectory } from "../../server/data-directory.ts";
import { createStore, type RunStore } from "../../server/store/store.ts";
import type { Terminal } from "../command.ts";
import type { CompareOptions } from "../commands/compare-options.ts";
import { findBrowser, type FoundBrowser } from "../drive/browsers.ts";
import { clearHalfImports, takeInLeft } from "../left-over.ts";
import { readVersion } from "../place.ts";
import { onceAskedToStop } from "../until-stopped.ts";
import { tellFailure } from "../words.ts";
import { conclude, notBegun, toJudgingPlan } from "./conclude.ts";
import { executeRuns, type Executed, type ExecuteOptions } from "./execute.ts";
import { openJournal, type JournalWriter } from "./journal-writer.ts";
import { createRunKeeping, type KeepWhen } from "./keep-runs.ts";
import { describeMachine } from "./machine.ts";
import { openOwnServer, type ComparisonServer } from "./own-server.ts";
import { readPast } from "./past.ts";
import type { PlanFile } from "./plan-file.ts";
import { createCompareProgress } from "./progress.ts";
import { createRedact } from "./redact.ts";
import { sharedComparisonId } from "./run-id.ts";

/** Measures the chosen runs of a plan, keeps and reports them; resolves with the exit code. */
export async function compare(
  file: PlanFile,
  runs: readonly PlannedRun[],
  runCount: number,
  options: CompareOptions,
  terminal: Terminal,
): Promise<Result<number>> {
  const { chromium } = await import("playwright");
  const browser = findBrowser(options.browser, process.env["PATH"] ?? "", () => chromium.executablePath());
  if (!browser.ok) return browser;
  const directory = await openDataDirectory(dataDirectory(process.env));
  if (!directory.ok) return directory;
  const server = await openServer(options, runs);
  if (!server.ok) return server;
  const comparison = toComparison(file, runCount, options);
  const store = createStore({ directory: directory.value, databaseUrl: databaseUrl() });
  try {
    if (options.isStored) {
      await clearHalfImports(store, terminal);
      await takeInLeft(store, terminal);
    }
    const journal = await openJournal(journalDirectory(store, options), comparison.id, (failure) =>
      terminal.complain(tellFailure(failure)),
    );
    if (!journal.ok) return journal;
    journal.value.append({ kind: "comparison", comparison });
    const keeping = createRunKeeping(store, journal.value, terminal, keepWhen(options));
    const executed = await execute(
      runs,
      {
        file,
        comparison,
        server: server.value,
        browser: browser.value,
        journal: journal.value,
        options,
        afterRun: keeping.between,
      },
      terminal,
    );
    const unkept = await journal.value.close();
    const isStored = await keeping.finish();
    const concluded = await concludeAll({ file, comparison, executed, runs, options, store }, terminal);
    // What disk or database never took is lost with this process, whatever the reports say.
    return unkept === null && isStored ? concluded : withLoss(concluded);
  } finally {
    await server.value.close();
    await store.close();
  }
}

function databaseUrl(): string | null {
  return process.env["DATABASE_URL"] || null;
}

function keepWhen({ isStored }: CompareOptions): KeepWhen {
  if (!isStored) return "never";
  return databaseUrl() === null ? "at the end" : "after each";
}

/** A broken budget is the graver word. */
function withLoss(concluded: Result<number>): Result<number> {
  return concluded.ok ? succeed(concluded.value === 1 ? 1 : 2) : concluded;
}

/** What is not to be kept is written beside the reports, so that a kill loses nothing either. */
function journalDirectory(store: RunStore, { isStored, outDirectory }: CompareOptions): string {
  return isStored ? store.journalDirectory : join(outDirectory, "journal");
}

async function openServer(
  { server }: CompareOptions,
  runs: readonly PlannedRun[],
): Promise<Result<ComparisonServer>> {
  if (server !== null) return succeed({ origin: server, isOwn: false, close: async () => undefined });
  const isPlain = runs.every(({ network }) => changesNothing(network));
  return openOwnServer(isPlain ? "loopback" : "all-addresses");
}

function toComparison({ plan, text }: PlanFile, runCount: number, options: CompareOptions): Comparison {
  return {
    id: options.comparison === null ? randomUUID() : sharedComparisonId(options.comparison, text),
    name: plan.name,
    startedAtUs: systemClock.epochUs(),
    planText: text,
    seed: plan.seed,
    runCount,
  };
}

type Parts = {
  readonly file: PlanFile;
  readonly comparison: Comparison;
  readonly server: ComparisonServer;
  readonly browser: FoundBrowser;
  readonly journal: JournalWriter;
  readonly options: CompareOptions;
  readonly afterRun: () => Promise<void>;
};

async function execute(
  runs: readonly PlannedRun[],
  { file, comparison, server, browser, journal, options, afterRun }: Parts,
  terminal: Terminal,
): Promise<Executed> {
  const stop = new AbortController();
  const stopHearing = onceAskedToStop(() => {
    terminal.complain("Stopping: what was measured is kept. Once more ends at once.");
    stop.abort();
  });
  const progress = createCompareProgress(process.stderr, () => performance.now());
  const executing: ExecuteOptions = {
    comparisonId: comparison.id,
    browser,
    isHeadless: options.isHeadless,
    environment: process.env,
    serverOrigin: server.origin,
    isOwnServer: server.isOwn,
    machine: describeMachine(await readVersion()),
    redact: createRedact(file.plan, process.env),
    journal,
    signal: stop.signal,
    retries: file.plan.retries,
    progress,
    afterRun,
  };
  try {
    return await executeRuns(runs, executing);
  } finally {
    progress.clear();
    stopHearing();
  }
}

type Outcome = {
  readonly file: PlanFile;
  readonly comparison: Comparison;
  readonly executed: Executed;
  readonly runs: readonly PlannedRun[];
  readonly options: CompareOptions;
  readonly store: RunStore;
};

/** Judges and reports what was measured. */
async function concludeAll(outcome: Outcome, terminal: Terminal): Promise<Result<number>> {
  const { file, comparison, executed, runs, options, store } = outcome;
  if (executed.failure !== null && executed.runs.length === 0)
    return { ok: false, failure: executed.failure };
  if (executed.failure !== null) terminal.complain(tellFailure(executed.failure));
  const { plan } = file;
  return conclude(
    {
      comparison,
      plannedCount: runs.length,
      notBegun: notBegun(runs, executed.runs),
      runs: executed.runs,
      traces: executed.traces,
      plan: toJudgingPlan(plan),
      past: await readPast(store, plan, comparison.id),
      outDirectory: options.outDirectory,
      forms: options.forms,
    },
    terminal,
  );
}
