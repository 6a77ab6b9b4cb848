import { measureFor } from "../../core/runs/measure-kinds.ts";
import type { Measure } from "../../core/runs/run.ts";
import type { RunState, StoredRun, StreamChart } from "../../core/wire/runs.ts";
import { toFigure, toPercent, type Figure } from "../parts/format.ts";
import type { Tone } from "../parts/Readouts.tsx";

const decimalsByUnit: Readonly<Record<string, number>> = {
  ms: 1,
  count: 0,
  px: 0,
  "kbit/s": 0,
  fps: 2,
  score: 2,
  dB: 2,
  "per hour": 1,
};

/** A measure as people read it: shares in percent, counts without a unit. */
export function toMeasureFigure({ unit, figure }: Measure): Figure {
  if (unit === "ratio") return toPercent(figure, 2);
  const plain = toFigure(figure, "", decimalsByUnit[unit] ?? 3);
  return plain.known ? { ...plain, unit: unit === "count" || unit === "score" ? "" : unit } : plain;
}

/** A measure's name for people; its key where this page does not know it. */
export function measureLabel(key: string): string {
  return measureFor(key)?.label ?? key;
}

/** How a run stands, in words and colour. */
export const stateFaces: Readonly<Record<RunState, { readonly words: string; readonly tone: Tone }>> = {
  open: { words: "measuring", tone: "plain" },
  measured: { words: "whole", tone: "good" },
  cut: { words: "cut short", tone: "warn" },
  failed: { words: "failed", tone: "bad" },
};

/** One stream in a comparison of runs. */
export type ComparedStream = {
  readonly runId: string;
  readonly stream: number;
  readonly label: string;
  readonly startedAtUs: number;
  readonly measures: ReadonlyMap<string, Measure>;
};

/** The streams of several runs, in their order. */
export function toComparedStreams(runs: readonly StoredRun[]): readonly ComparedStream[] {
  return runs.flatMap(({ head, streams }) =>
    streams.map((stream) => ({
      runId: head.id,
      stream: stream.number,
      label: stream.provider,
      startedAtUs: head.startedAtUs,
      measures: new Map(stream.measures.map((measure) => [measure.key, measure])),
    })),
  );
}

/** One measure of several streams. */
export type ComparedRow = {
  readonly key: string;
  readonly label: string;
  readonly cells: readonly { readonly figure: Figure; readonly isWorst: boolean }[];
};

/** Keys of every measure that at least one of the streams has. */
export function toComparedKeys(streams: readonly ComparedStream[]): readonly string[] {
  return [...new Set(streams.flatMap(({ measures }) => [...measures.keys()]))];
}

/** A table's rows: every measure that at least one stream has; the worst of a row is marked where they differ. */
export function toComparedRows(streams: readonly ComparedStream[]): readonly ComparedRow[] {
  return toComparedKeys(streams)
    .map((key) => {
      const measures = streams.map((stream) => stream.measures.get(key) ?? null);
      const worst = worstOf(key, measures);
      return {
        key,
        label: measureLabel(key),
        cells: measures.map((measure) => ({
          figure:
            measure === null ? { known: false as const, why: "not measured" } : toMeasureFigure(measure),
          isWorst: worst !== null && measure?.figure.known === true && measure.figure.value === worst,
        })),
      };
    })
    .filter(({ cells }) => cells.some(({ figure }) => figure.known));
}

/** Null where neither way is better, or all are alike. */
function worstOf(key: string, measures: readonly (Measure | null)[]): number | null {
  const better = measureFor(key)?.better ?? null;
  const values = measures.flatMap((measure) =>
    measure?.figure.known === true ? [measure.figure.value] : [],
  );
  const least = Math.min(...values);
  const greatest = Math.max(...values);
  if (better === null || values.length < 2 || least === greatest) return null;
  return better === "lower" ? greatest : least;
}

/** A point of a latency chart: seconds since the first frame, and ms, null where none is known. */
export type ChartPoint = {
  readonly atS: number;
  readonly mean: number | null;
  readonly band: readonly [number, number] | null;
  /** Frames displayed per second. */
  readonly fps: number;
};

/** Points of a chart. */
export function toChartPoints(chart: StreamChart): readonly ChartPoint[] {
  return chart.frameCounts.map((count, slice) => {
    const least = chart.leastMs[slice] ?? null;
    const greatest = chart.greatestMs[slice] ?? null;
    return {
      atS: (slice * chart.sliceUs) / 1e6,
      mean: chart.meanMs[slice] ?? null,
      band: least === null || greatest === null ? null : [least, greatest],
      fps: count / (chart.sliceUs / 1e6),
    };
  });
}

/** Splits what was typed as tags: by commas, without blanks around them, each once. */
export function readTags(text: string): readonly string[] {
  return [...new Set(text.split(",").map((tag) => tag.trim()))].filter((tag) => tag !== "");
}
