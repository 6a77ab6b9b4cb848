import type { Measure } from "../../core/runs/run.ts";
import type { RunList, RunTrend } from "../../core/wire/runs.ts";
import type { TableCell, TableFile } from "../parts/table-file.ts";
import { toComparedKeys, type ComparedStream } from "./view.ts";

function toIsoTime(epochUs: number): string {
  return new Date(epochUs / 1000).toISOString();
}

/** A figure's value and its bound; neither where there is none. */
function toValueCells(measure: Measure | undefined): readonly TableCell[] {
  return measure?.figure.known === true ? [measure.figure.value, measure.figure.bound] : [null, null];
}

const listColumns = ["run", "began", "comparison", "stream", "provider", "state"] as const;
const trendColumns = ["run", "began", "stream", "provider", "plan", "settings", "network"] as const;

/** The list of runs as a table: one row a stream, the measures in the units in which they are kept. */
export function toListTable({ runs }: RunList, measureKeys: readonly string[]): TableFile {
  const streams = runs.flatMap((run) => run.streams.map((stream) => ({ run, stream })));
  const unitOf = (key: string): string => {
    const measures = streams.flatMap(({ stream }) => stream.measures);
    return measures.find((measure) => measure.key === key)?.unit ?? "";
  };
  return {
    columns: [
      ...listColumns,
      ...measureKeys.flatMap((key) => [`${key} ${unitOf(key)}`.trimEnd(), `${key} bound`]),
      "tags",
    ],
    rows: streams.map(({ run, stream }) => {
      const measures = measureKeys.map((key) => stream.measures.find((measure) => measure.key === key));
      const cells: readonly TableCell[] = [run.id, toIsoTime(run.startedAtUs), run.comparisonName];
      const { number, provider, state } = stream;
      return cells.concat(number, provider, state, measures.flatMap(toValueCells), run.tags.join(", "));
    }),
  };
}

/** Runs side by side as a table: one row a measure, two columns a stream. */
export function toComparedTable(streams: readonly ComparedStream[]): TableFile {
  return {
    columns: [
      "measure",
      "unit",
      ...streams.flatMap(({ label, startedAtUs }) => {
        const name = `${label} ${toIsoTime(startedAtUs)}`;
        return [name, `${name} bound`];
      }),
    ],
    rows: toComparedKeys(streams).map((key) => {
      const measures = streams.map((stream) => stream.measures.get(key));
      const unit = measures.find((measure) => measure !== undefined)?.unit ?? "";
      const cells: readonly TableCell[] = [key, unit];
      return cells.concat(measures.flatMap(toValueCells));
    }),
  };
}

/** A measure over time as a table: one row a run. */
export function toTrendTable(measure: string, { unit, figures }: RunTrend): TableFile {
  return {
    columns: [...trendColumns, `${measure} ${unit}`, `${measure} bound`],
    rows: figures.map(({ runId, startedAtUs, stream, provider, plan, settings, network, figure }) => {
      const cells: readonly TableCell[] = [runId, toIsoTime(startedAtUs), stream, provider];
      return cells.concat(plan, settings, network, toValueCells({ key: measure, unit, figure }));
    }),
  };
}
