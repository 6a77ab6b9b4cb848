import type { Report } from "../../core/report/report.ts";

/** 1 when a budget is broken; else 2 when something planned or budgeted could not be measured; else 0. */
export function exitCodeOf({ analysis, runs, plannedCount }: Report): 0 | 1 | 2 {
  if (analysis.verdicts.some(({ outcome }) => outcome === "broken")) return 1;
  const isMissing = analysis.verdicts.some(({ outcome }) => outcome === "unknown");
  const begun = new Set(runs.map(({ number }) => number));
  const whole = new Set(
    runs
      .filter(({ results }) => results.every(({ outcome }) => outcome.kind === "measured"))
      .map(({ number }) => number),
  );
  const isShort = begun.size < plannedCount || [...begun].some((number) => !whole.has(number));
  return isMissing || isShort ? 2 : 0;
}
