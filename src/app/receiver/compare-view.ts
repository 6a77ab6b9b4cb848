import type { Measured } from "../../core/measured.ts";
import type { StreamReport } from "../../core/wire/automation.ts";
import { toFigure, toPercent, type Figure } from "../parts/format.ts";
import type { Tone } from "../parts/Readouts.tsx";
import type { TableCell, TableFile } from "../parts/table-file.ts";
import {
  compareColumns,
  compareFaces,
  notMeasured,
  type CompareColumn,
  type ColumnFace,
} from "./compare-columns.ts";

/** One cell. */
export type CompareCell = {
  readonly figure: Figure;
  /** What it is sorted by; null sorts last. */
  readonly value: number | null;
  readonly isWorst: boolean;
};

/** One stream's row. */
export type CompareRow = {
  readonly number: number;
  readonly label: string;
  readonly kind: string;
  readonly isControl: boolean;
  readonly state: { readonly tone: Tone; readonly words: string };
  readonly cells: Readonly<Record<CompareColumn, CompareCell>>;
};

/** Which column the rows are sorted by, and whether upwards; null: in the order of the line-up. */
export type CompareSort = { readonly column: CompareColumn; readonly isAscending: boolean } | null;

/** Rows of the comparison, sorted, the worst of each column marked where streams differ. */
export function toCompareRows(reports: readonly StreamReport[], sort: CompareSort): readonly CompareRow[] {
  const figures = reports.map((report) => compareColumns.map((column) => compareFaces[column].of(report)));
  const worst = compareColumns.map((column, at) =>
    worstOf(
      figures.map((row) => row[at] ?? notMeasured),
      compareFaces[column].worse,
    ),
  );
  const rows = reports.map((report, index): CompareRow => {
    const cells = compareColumns.map((column, at) => {
      const measure = figures[index]?.[at] ?? notMeasured;
      const isWorst = measure.known && measure.value === worst[at];
      return [column, toCell(column, measure, isWorst)] as const;
    });
    return {
      number: report.number,
      label: report.label,
      kind: report.kind,
      isControl: report.isControl,
      state: toState(report),
      cells: Object.fromEntries(cells) as Record<CompareColumn, CompareCell>,
    };
  });
  return sort === null
    ? rows
    : rows.toSorted((a, b) => compareCells(a.cells[sort.column], b.cells[sort.column], sort));
}

/** The comparison as a table to be saved: one row a stream, the figures as they were measured. */
export function toCompareTable(reports: readonly StreamReport[]): TableFile {
  return {
    columns: [
      "stream",
      "kind",
      "control",
      ...compareColumns.flatMap((column) => {
        const { label, unit } = compareFaces[column];
        return [unit === "" || unit === label ? label : `${label} ${unit}`, `${label} bound`];
      }),
    ],
    rows: reports.map((report) => {
      const cells: readonly TableCell[] = [report.label, report.kind, report.isControl ? "yes" : ""];
      return cells.concat(compareColumns.flatMap((column) => toSavedCells(report, column)));
    }),
  };
}

/** A figure's value and its bound in the unit of its column; neither where there is none. */
function toSavedCells(report: StreamReport, column: CompareColumn): readonly TableCell[] {
  const { of, unit } = compareFaces[column];
  const measure = of(report);
  const factor = unit === "%" ? 100 : 1;
  return measure.known ? [measure.value * factor, measure.bound * factor] : [null, null];
}

function toCell(column: CompareColumn, measure: Measured, isWorst: boolean): CompareCell {
  const { unit, decimals } = compareFaces[column];
  const figure = unit === "%" ? toPercent(measure, decimals) : toFigure(measure, unit, decimals);
  return { figure, value: measure.known ? measure.value : null, isWorst };
}

/** The worst value of a column; null where it says nothing: fewer than two are known, or all are alike within their bounds. */
function worstOf(measures: readonly Measured[], worse: ColumnFace["worse"]): number | null {
  const known = measures.filter((measure) => measure.known);
  if (worse === null || known.length < 2) return null;
  const sorted = known.toSorted((a, b) => a.value - b.value);
  const [least, greatest] = [sorted.at(0), sorted.at(-1)];
  if (least === undefined || greatest === undefined) return null;
  if (greatest.value - least.value <= least.bound + greatest.bound) return null;
  return worse === "high" ? greatest.value : least.value;
}

function compareCells(a: CompareCell, b: CompareCell, { isAscending }: NonNullable<CompareSort>): number {
  if (a.value === null || b.value === null) return Number(a.value === null) - Number(b.value === null);
  return isAscending ? a.value - b.value : b.value - a.value;
}

function toState({ snapshot }: StreamReport): CompareRow["state"] {
  switch (snapshot.phase) {
    case "idle":
      return { tone: "plain", words: "not started" };
    case "joining":
      return { tone: "warn", words: snapshot.state };
    case "failed":
      return { tone: "bad", words: snapshot.failure.cause ?? snapshot.failure.next };
    case "measuring": {
      const { connection } = snapshot;
      if (connection.state === "connected") return { tone: "good", words: "" };
      if (connection.state === "ended")
        return { tone: connection.failure === null ? "plain" : "bad", words: `ended: ${connection.why}` };
      return { tone: connection.state === "lost" ? "bad" : "warn", words: connection.why };
    }
    default:
      throw new Error(`no such phase: ${String(snapshot satisfies never)}`);
  }
}
