import type { Failure } from "../../core/failure.ts";
import { plannedMs, type PlannedRun } from "../../core/plan/expand.ts";
import type { LatencyTrace } from "../../core/report/report.ts";
import type { Run } from "../../core/runs/run.ts";
import { measureRun } from "./measure-run.ts";
import type { CompareProgress } from "./progress.ts";
import type { RunOptions } from "./stage.ts";

/** What came of a comparison. */
export type Executed = {
  /** Every attempt, in the order in which they ended. */
  readonly runs: readonly Run[];
  /** Of the runs that were measured to their end. */
  readonly traces: readonly LatencyTrace[];
  /** Why nothing more could be measured (no browser starts); null when all was tried. */
  readonly failure: Failure | null;
};

/** What a comparison is executed with. */
export type ExecuteOptions = Omit<RunOptions, "onPhase"> & {
  /** How often a run that failed is tried again. */
  readonly retries: number;
  readonly progress: CompareProgress;
  /** Awaited between two runs. */
  readonly afterRun: () => Promise<void>;
};

/** Whether a run, or a stream of it, has failed; a run that was stopped has not. */
function hasFailed({ outcome, results }: Run): boolean {
  return outcome.kind === "failed" || results.some((result) => result.outcome.kind === "failed");
}

/** Measures runs one after the other, trying those that fail again. A run never fails another. */
export async function executeRuns(
  planned: readonly PlannedRun[],
  options: ExecuteOptions,
): Promise<Executed> {
  const runs: Run[] = [];
  const traces: LatencyTrace[] = [];
  for (const [index, one] of planned.entries()) {
    if (options.signal.aborted) break;
    const failure = await executeOne(one, index, planned, options, { runs, traces });
    if (failure !== null) return { runs, traces, failure };
    await options.afterRun();
  }
  return { runs, traces, failure: null };
}

/** The user may stop at any time, so this is asked anew. */
function isStopped({ aborted }: AbortSignal): boolean {
  return aborted;
}

async function executeOne(
  planned: PlannedRun,
  index: number,
  all: readonly PlannedRun[],
  options: ExecuteOptions,
  kept: { readonly runs: Run[]; readonly traces: LatencyTrace[] },
): Promise<Failure | null> {
  const { progress, retries, signal } = options;
  const restMs = all.slice(index + 1).reduce((sum, run) => sum + plannedMs(run), 0);
  const follow = progress.begin(planned, { index, count: all.length, restMs });
  for (let attempt = 1; attempt <= retries + 1 && !isStopped(signal); attempt += 1) {
    const measured = await measureRun(planned, attempt, { ...options, onPhase: follow.phase });
    if (!measured.ok) {
      follow.notBegun(measured.failure);
      // A browser that never started will not start; one that has may do so again.
      if (kept.runs.length === 0) return measured.failure;
      continue;
    }
    const { run, traces } = measured.value;
    kept.runs.push(run);
    if (attempt > retries || isStopped(signal) || !hasFailed(run)) {
      if (run.outcome.kind === "measured") kept.traces.push(...traces);
      follow.end(run);
      return null;
    }
    follow.retry(run, attempt + 1);
  }
  return null;
}
