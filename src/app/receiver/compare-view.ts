import { missing, type Measured } from "../../core/measured.ts";
import type { StreamReport } from "../../core/wire/automation.ts";
import { toFigure, toPercent, type Figure, type Unit } from "../parts/format.ts";
import type { Tone } from "../parts/Readouts.tsx";
import type { TableCell, TableFile } from "../parts/table-file.ts";

/** Columns of the comparison, left to right. */
export const compareColumns = [
  "now",
  "p50",
  "p95",
  "diff50",
  "diff95",
  "fps",
  "loss",
  "freezes",
  "stalls",
  "kbps",
  "date",
] as const;
/** A column of the comparison. */
export type CompareColumn = (typeof compareColumns)[number];

/** What a column shows. */
type ColumnFace = {
  readonly label: string;
  readonly title: string;
  readonly unit: Unit;
  readonly decimals: number;
  /** Which end is the worse one; null where neither is. */
  readonly worse: "high" | "low" | null;
  readonly of: (report: StreamReport) => Measured;
};

const notMeasured = missing("nothing is measured yet");

type Measures = Extract<StreamReport["snapshot"], { readonly phase: "measuring" }>["measures"];

function ofMeasures(pick: (measures: Measures) => Measured): ColumnFace["of"] {
  return ({ snapshot }) => (snapshot.phase === "measuring" ? pick(snapshot.measures) : notMeasured);
}

/** What the columns show, and which end is worse. */
export const compareFaces: Readonly<Record<CompareColumn, ColumnFace>> = {
  now: {
    label: "latency",
    title: "Latency of the last frame",
    unit: "ms",
    decimals: 0,
    worse: "high",
    of: ofMeasures(({ latencyMs }) => latencyMs.now),
  },
  p50: {
    label: "p50",
    title: "Half of all frames were faster",
    unit: "ms",
    decimals: 0,
    worse: "high",
    of: ofMeasures(({ latencyMs }) => latencyMs.p50),
  },
  p95: {
    label: "p95",
    title: "95 of 100 frames were faster",
    unit: "ms",
    decimals: 0,
    worse: "high",
    of: ofMeasures(({ latencyMs }) => latencyMs.p95),
  },
  diff50: {
    label: "Δ p50",
    title: "Median of latency minus the control's, frame by frame; needs no clock",
    unit: "ms",
    decimals: 0,
    worse: "high",
    of: ({ differentialMs }) => differentialMs.p50,
  },
  diff95: {
    label: "Δ p95",
    title: "95th percentile of latency minus the control's, frame by frame; needs no clock",
    unit: "ms",
    decimals: 0,
    worse: "high",
    of: ({ differentialMs }) => differentialMs.p95,
  },
  fps: {
    label: "fps",
    title: "Pictures displayed in the last second",
    unit: "fps",
    decimals: 1,
    worse: "low",
    of: ofMeasures(({ frameRateFps }) => frameRateFps.displayed),
  },
  loss: {
    label: "loss",
    title: "Frames sent that never were displayed",
    unit: "%",
    decimals: 2,
    worse: "high",
    of: ofMeasures(({ frames }) => frames.lossRatio),
  },
  freezes: {
    label: "freezes",
    title: "Gaps over max(3 × mean gap, mean gap + 150 ms)",
    unit: "",
    decimals: 0,
    worse: "high",
    of: ofMeasures(({ freezes }) => freezes.count),
  },
  stalls: {
    label: "stalls",
    title: "Times that the player's buffer ran dry",
    unit: "",
    decimals: 0,
    worse: "high",
    of: ofMeasures(({ stalls }) => stalls.count),
  },
  kbps: {
    label: "kbit/s",
    title: "Received in the last second",
    unit: "kbit/s",
    decimals: 0,
    worse: null,
    of: ofMeasures(({ bitrateKbps }) => bitrateKbps),
  },
  date: {
    label: "by date",
    title: "Latency by the playlist's own date: rests on the publisher's wall clock and on what it stamps",
    unit: "ms",
    decimals: 0,
    worse: null,
    of: ({ delivery }) => delivery?.dateTimeLatencyMs ?? missing("there is no playlist"),
  },
};

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
