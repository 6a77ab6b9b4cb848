import type { NetworkConditions } from "../runs/run.ts";
import type { Plan, PlanCell, Provider } from "./plan.ts";
import { shuffle } from "./shuffle.ts";

/** One run of a plan. */
export type PlannedRun = {
  /** From 1, in the plan's own order: settings, then repeats, then providers. The same whatever the seed and the shard. */
  readonly number: number;
  /** From 1. */
  readonly repeat: number;
  readonly cell: PlanCell;
  /** What the receivers are behind. */
  readonly network: NetworkConditions;
  /** One where providers take turns, all where they are measured together. */
  readonly providers: readonly Provider[];
};

/** A part of a plan: the `index`th (from 1) of `count`. */
export type Shard = { readonly index: number; readonly count: number };

function inPlanOrder({ cells, repeats, order }: Plan): readonly PlannedRun[] {
  const runs: PlannedRun[] = [];
  for (const cell of cells) {
    const groups = order === "together" ? [cell.providers] : cell.providers.map((provider) => [provider]);
    for (let repeat = 1; repeat <= repeats; repeat += 1)
      for (const providers of groups) {
        const network = providers[0]?.network ?? cell.network;
        runs.push({ number: runs.length + 1, repeat, cell, network, providers });
      }
  }
  return runs;
}

/**
 * Every run of a plan in the order in which they are measured: repeat by repeat, and shuffled by the plan's seed within each,
 * so that what drifts with time (the machine's heat, a network's load) hits all alike (randomised complete block design,
 * Montgomery, Design and Analysis of Experiments, chapter 4).
 */
export function expandPlan(plan: Plan): readonly PlannedRun[] {
  const runs = inPlanOrder(plan);
  return Array.from({ length: plan.repeats }, (_, index) => index + 1).flatMap((repeat) =>
    shuffle(
      runs.filter((run) => run.repeat === repeat),
      plan.seed * 1000 + repeat,
    ),
  );
}

/** The runs of a shard: every `count`th, so that each shard has its share of every repeat. All shards together are the plan. */
export function takeShard(runs: readonly PlannedRun[], { index, count }: Shard): readonly PlannedRun[] {
  return runs.filter((_, place) => place % count === index - 1);
}

/** Reads `2/5`; null where it is no shard. */
export function readShard(text: string): Shard | null {
  const [, index, count] = (/^(\d{1,5})\/(\d{1,5})$/.exec(text) ?? []).map(Number);
  if (index === undefined || count === undefined || index < 1 || index > count) return null;
  return { index, count };
}

/** One line that names a run: its number, repeat, providers and settings, apart by tabs, for a job array's scripts. */
export function showRun({ number, repeat, cell, providers }: PlannedRun): string {
  const names = providers.map(({ name }) => name).join("+");
  const settings = cell.settings.map(({ key, value }) => `${key}=${value}`).join(" ");
  return [String(number), `repeat=${repeat}`, names, settings].join("\t").trimEnd();
}

/** What opening pages and asking the last of them takes at most besides joining, ms. */
const overheadMs = 120_000;

/** How long a run may take at most, from its browsers' start: one that takes longer hangs, ms. */
export function deadlineMs(run: PlannedRun): number {
  // Publishing and joining may each take as long as the plan gives a stream to join.
  return plannedMs(run) + 2 * run.cell.joinWithinMs + overheadMs;
}

/** How long a run takes when nothing goes wrong, ms, without starting the browser and joining. */
export function plannedMs({ cell }: PlannedRun): number {
  return cell.warmUpMs + cell.durationMs;
}
