import { missing, type Measured } from "../../core/measured.ts";
import type { StreamReport } from "../../core/wire/automation.ts";
import type { Unit } from "../parts/format.ts";

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
export type ColumnFace = {
  readonly label: string;
  readonly title: string;
  readonly unit: Unit;
  readonly decimals: number;
  /** Which end is the worse one; null where neither is. */
  readonly worse: "high" | "low" | null;
  readonly of: (report: StreamReport) => Measured;
};

/** Stands where a stream has not come to be measured. */
export const notMeasured: Measured = missing("nothing is measured yet");

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
