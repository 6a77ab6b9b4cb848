import { toReceiverUs } from "../clock/instants.ts";
import type { Budget } from "../plan/budget.ts";
import { bootstrapInterval, type Interval } from "../statistics/bootstrap.ts";
import { differenceOf, isDifferent, type Difference } from "../statistics/difference.ts";
import { proportionOf, type Proportion } from "../statistics/proportion.ts";
import { median, quantileOf, sorted } from "../statistics/quantile.ts";
import { recoveriesOf } from "../timeline/recovery.ts";
import { judgeBudgets, type PastMedian, type Verdict } from "./judge.ts";
import { byHand } from "./keep-by-hand.ts";
import { measureKinds, type MeasureKind } from "./measure-kinds.ts";
import type { Run, RunResult, Setting } from "./run.ts";

/** What a measure came to over the repeats of one provider. One value a run: runs, not frames, are what varies. */
export type Spread = {
  readonly key: string;
  readonly unit: string;
  /** One a whole run, in the order in which they were measured. Empty: see `why`. */
  readonly values: readonly number[];
  /** Why there is none, in the user's words; empty where there is one. */
  readonly why: string;
  readonly median: number;
  readonly p95: number;
  readonly least: number;
  readonly most: number;
  /** 95 % confidence interval of the median (bootstrap); null for fewer than 3 values. */
  readonly interval: Interval | null;
  /** How far the instrument itself may be off in each run, the median of its bounds: clock, display, reading. */
  readonly bound: number;
};

/** What came of one provider under one combination of settings. */
export type ProviderAnalysis = {
  readonly provider: string;
  /** Runs of the plan that were measured to their end, however many attempts it took. */
  readonly wholeCount: number;
  /** Runs that stopped before their end, by the user or because the browser broke: left out of all figures. */
  readonly cutCount: number;
  /** Whole runs on a machine so busy that it may have measured itself. */
  readonly saturatedCount: number;
  /** Whole runs at whose end the stream was still in trouble, or its connection away. */
  readonly unrecoveredCount: number;
  /** Share of the attempts in which the stream joined and played; null without any. */
  readonly joined: Proportion | null;
  /** Why it did not, each once, with how often. */
  readonly failures: readonly { readonly words: string; readonly count: number }[];
  readonly spreads: readonly Spread[];
};

/** How a measure of one provider differs from that of another: subject minus baseline. */
export type PairDifference = {
  readonly key: string;
  readonly unit: string;
  readonly difference: Difference;
  /** The better one; null where the interval holds 0, is not known, or neither way is better. */
  readonly winner: string | null;
};

/** Two providers side by side. */
export type PairAnalysis = {
  readonly subject: string;
  readonly baseline: string;
  readonly differences: readonly PairDifference[];
};

/** All that was measured under one combination of the matrix. */
export type CellAnalysis = {
  readonly settings: readonly Setting[];
  readonly providers: readonly ProviderAnalysis[];
  readonly pairs: readonly PairAnalysis[];
};

/** What a comparison says. */
export type Analysis = {
  readonly cells: readonly CellAnalysis[];
  readonly verdicts: readonly Verdict[];
};

/** What an analysis needs to know of the plan. */
export type AnalysisOptions = {
  /** The provider that others are compared with. */
  readonly control: string;
  /** In the order in which they are shown. */
  readonly providers: readonly string[];
  readonly budgets: readonly Budget[];
  /** Medians of comparisons before, for regression budgets. */
  readonly past: readonly PastMedian[];
  /** Why those could not be read, in the user's words; not given where they were. */
  readonly pastWhy?: string;
  readonly seed: number;
};

/** With more providers than these, each is compared with the control alone: all pairs would be found different by chance. */
const maxAllPairs = 6;

type StreamRun = { readonly run: Run; readonly result: RunResult };

/** Text that is the same for the same settings. */
export function settingsKey(settings: readonly Setting[]): string {
  return settings.map(({ key, value }) => `${key}=${value}`).join(" ");
}

/** Says what runs of one comparison tell. */
export function analyse(runs: readonly Run[], options: AnalysisOptions): Analysis {
  const byCell = new Map<string, readonly Run[]>();
  for (const run of runs.toSorted((one, other) => one.number - other.number)) {
    const key = settingsKey(run.settings);
    byCell.set(key, [...(byCell.get(key) ?? []), run]);
  }
  const cells = [...byCell.values()].map((own) => analyseCell(own, options));
  const past = { medians: options.past, why: options.pastWhy ?? null };
  return { cells, verdicts: judgeBudgets(cells, options.budgets, past) };
}

function analyseCell(runs: readonly Run[], options: AnalysisOptions): CellAnalysis {
  const streams = runs.flatMap((run) => run.results.map((result) => ({ run, result })));
  const providers = options.providers
    .map((name) => streams.filter(({ result }) => result.provider === name))
    .filter((own) => own.length > 0)
    .map((own) => analyseProvider(own, options.seed));
  return {
    settings: runs[0]?.settings ?? [],
    providers,
    pairs: pairsOf(providers, options.control).map(([subject, baseline]) => comparePair(subject, baseline)),
  };
}

/**
 * One of each run of the plan, its last whole attempt: where several streams are measured together, one that failed has all of
 * them measured again, and a repeat is to count once. Runs that people kept follow no plan: each stands for itself.
 */
function lastAttempts(whole: readonly StreamRun[]): readonly StreamRun[] {
  const byRun = new Map<string, StreamRun>();
  for (const one of whole) {
    const { run } = one;
    const key = run.comparisonId === byHand.id ? run.id : String(run.number);
    const before = byRun.get(key);
    if (before === undefined || run.startedAtUs >= before.run.startedAtUs) byRun.set(key, one);
  }
  return [...byRun.values()];
}

function analyseProvider(streams: readonly StreamRun[], seed: number): ProviderAnalysis {
  const attempts = streams.filter(({ result }) => result.outcome.kind === "measured");
  const whole = lastAttempts(attempts);
  const failed = streams.flatMap(({ result: { outcome } }) =>
    outcome.kind === "failed" ? [`${outcome.failure.what}: ${outcome.failure.where}`] : [],
  );
  return {
    provider: streams[0]?.result.provider ?? "",
    wholeCount: whole.length,
    cutCount: streams.length - attempts.length - failed.length,
    saturatedCount: whole.filter(({ run }) => run.load.isSaturated).length,
    unrecoveredCount: whole.filter(({ result }) => !hasRecovered(result)).length,
    joined: proportionOf(attempts.length, attempts.length + failed.length),
    failures: [...new Set(failed)].map((words) => ({
      words,
      count: failed.filter((one) => one === words).length,
    })),
    spreads: measureKinds.map((kind) => spreadOf(kind, whole, seed)),
  };
}

function hasRecovered({ events, measuredUntilUs }: RunResult): boolean {
  return recoveriesOf(events, toReceiverUs(measuredUntilUs ?? 0)).every(({ isOver }) => isOver);
}

function spreadOf({ key, unit }: MeasureKind, whole: readonly StreamRun[], seed: number): Spread {
  const own = whole.flatMap(({ result }) => result.measures.filter((measure) => measure.key === key));
  const known = own.flatMap(({ figure }) => (figure.known ? [figure] : []));
  const whys = own.flatMap(({ figure }) => (figure.known ? [] : [figure.why]));
  const values = known.map(({ value }) => value);
  const named = own[0]?.unit ?? unit;
  if (values.length === 0) {
    const none = { median: Number.NaN, p95: Number.NaN, least: Number.NaN, most: Number.NaN };
    return {
      key,
      unit: named,
      values,
      why: whys[0] ?? "no run was whole",
      ...none,
      interval: null,
      bound: 0,
    };
  }
  const ascending = sorted(values);
  return {
    key,
    unit: named,
    values,
    why: "",
    median: quantileOf(ascending, 0.5),
    p95: quantileOf(ascending, 0.95),
    least: quantileOf(ascending, 0),
    most: quantileOf(ascending, 1),
    interval: bootstrapInterval(values, median, { resampleCount: 2000, confidence: 0.95, seed }),
    bound: median(known.map(({ bound }) => bound)),
  };
}

type Pair = readonly [subject: ProviderAnalysis, baseline: ProviderAnalysis];

/** The control is the baseline of whatever it is compared with. */
function pairsOf(providers: readonly ProviderAnalysis[], control: string): readonly Pair[] {
  const ordered = providers.toSorted(
    (one, other) => Number(other.provider === control) - Number(one.provider === control),
  );
  const pairs = ordered.flatMap((baseline, index) =>
    ordered.slice(index + 1).map((subject): Pair => [subject, baseline]),
  );
  if (providers.length <= maxAllPairs) return pairs;
  return pairs.filter(([, baseline]) => baseline.provider === control);
}

function comparePair(subject: ProviderAnalysis, baseline: ProviderAnalysis): PairAnalysis {
  const differences = measureKinds.flatMap(({ key, better }) => {
    const own = subject.spreads.find((spread) => spread.key === key);
    const other = baseline.spreads.find((spread) => spread.key === key);
    // Amounts of different currencies are not to be subtracted.
    if (own === undefined || other === undefined || own.unit !== other.unit) return [];
    const difference = differenceOf(own.values, other.values);
    if (difference === null) return [];
    return [{ key, unit: own.unit, difference, winner: winnerOf(difference, better, subject, baseline) }];
  });
  return { subject: subject.provider, baseline: baseline.provider, differences };
}

function winnerOf(
  { interval, shift }: Difference,
  better: MeasureKind["better"],
  subject: ProviderAnalysis,
  baseline: ProviderAnalysis,
): string | null {
  if (better === null || !isDifferent(interval)) return null;
  return shift < 0 === (better === "lower") ? subject.provider : baseline.provider;
}
