import type { Analysis } from "../runs/analysis.ts";
import type { Comparison, Run } from "../runs/run.ts";

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

/** Everything that a report of a comparison says. */
export type Report = {
  readonly comparison: Comparison;
  /** The provider that others are compared with. */
  readonly control: string;
  /** Epoch us. */
  readonly madeAtUs: number;
  /** Runs that were to be measured here: of a shard, its own. */
  readonly plannedCount: number;
  /** Every attempt. */
  readonly runs: readonly Run[];
  readonly analysis: Analysis;
  /** Of the runs that were measured to their end. */
  readonly traces: readonly LatencyTrace[];
};
