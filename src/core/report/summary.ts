import type { CellAnalysis } from "../runs/analysis.ts";
import { measureFor } from "../runs/measure-kinds.ts";
import { showValue } from "./figures.ts";
import type { Report } from "./report.ts";
import { cellTitle } from "./tables.ts";

/** Measures on which a summary says who is better, the first words of a report. */
const summaryKeys: ReadonlySet<string> = new Set([
  "latency.p50",
  "freeze.ratio",
  "frameRate.displayed",
  "vmaf.mean",
  "cost.perViewerHour",
]);

function cellSentences(cell: CellAnalysis): readonly string[] {
  const title = cellTitle(cell);
  const at = title === "" ? "" : ` at ${title}`;
  return cell.pairs.flatMap(({ subject, baseline, differences }) => {
    const told = differences.filter(({ key, winner }) => winner !== null && summaryKeys.has(key));
    return told.map(({ key, unit, difference, winner }) => {
      const loser = winner === subject ? baseline : subject;
      const by = showValue(Math.abs(difference.shift), unit);
      return `${winner ?? ""} is better than ${loser} in ${(measureFor(key)?.label ?? key).toLowerCase()} by ${by}${at}.`;
    });
  });
}

function noneBetter(cells: readonly CellAnalysis[]): string {
  const differences = cells.flatMap(({ pairs }) => pairs.flatMap((pair) => pair.differences));
  if (differences.length === 0) return "Nothing was measured of two providers that could be compared.";
  return differences.every(({ difference }) => difference.interval === null)
    ? "Too few runs to say who is better with 95 % confidence: that takes 4 of each, or 3 and 5."
    : "With 95 % confidence, nobody is shown to be better in what matters most.";
}

/** What a comparison says in a few sentences; only what the intervals bear out. */
export function summaryOf({ analysis, runs, plannedCount }: Report): readonly string[] {
  const begun = new Set(runs.map(({ number }) => number)).size;
  const sentences = analysis.cells.flatMap(cellSentences);
  const broken = analysis.verdicts.filter(({ outcome }) => outcome === "broken").length;
  const unknown = analysis.verdicts.filter(({ outcome }) => outcome === "unknown").length;
  const busy = runs.filter(({ load }) => load.isSaturated).length;
  const budgetWords =
    broken === 0 && unknown === 0
      ? "All budgets are kept."
      : `${broken} of ${analysis.verdicts.length} budgets are broken, ${unknown} could not be judged.`;
  return [
    ...(sentences.length === 0 ? [noneBetter(analysis.cells)] : sentences),
    ...(analysis.verdicts.length === 0 ? [] : [budgetWords]),
    ...(begun < plannedCount ? [`Stopped: only ${begun} of ${plannedCount} runs were begun.`] : []),
    ...(busy === 0
      ? []
      : [`The machine was saturated in ${busy} of ${runs.length} runs: their figures tell of it too.`]),
  ];
}
