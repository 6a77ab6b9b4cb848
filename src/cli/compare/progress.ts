import { unreachable, type Failure } from "../../core/failure.ts";
import { plannedMs, type PlannedRun } from "../../core/plan/expand.ts";
import { showFigure } from "../../core/report/figures.ts";
import type { Outcome, Run, RunResult } from "../../core/runs/run.ts";

/** Where a run stands among all. */
export type Place = {
  readonly index: number;
  readonly count: number;
  /** What is planned after this run, ms. */
  readonly restMs: number;
};

/** Follows one run. */
export type RunProgress = {
  readonly phase: (words: string, measuredMs: number) => void;
  readonly retry: (run: Run, attempt: number) => void;
  readonly end: (run: Run) => void;
  /** The run, or an attempt at it, could not even be begun. */
  readonly notBegun: (failure: Failure) => void;
};

/** Tells how far a comparison is: on a terminal by one line that changes, elsewhere by plain lines. */
export type CompareProgress = {
  readonly begin: (planned: PlannedRun, place: Place) => RunProgress;
  /** Takes the changing line away. */
  readonly clear: () => void;
};

/** Where progress is written to. */
export type ProgressStream = {
  readonly write: (text: string) => unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
};

const clearLine = "\r\u001B[K";

/** What starting a browser and joining takes before any run has told, ms. */
const firstOverheadMs = 4000;

/** Makes progress that writes to a stream; `nowMs` is any monotonic clock. */
export function createCompareProgress(stream: ProgressStream, nowMs: () => number): CompareProgress {
  const isLive = stream.isTTY === true;
  const overheadsMs: number[] = [];
  const overheadMs = (): number =>
    overheadsMs.length === 0
      ? firstOverheadMs
      : overheadsMs.reduce((sum, one) => sum + one, 0) / overheadsMs.length;
  const say = (text: string): void => void stream.write(`${isLive ? clearLine : ""}${text}\n`);
  return {
    begin: (planned, place) => {
      const beganMs = nowMs();
      const name = nameOf(planned, place);
      const leftMs = (spentMs: number): number => {
        const ownMs = Math.max(0, plannedMs(planned) + overheadMs() - spentMs);
        return ownMs + place.restMs + (place.count - place.index - 1) * overheadMs();
      };
      if (!isLive) say(`${name}: begins, ${showLeft(leftMs(0))} left`);
      return {
        phase: (words, measuredMs) => {
          if (!isLive) return;
          const doing = words === "measuring" ? measuringWords(measuredMs, planned) : words;
          const line = `${name}: ${doing} · ${showLeft(leftMs(nowMs() - beganMs))} left`;
          stream.write(`${clearLine}${line.slice(0, (stream.columns ?? 80) - 1)}`);
        },
        retry: (run, attempt) => say(`${name}: ${showOutcome(run)}; tried again, attempt ${attempt}`),
        end: (run) => {
          overheadsMs.push(Math.max(0, nowMs() - beganMs - plannedMs(planned)));
          say(`${name}: ${showOutcome(run)}`);
        },
        notBegun: (failure) => say(`${name}: ${failureWords(failure)}`),
      };
    },
    clear: () => {
      if (isLive) stream.write(clearLine);
    },
  };
}

function nameOf({ repeat, cell, providers }: PlannedRun, { index, count }: Place): string {
  const settings = cell.settings.map(({ key, value }) => ` ${key}=${value}`).join("");
  return `[${index + 1}/${count}] ${providers.map(({ name }) => name).join("+")}${settings}, repeat ${repeat}`;
}

function measuringWords(measuredMs: number, { cell }: PlannedRun): string {
  return `measuring ${Math.floor(measuredMs / 1000)}/${Math.ceil(cell.durationMs / 1000)} s`;
}

/** A time left as people say it. */
export function showLeft(leftMs: number): string {
  const seconds = Math.max(1, Math.round(leftMs / 1000));
  if (seconds < 100) return `about ${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 100 ? `about ${minutes} min` : `about ${(minutes / 60).toFixed(1)} h`;
}

function failureWords({ what, where, cause }: Failure): string {
  return `${what} failed: ${where}${cause === undefined ? "" : ` (${cause})`}`;
}

function whyOf(outcome: Outcome): string {
  switch (outcome.kind) {
    case "measured":
      return "measured";
    case "cut":
      return outcome.why;
    case "failed":
      return failureWords(outcome.failure);
    default:
      return unreachable(outcome);
  }
}

/** A stream's few figures that say whether all is well. */
function showResult(result: RunResult, isOne: boolean): string {
  const name = isOne ? "" : `${result.provider} `;
  if (result.outcome.kind !== "measured") return `${name}${whyOf(result.outcome)}`;
  const figure = (key: string): string => {
    const measure = result.measures.find((one) => one.key === key);
    return measure === undefined ? "" : showFigure(measure.figure, measure.unit);
  };
  return `${name}latency ${figure("latency.p50")}, ${figure("frameRate.displayed")}, frozen ${figure("freeze.ratio")}`;
}

function showOutcome(run: Run): string {
  if (run.outcome.kind === "failed") return whyOf(run.outcome);
  const busy = run.load.isSaturated ? " (the machine was saturated)" : "";
  return run.results.map((result) => showResult(result, run.results.length === 1)).join("; ") + busy;
}
