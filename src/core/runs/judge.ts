import { keeps, type Budget } from "../plan/budget.ts";
import { median } from "../statistics/quantile.ts";
import type { CellAnalysis, Spread } from "./analysis.ts";
import { measureFor } from "./measure-kinds.ts";
import type { Setting } from "./run.ts";

/** What a measure was in a comparison before. */
export type PastMedian = {
  readonly provider: string;
  readonly settings: readonly Setting[];
  readonly measure: string;
  /** Medians of single comparisons, the newest first. */
  readonly medians: readonly number[];
};

/** Whether a budget is kept by one provider under one combination of settings. */
export type Verdict = {
  readonly budget: Budget;
  readonly provider: string;
  readonly settings: readonly Setting[];
  /** `unknown`: what it is about could not be measured. */
  readonly outcome: "kept" | "broken" | "unknown";
  /**
   * What was judged: the median over runs, or how much worse it is than before (0.1: 10 % more of what is better low, 10 % less
   * of what is better high, and 10 % more of what is better neither way); null where unknown.
   */
  readonly value: number | null;
  readonly unit: string;
  /** Why it is unknown, or that the interval reaches over the limit, in the user's words; empty where there is no doubt. */
  readonly note: string;
};

type Judged = Pick<Verdict, "outcome" | "value" | "unit" | "note">;

/** What came before, for budgets of regression. */
export type Past = {
  readonly medians: readonly PastMedian[];
  /** Why it could not be read, in the user's words: such budgets are unknown then, not kept. Null where it was read. */
  readonly why: string | null;
};

/** Judges every budget for every provider that it is for, in the plan's order. */
export function judgeBudgets(
  cells: readonly CellAnalysis[],
  budgets: readonly Budget[],
  past: Past,
): readonly Verdict[] {
  return cells.flatMap(({ settings, providers }) =>
    budgets.flatMap((budget) =>
      providers
        .filter(({ provider }) => budget.provider === null || budget.provider === provider)
        .map(({ provider, spreads }): Verdict => {
          const spread = spreads.find(({ key }) => key === budget.measure);
          const before = past.medians.find(
            (one) =>
              one.provider === provider &&
              one.measure === budget.measure &&
              JSON.stringify(one.settings) === JSON.stringify(settings),
          );
          return Object.assign({ budget, provider, settings }, judge(budget, spread, before, past.why));
        }),
    ),
  );
}

function judge(
  budget: Budget,
  spread: Spread | undefined,
  before: PastMedian | undefined,
  whyNoPast: string | null,
): Judged {
  if (spread === undefined || spread.values.length === 0)
    return unknown(spread?.why ?? "it was not measured", spread?.unit ?? "");
  if (budget.regression === null) return judgeValue(budget, spread);
  if (whyNoPast !== null) return unknown(`the comparisons before could not be read: ${whyNoPast}`, "ratio");
  return judgeChange(budget, spread, (before?.medians ?? []).slice(0, budget.regression.lastCount));
}

function unknown(note: string, unit: string): Judged {
  return { outcome: "unknown", value: null, unit, note };
}

function judgeValue({ comparator, limit }: Budget, { median: value, unit, interval }: Spread): Judged {
  const isKept = keeps(value, comparator, limit);
  const edges = interval === null ? [] : [interval.low, interval.high];
  const isSure = edges.every((edge) => keeps(edge, comparator, limit) === isKept);
  return {
    outcome: isKept ? "kept" : "broken",
    value,
    unit,
    note: isSure ? "" : "the 95 % interval reaches over the limit",
  };
}

/** The first comparisons of a plan have nothing to fall behind: no regression can be seen, and none is claimed. */
function judgeChange({ comparator, limit }: Budget, spread: Spread, medians: readonly number[]): Judged {
  if (medians.length === 0)
    return {
      outcome: "kept",
      value: null,
      unit: "ratio",
      note: "there is no comparison before to compare with",
    };
  const before = median(medians);
  if (before === 0) {
    if (spread.median === 0) return { outcome: "kept", value: 0, unit: "ratio", note: "" };
    return unknown("it was 0 before, so there is no relative change", "ratio");
  }
  const change = (spread.median - before) / Math.abs(before);
  const value = measureFor(spread.key)?.better === "higher" ? -change : change;
  const note = `before: median of ${medians.length} ${medians.length === 1 ? "comparison" : "comparisons"}`;
  return { outcome: keeps(value, comparator, limit) ? "kept" : "broken", value, unit: "ratio", note };
}
