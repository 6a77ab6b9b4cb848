import { writeDateTime } from "../hls/date-time.ts";
import type { CellAnalysis, PairAnalysis, PairDifference, ProviderAnalysis } from "../runs/analysis.ts";
import { measureFor } from "../runs/measure-kinds.ts";
import { showNumber, showValue, unitWord } from "./figures.ts";

/** One cell: what it says, how it is meant, and what explains it. */
export type ReportCell = {
  readonly text: string;
  readonly tone: "plain" | "good" | "bad" | "muted";
  /** Why, or how it was come by; empty where nothing needs explaining. */
  readonly why: string;
};

/** A table of a report. The first column names its rows. */
export type ReportTable = {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly ReportCell[])[];
};

/** A cell that needs no stress. */
export function plain(text: string, why: string = ""): ReportCell {
  return { text, tone: "plain", why };
}

/** A cell that holds nothing, and why. */
export function muted(text: string, why: string): ReportCell {
  return { text, tone: "muted", why };
}

/** Leaves columns out in which no row says anything: settings where nothing is swept, notes where there are none. */
export function withoutEmpty({ title, head, rows }: ReportTable): ReportTable {
  const isSaid = head.map((_, column) => rows.some((cells) => cells[column]?.text !== ""));
  const keep = <Cell>(cells: readonly Cell[]): readonly Cell[] => cells.filter((_, column) => isSaid[column]);
  return { title, head: keep(head), rows: rows.map(keep) };
}

/** What a reader looks for first. */
const headlineKeys: ReadonlySet<string> = new Set([
  "latency.p50",
  "latency.p95",
  "join.firstFrame",
  "frameRate.displayed",
  "loss.ratio",
  "freeze.ratio",
  "stall.total",
  "vmaf.mean",
  "bitrate.mean",
  "cost.perViewerHour",
]);

/** Which measures a table holds: those that matter most, or all. */
export type Extent = "headline" | "all";

/** Whether a measure stands in a table of that extent. */
export function isWanted(key: string, extent: Extent): boolean {
  return extent === "all" || headlineKeys.has(key);
}

/** A measure as people call it, with its unit. */
export function labelOf(key: string, unit: string): string {
  const word = unitWord(unit);
  const label = measureFor(key)?.label ?? key;
  return word === "" ? label : `${label}, ${word}`;
}

/** Settings of a cell in words; empty without a matrix. */
export function cellTitle({ settings }: CellAnalysis): string {
  return settings.map(({ key, value }) => `${key} ${value}`).join(", ");
}

/** Effect sizes in words: thresholds for Cliff's delta by Romano et al. (2006). */
function effectWords(effect: number): string {
  const size = Math.abs(effect);
  if (size < 0.147) return "negligible";
  if (size < 0.33) return "small";
  return size < 0.474 ? "medium" : "large";
}

const tooFew = "95 % sure takes 4 runs of each, or 3 and 5";

function betterCell({ winner, difference: { interval } }: PairDifference): ReportCell {
  if (winner !== null) return { text: winner, tone: "good", why: "the interval does not hold 0" };
  if (interval === null) return muted("too few runs", tooFew);
  const holdsNone = interval.low > 0 || interval.high < 0;
  return holdsNone
    ? muted("differs", "neither more nor less of it is better in itself")
    : muted("no difference shown", "the interval holds 0");
}

/** One provider minus another: a row a measure. */
export function pairTable({ subject, baseline, differences }: PairAnalysis, extent: Extent): ReportTable {
  return {
    title: `${subject} minus ${baseline}`,
    head: ["Measure", "Difference", "95 % interval", "Effect (Cliff's delta)", "Better"],
    rows: differences
      .filter(({ key }) => isWanted(key, extent))
      .map((one) => {
        const { key, unit, difference } = one;
        const { shift, interval, effect } = difference;
        const range =
          interval === null ? "–" : `${showNumber(interval.low, unit)} to ${showNumber(interval.high, unit)}`;
        return [
          plain(labelOf(key, unit), key),
          plain(`${shift > 0 ? "+" : ""}${showNumber(shift, unit)}`, "Hodges and Lehmann's estimate"),
          plain(range),
          // Of one run each it is 1 whatever was measured.
          interval === null ? muted("–", tooFew) : plain(`${effect.toFixed(2)}, ${effectWords(effect)}`),
          betterCell(one),
        ];
      }),
  };
}

function percent(share: number): string {
  return (share * 100).toFixed(0);
}

function shareCell({ joined }: ProviderAnalysis): ReportCell {
  if (joined === null) return muted("–", "no run came to its end");
  const { share, interval, caseCount } = joined;
  const text = `${percent(share)} % (${percent(interval.low)} to ${percent(interval.high)})`;
  const why = `of ${caseCount} ${caseCount === 1 ? "attempt" : "attempts"}; Wilson's 95 % interval`;
  return { text, tone: share < 1 ? "bad" : "plain", why };
}

function medianCell({ spreads }: ProviderAnalysis, key: string): ReportCell {
  const spread = spreads.find((one) => one.key === key);
  if (spread === undefined || spread.values.length === 0) return muted("–", spread?.why ?? "");
  return plain(showValue(spread.median, spread.unit));
}

/** Where a stream did not come back, the time is the least that it would have taken. */
function recoveryCell(provider: ProviderAnalysis): ReportCell {
  const cell = medianCell(provider, "recovery.longest");
  const { unrecoveredCount, wholeCount } = provider;
  if (unrecoveredCount === 0) return cell;
  const text = `${cell.text}, not recovered in ${unrecoveredCount} of ${wholeCount}`;
  return { text, tone: "bad", why: "counted up to the end of the run" };
}

/** Whether streams came, stayed and came back. */
export function reliabilityTable({ providers }: CellAnalysis): ReportTable {
  return {
    title: "Reliability",
    head: [
      "Provider",
      "Joined",
      "Whole runs",
      "Cut",
      "Saturated machine",
      "Freezes",
      "Stalls",
      "Longest recovery",
      "Failures",
    ],
    rows: providers.map((provider) => [
      plain(provider.provider),
      shareCell(provider),
      plain(String(provider.wholeCount)),
      plain(String(provider.cutCount), "stopped before their end: in no figure"),
      provider.saturatedCount > 0
        ? { text: String(provider.saturatedCount), tone: "bad", why: "these may have measured the machine" }
        : plain("0"),
      medianCell(provider, "freeze.perHour"),
      medianCell(provider, "stall.perHour"),
      recoveryCell(provider),
      plain(provider.failures.map(({ words, count }) => `${count} × ${words}`).join("; ")),
    ]),
  };
}

/** An instant as UTC, to the second. @param atUs epoch us */
export function showInstant(atUs: number): string {
  return `${writeDateTime(Math.floor(atUs / 1000))
    .slice(0, 19)
    .replace("T", " ")} UTC`;
}
