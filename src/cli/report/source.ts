import type { Result } from "../../core/failure.ts";
import type { Plan } from "../../core/plan/plan.ts";
import type { LatencyTrace } from "../../core/report/report.ts";
import type { PastMedian } from "../../core/runs/judge.ts";
import type { ListedComparison } from "../../core/wire/runs.ts";
import type { StoredComparison } from "../../server/store/read-comparison.ts";

/** A stored comparison with what its charts need. */
export type SourcedComparison = StoredComparison & {
  /** Of the runs that were measured to their end. */
  readonly traces: readonly LatencyTrace[];
};

/** Where stored comparisons are read from. Whoever opens it closes it. */
export type ComparisonSource = {
  /** Comparisons of an id, the beginning of one, or a name; null: all. The newest first. */
  readonly find: (wanted: string | null) => Promise<Result<readonly ListedComparison[]>>;
  /** Null where it was deleted meanwhile. */
  readonly read: (id: string) => Promise<Result<SourcedComparison | null>>;
  /** What regression budgets of a plan are judged against. */
  readonly past: (plan: Plan, comparisonId: string) => Promise<Result<readonly PastMedian[]>>;
  readonly close: () => Promise<void>;
};
