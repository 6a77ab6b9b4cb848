import { succeed, type Result } from "../../core/failure.ts";
import type { Plan } from "../../core/plan/plan.ts";
import type { PastMedian } from "../../core/runs/judge.ts";
import type { Setting } from "../../core/runs/run.ts";
import { median } from "../../core/statistics/quantile.ts";
import type { ListedComparison, ListedRun } from "../../core/wire/runs.ts";
import { wantedBy, type Wanted } from "../compare/past.ts";

/** Runs as a server lists them. */
export type ListedPast = {
  /** Comparisons of a plan's name, the newest first. */
  readonly find: (name: string) => Promise<Result<readonly ListedComparison[]>>;
  /** Every attempt of a comparison, with these measures. */
  readonly runsOf: (comparisonId: string, keys: readonly string[]) => Promise<Result<readonly ListedRun[]>>;
};

/** What regression budgets are judged against, as `readPast` has it, by what a server lists; asks only where there is such a budget. */
export async function readListedPast(
  { find, runsOf }: ListedPast,
  plan: Plan,
  comparisonId: string,
): Promise<Result<readonly PastMedian[]>> {
  const wanted = wantedBy(plan);
  if (wanted.length === 0) return succeed([]);
  const found = await find(plan.name);
  if (!found.ok) return found;
  const keys = [...new Set(wanted.map(({ measure }) => measure))];
  const medians = new Map<Wanted, number[]>(wanted.map((one) => [one, []]));
  for (const { id, name } of found.value) {
    if (id === comparisonId || name !== plan.name) continue;
    const runs = await runsOf(id, keys);
    if (!runs.ok) return runs;
    for (const [one, before] of medians) {
      const values = valuesOf(runs.value, one);
      if (values.length > 0 && before.length < one.lastCount) before.push(median(values));
    }
    if ([...medians].every(([one, before]) => before.length === one.lastCount)) break;
  }
  return succeed(
    [...medians].map(([{ provider, settings, measure }, before]) => ({
      provider,
      settings,
      measure,
      medians: before,
    })),
  );
}

/** A measure in the whole runs of a comparison: of each run its last whole attempt's. */
function valuesOf(runs: readonly ListedRun[], { provider, settings, measure }: Wanted): readonly number[] {
  const byNumber = new Map<number, number>();
  const inOrder = runs.toSorted((one, other) => one.startedAtUs - other.startedAtUs);
  for (const run of inOrder.filter((one) => areSame(one.settings, settings))) {
    for (const stream of run.streams) {
      if (stream.provider !== provider || stream.state !== "measured") continue;
      const figure = stream.measures.find(({ key }) => key === measure)?.figure;
      if (figure?.known === true) byNumber.set(run.number, figure.value);
    }
  }
  return [...byNumber.values()];
}

function areSame(some: readonly Setting[], others: readonly Setting[]): boolean {
  return (
    some.length === others.length &&
    some.every(({ key, value }, index) => others[index]?.key === key && others[index].value === value)
  );
}
