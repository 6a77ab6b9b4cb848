import type { CellAnalysis, ProviderAnalysis, Spread } from "../runs/analysis.ts";
import { showNumber } from "./figures.ts";
import {
  isWanted,
  labelOf,
  muted,
  plain,
  withoutEmpty,
  type ReportCell,
  type ReportTable,
} from "./tables.ts";

function spreadCell(spread: Spread): ReportCell {
  const { values, median, p95, least, most, interval, bound, unit, why } = spread;
  if (values.length === 0) return muted("–", why);
  const show = (value: number): string => showNumber(value, unit);
  const range = interval === null ? "" : ` (${show(interval.low)} to ${show(interval.high)})`;
  const runs = values.length === 1 ? "1 run" : `${values.length} runs`;
  const spreadWords = `${runs}, ${show(least)} to ${show(most)}, 95th percentile ${show(p95)}`;
  const boundWords = bound > 0 ? `; each within ±${show(bound)} by clock and display` : "";
  return plain(`${show(median)}${range}`, `${spreadWords}${boundWords}`);
}

/** The measures that somebody has a figure of. */
function knownKeys({ providers }: CellAnalysis): readonly string[] {
  const keys = providers[0]?.spreads.map(({ key }) => key) ?? [];
  return keys.filter((key) =>
    providers.some(({ spreads }) => (spreads.find((one) => one.key === key)?.values.length ?? 0) > 0),
  );
}

/** What matters most, medians over runs with their intervals: a row a measure, a column a provider. */
export function spreadTable(cell: CellAnalysis): ReportTable {
  return {
    title: "Median over runs (95 % interval)",
    head: ["Measure", ...cell.providers.map(({ provider }) => provider)],
    rows: knownKeys(cell)
      .filter((key) => isWanted(key, "headline"))
      .map((key) => {
        const label = plain(labelOf(key, unitIn(cell.providers, key)), key);
        return [label].concat(cell.providers.map((provider) => spreadCellOf(provider, key)));
      }),
  };
}

/** Every measure in full: a row for each provider. */
export function measureTable(cell: CellAnalysis): ReportTable {
  return withoutEmpty({
    title: "All measures",
    head: [
      "Measure",
      "Provider",
      "Runs",
      "Median",
      "95 % interval",
      "95th percentile",
      "Least",
      "Most",
      "Instrument",
      "Note",
    ],
    rows: knownKeys(cell).flatMap((key) =>
      cell.providers.flatMap(({ provider, spreads }) => {
        const spread = spreads.find((one) => one.key === key);
        if (spread === undefined) return [];
        const label = plain(labelOf(key, unitIn(cell.providers, key)), key);
        return [[label, plain(provider), ...spreadCells(spread)]];
      }),
    ),
  });
}

function spreadCells(spread: Spread): readonly ReportCell[] {
  const { values, median, p95, least, most, interval, bound, unit, why } = spread;
  const show = (value: number): string => (values.length === 0 ? "–" : showNumber(value, unit));
  const range = interval === null ? "–" : `${show(interval.low)} to ${show(interval.high)}`;
  return [
    plain(String(values.length)),
    plain(show(median)),
    interval === null ? muted(range, "it takes 3 runs") : plain(range),
    ...[p95, least, most].map((value) => plain(show(value))),
    plain(bound > 0 ? `±${show(bound)}` : "–", "how far clock and display may be off in each run"),
    plain(why),
  ];
}

function spreadCellOf({ spreads }: ProviderAnalysis, key: string): ReportCell {
  const spread = spreads.find((one) => one.key === key);
  return spread === undefined ? muted("–", "it was not measured") : spreadCell(spread);
}

function unitIn(providers: readonly ProviderAnalysis[], key: string): string {
  const spreads = providers.flatMap((provider) => provider.spreads.filter((spread) => spread.key === key));
  return (spreads.find(({ values }) => values.length > 0) ?? spreads[0])?.unit ?? "";
}
