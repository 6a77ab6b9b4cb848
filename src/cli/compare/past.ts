import { succeed, type Result } from "../../core/failure.ts";
import type { Plan } from "../../core/plan/plan.ts";
import type { PastMedian } from "../../core/runs/judge.ts";
import type { Setting } from "../../core/runs/run.ts";
import { median } from "../../core/statistics/quantile.ts";
import type { Query } from "../../server/store/database.ts";
import type { RunStore } from "../../server/store/store.ts";

/** One thing that a regression budget looks back on. */
export type Wanted = {
  readonly provider: string;
  readonly settings: readonly Setting[];
  readonly measure: string;
  readonly lastCount: number;
};

/** Everything that the regression budgets of a plan look back on. */
export function wantedBy({ budgets, cells }: Plan): readonly Wanted[] {
  return budgets.flatMap(({ measure, provider, regression }) =>
    regression === null
      ? []
      : cells.flatMap(({ settings, providers }) =>
          providers
            .filter(({ name }) => provider === null || provider === name)
            .map(({ name }) => ({ provider: name, settings, measure, lastCount: regression.lastCount })),
        ),
  );
}

/** Values of whole runs in the last comparisons of one plan's name, the newest comparison first; of each run its last whole attempt. */
const pastSql = `
select distinct on (comparison.started_at_us, comparison.comparison_id, run.head->'number')
  comparison.comparison_id, measure.value
from measure join stream using (run_id, stream) join run using (run_id) join comparison using (comparison_id)
where comparison.name = $1 and comparison.comparison_id <> $2 and stream.provider = $3 and measure.key = $4
  and stream.outcome = 'measured' and measure.value is not null and run.head->'settings' = $5::jsonb
order by comparison.started_at_us desc, comparison.comparison_id, run.head->'number', run.started_at_us desc limit 5000`;

async function mediansOf(
  query: Query,
  planName: string,
  comparisonId: string,
  wanted: Wanted,
): Promise<PastMedian> {
  const { provider, settings, measure, lastCount } = wanted;
  const parts = [planName, comparisonId, provider, measure, JSON.stringify(settings)];
  const byComparison = new Map<string, number[]>();
  for (const row of await query(pastSql, parts)) {
    const id = String(row["comparison_id"]);
    byComparison.set(id, [...(byComparison.get(id) ?? []), Number(row["value"])]);
  }
  const medians = [...byComparison.values()].slice(0, lastCount).map(median);
  return { provider, settings, measure, medians };
}

/** What regression budgets are judged against; asks the store only where there is such a budget. */
export async function readPast(
  store: RunStore,
  plan: Plan,
  comparisonId: string,
): Promise<Result<readonly PastMedian[]>> {
  const wanted = wantedBy(plan);
  if (wanted.length === 0) return succeed([]);
  return store.ask(async (query) => {
    const past: PastMedian[] = [];
    for (const one of wanted) past.push(await mediansOf(query, plan.name, comparisonId, one));
    return past;
  });
}
