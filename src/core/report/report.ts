import type { Analysis } from "../runs/analysis.ts";
import type { Comparison, Run, RunHead } from "../runs/run.ts";

/** How a stream's latency went in the seconds of a run, for charts. */
export type LatencyTrace = {
  readonly runId: string;
  readonly provider: string;
  /** One a second that has frames; ms. */
  readonly points: readonly {
    /** Seconds since measuring began. */
    readonly atS: number;
    readonly leastMs: number;
    readonly medianMs: number;
    readonly mostMs: number;
  }[];
};

/** A run that was planned and never begun. */
export type UnbegunRun = Pick<RunHead, "number" | "repeat" | "settings"> & {
  readonly providers: readonly string[];
};

/** Everything that a report of a comparison says. */
export type Report = {
  readonly comparison: Comparison;
  /** The provider that others are compared with. */
  readonly control: string;
  /** Epoch us. */
  readonly madeAtUs: number;
  /** Runs that were to be measured here: of a shard, its own. */
  readonly plannedCount: number;
  /** Of these, those that were never begun: the comparison was stopped, or no browser could be started. Not given: not known. */
  readonly notBegun?: readonly UnbegunRun[];
  /** Every attempt. */
  readonly runs: readonly Run[];
  readonly analysis: Analysis;
  /** Of the runs that were measured to their end. */
  readonly traces: readonly LatencyTrace[];
};
