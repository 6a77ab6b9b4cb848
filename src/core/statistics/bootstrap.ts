import { createRandom } from "../scene/random.ts";
import { normalQuantile, normalShareBelow } from "./normal.ts";
import { mean, quantileOf, sorted } from "./quantile.ts";

/** From `low` to `high`, both included. */
export type Interval = { readonly low: number; readonly high: number };

/** How an interval is made. */
export type BootstrapOptions = {
  /** How often the values are drawn again. */
  readonly resampleCount: number;
  /** Share of such intervals that hold the truth, such as 0.95. */
  readonly confidence: number;
  readonly seed: number;
};

/** 95 % from 2000 draws, the usual (Efron and Tibshirani 1993, section 14.3). */
export const bootstrapDefaults: BootstrapOptions = { resampleCount: 2000, confidence: 0.95, seed: 1 };

/** Fewer values say too little of how values vary: no interval is made from them. */
export const leastForBootstrap = 3;

/** The statistic of values drawn with replacement, again and again, in ascending order. */
function resample(
  values: readonly number[],
  statistic: (drawn: readonly number[]) => number,
  { resampleCount, seed }: BootstrapOptions,
): readonly number[] {
  const random = createRandom(seed);
  return sorted(
    Array.from({ length: resampleCount }, () =>
      statistic(values.map(() => values[random.between(0, values.length - 1)] ?? 0)),
    ),
  );
}

/** How fast the statistic's spread changes with its value, by leaving out each value in turn. */
function acceleration(values: readonly number[], statistic: (drawn: readonly number[]) => number): number {
  const without = values.map((_, index) => statistic(values.toSpliced(index, 1)));
  const center = mean(without);
  const gaps = without.map((value) => center - value);
  const squares = gaps.reduce((sum, gap) => sum + gap ** 2, 0);
  // All alike: the statistic does not change, and neither does its spread.
  return squares === 0 ? 0 : gaps.reduce((sum, gap) => sum + gap ** 3, 0) / (6 * squares ** 1.5);
}

/** Share of the draws below the estimate, ties by half, kept off 0 and 1 where the normal quantile has no end. */
function shareBelow(draws: readonly number[], estimate: number): number {
  const below = draws.filter((draw) => draw < estimate).length;
  const level = draws.filter((draw) => draw === estimate).length;
  return Math.min(Math.max((below + level / 2) / draws.length, 0.5 / draws.length), 1 - 0.5 / draws.length);
}

/**
 * Confidence interval of any statistic by the bootstrap, bias-corrected and accelerated: B. Efron, Better Bootstrap
 * Confidence Intervals (1987); Efron and Tibshirani, An Introduction to the Bootstrap (1993), section 14.3. The same values
 * and seed give the same interval. Null for fewer than 3 values.
 */
export function bootstrapInterval(
  values: readonly number[],
  statistic: (drawn: readonly number[]) => number,
  options: BootstrapOptions = bootstrapDefaults,
): Interval | null {
  if (values.length < leastForBootstrap) return null;
  const draws = resample(values, statistic, options);
  const bias = normalQuantile(shareBelow(draws, statistic(values)));
  const speed = acceleration(values, statistic);
  const edge = (share: number): number => {
    const moved = bias + normalQuantile(share);
    return quantileOf(draws, normalShareBelow(bias + moved / (1 - speed * moved)));
  };
  const tail = (1 - options.confidence) / 2;
  return { low: edge(tail), high: edge(1 - tail) };
}
