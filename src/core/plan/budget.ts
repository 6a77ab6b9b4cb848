import { measureFor, measureKinds } from "../runs/measure-kinds.ts";
import { dimensionWords, readQuantity } from "./quantity.ts";

/** How a measured value must stand to its limit. */
export type Comparator = "<" | "<=" | ">" | ">=";

/** What must hold, or the comparison fails. The limit is in the measure's own unit; shares are 0..1. */
export type Budget = {
  /** As written in the plan. */
  readonly text: string;
  /** The provider it is for; null: every one. */
  readonly provider: string | null;
  /** Key of the measure, such as `latency.p95`. */
  readonly measure: string;
  readonly comparator: Comparator;
  readonly limit: number;
  /** With it, the limit is on (value - median of the last ones) / median: `lastCount` comparisons of the same plan before. */
  readonly regression: { readonly lastCount: number } | null;
};

/** A budget, or what is wrong with it. */
export type BudgetReading =
  | { readonly ok: true; readonly budget: Budget }
  | { readonly ok: false; readonly words: string };

const plain = /^(?<measure>[A-Za-z]+(?:\.[A-Za-z0-9]+)*) ?(?<comparator><=|>=|<|>) ?(?<limit>.+)$/;
const regression =
  /^regression\( ?(?<measure>[A-Za-z]+(?:\.[A-Za-z0-9]+)*) ?\) ?(?<comparator><=|>=|<|>) ?(?<limit>[^ ]+ ?%) vs last (?<last>\d{1,3})$/;

const grammar =
  "reads like latency.p95 < 500 ms, freeze.ratio < 1 %, or regression(latency.p95) < 10 % vs last 5";

type Parts = {
  readonly measure: string;
  readonly comparator: Comparator;
  readonly limit: string;
  readonly last: number | null;
};

function toParts(text: string): Parts | null {
  const groups = regression.exec(text)?.groups ?? plain.exec(text)?.groups;
  if (groups === undefined) return null;
  const { measure = "", comparator = "<", limit = "", last } = groups;
  return {
    measure,
    comparator: comparator as Comparator,
    limit,
    last: last === undefined ? null : Number(last),
  };
}

/** Reads a budget as people write it. */
export function readBudget(written: string, provider: string | null): BudgetReading {
  const text = written.trim().replaceAll(/\s+/g, " ");
  const parts = toParts(text);
  if (parts === null) return { ok: false, words: grammar };
  const { measure, comparator, last } = parts;
  const kind = measureFor(measure);
  if (kind === null) {
    const known = measureKinds.map(({ key }) => key).join(", ");
    return { ok: false, words: `${measure} is no measure; the measures are ${known}` };
  }
  const wanted = last === null ? kind.dimension : "share";
  const limit = readQuantity(parts.limit);
  if (limit === null || limit.dimension !== wanted)
    return { ok: false, words: `${measure} is compared with ${dimensionWords[wanted]}` };
  if (last === 0) return { ok: false, words: "vs last 0 compares with nothing" };
  const regressionOf = last === null ? null : { lastCount: last };
  return {
    ok: true,
    budget: { text, provider, measure, comparator, limit: limit.value, regression: regressionOf },
  };
}

const comparisons: Readonly<Record<Comparator, (value: number, limit: number) => boolean>> = {
  "<": (value, limit) => value < limit,
  "<=": (value, limit) => value <= limit,
  ">": (value, limit) => value > limit,
  ">=": (value, limit) => value >= limit,
};

/** Whether a value keeps to a limit. */
export function keeps(value: number, comparator: Comparator, limit: number): boolean {
  return comparisons[comparator](value, limit);
}
