import * as v from "valibot";

import { isPlainLine } from "../plain-text.ts";
import {
  comparisonSchema,
  maxNoteLength,
  measuredSchema,
  measureSchema,
  outcomeSchema,
  runHeadSchema,
  runIdSchema,
} from "../runs/read-journal.ts";
import type {
  Comparison,
  MachineLoad,
  Measure,
  Outcome,
  RunHead,
  RunRemarks,
  Setting,
  StreamHead,
} from "../runs/run.ts";

/** Where the server keeps runs. */
export const runsPath = "/api/runs";
/** Largest run file that is taken, bytes as sent: some days of one stream at 60 fps, compressed. */
export const maxRunFileBytes: number = 512 * 1024 * 1024;
/** Media type of run files: JSON lines, gzipped. */
export const runFileType = "application/gzip";

/** How a stored run stands: as it ended, or `open` while it is measured. */
export type RunState = Outcome["kind"] | "open";

/** A stream in the list of runs. */
export type ListedStream = {
  readonly number: number;
  readonly provider: string;
  readonly state: RunState;
  /** Those that were asked for and that the stream has. */
  readonly measures: readonly Measure[];
};

/** A run in the list. */
export type ListedRun = {
  readonly id: string;
  readonly comparisonId: string;
  readonly comparisonName: string;
  readonly startedAtUs: number;
  /** Null while it is open. */
  readonly endedAtUs: number | null;
  readonly state: RunState;
  /** Null while it is not known. */
  readonly isSaturated: boolean | null;
  readonly number: number;
  readonly repeat: number;
  readonly attempt: number;
  readonly settings: readonly Setting[];
  /** Name of the network conditions. */
  readonly conditions: string;
  readonly note: string;
  readonly tags: readonly string[];
  readonly streams: readonly ListedStream[];
};

/** One page of the list. */
export type RunList = { readonly runs: readonly ListedRun[]; readonly totalCount: number };

/** A stream of one run in full. */
export type StoredStream = StreamHead & {
  readonly state: RunState;
  /** Why it is not whole; null where it is, or is still measured. */
  readonly outcome: Outcome | null;
  /** How it was played; empty until it is known. */
  readonly kind: string;
  readonly measures: readonly Measure[];
  readonly observationCount: number;
  /** What happened to it, as the page's events are; times on the receiver's clock. */
  readonly events: readonly { readonly kind: string; readonly atUs: number }[];
};

/** One run in full. */
export type StoredRun = {
  readonly comparison: Comparison;
  readonly head: RunHead;
  readonly state: RunState;
  /** Null while it is open. */
  readonly end: {
    readonly endedAtUs: number;
    readonly outcome: Outcome;
    readonly load: MachineLoad;
  } | null;
  readonly remarks: RunRemarks;
  readonly streams: readonly StoredStream[];
};

/** One run's figure in the trend of a provider. Figures that differ in plan, settings or network are no one line. */
export type TrendFigure = {
  readonly runId: string;
  readonly stream: number;
  readonly provider: string;
  /** Name of the plan, or what stands for it. */
  readonly plan: string;
  /** What the plan's matrix sets, as `key=value` with blanks between; empty without a matrix. */
  readonly settings: string;
  /** Name of the network conditions; `none` where nothing is changed. */
  readonly network: string;
  readonly startedAtUs: number;
  readonly figure: Measure["figure"];
};

/** A measure of providers over time, oldest first. */
export type RunTrend = { readonly unit: string; readonly figures: readonly TrendFigure[] };

/** What there is to filter by. */
export type RunChoices = {
  readonly providers: readonly string[];
  readonly tags: readonly string[];
  readonly comparisons: readonly { readonly id: string; readonly name: string }[];
  readonly measures: readonly { readonly key: string; readonly unit: string }[];
};

/** A comparison in a list of them. */
export type ListedComparison = Pick<Comparison, "id" | "name" | "startedAtUs" | "runCount"> & {
  /** Attempts that are stored, those still being measured among them. */
  readonly storedCount: number;
};

/** Comparisons that have runs, the newest first. */
export type ComparisonList = { readonly comparisons: readonly ListedComparison[] };

/** Observations of a stream in slices of equal length, for a chart; lists are of one length. */
export type StreamChart = {
  readonly fromUs: number;
  readonly sliceUs: number;
  /** Frames displayed in each slice. */
  readonly frameCounts: readonly number[];
  /** Latency of each slice, ms; null where none is known. */
  readonly leastMs: readonly (number | null)[];
  readonly meanMs: readonly (number | null)[];
  readonly greatestMs: readonly (number | null)[];
};

/** What an import or a deletion came to. */
export type Imported = { readonly runIds: readonly string[] };

/** Which runs are asked for, in which order; what is not given does not restrict. */
export type RunQuery = {
  readonly provider?: string;
  readonly tag?: string;
  readonly comparison?: string;
  readonly state?: RunState;
  /** Part of a comparison's name, a provider, a note or a tag. */
  readonly text?: string;
  readonly fromUs?: number;
  readonly untilUs?: number;
  /** `started`, or the key of a measure: its least among a run's streams. */
  readonly sort: string;
  readonly order: "ascending" | "descending";
  readonly limit: number;
  readonly offset: number;
  /** Keys of the measures to be listed. */
  readonly measures: readonly string[];
};

/** Checks a text in a query: one line without control characters. */
export const queryTextSchema: v.GenericSchema<unknown, string> = v.pipe(
  v.string(),
  v.maxLength(1000),
  v.check(isPlainLine, "Leave out its control characters"),
);
const shortText = v.pipe(queryTextSchema, v.maxLength(200));
const wholeNumber = v.pipe(v.string(), v.regex(/^\d{1,16}$/, "it is no whole number"), v.transform(Number));
const states = ["open", "measured", "cut", "failed"] as const;

/** Reads the query of the list as it stands in an address; all values are text there. */
export const runQuerySchema: v.GenericSchema<unknown, RunQuery> = v.strictObject({
  provider: v.exactOptional(shortText),
  tag: v.exactOptional(shortText),
  comparison: v.exactOptional(runIdSchema),
  state: v.exactOptional(v.picklist(states)),
  text: v.exactOptional(shortText),
  fromUs: v.exactOptional(wholeNumber),
  untilUs: v.exactOptional(wholeNumber),
  sort: v.optional(v.pipe(v.string(), v.regex(/^[\w.-]{1,80}$/)), "started"),
  order: v.optional(v.picklist(["ascending", "descending"]), "descending"),
  limit: v.optional(v.pipe(wholeNumber, v.minValue(1), v.maxValue(500)), "50"),
  offset: v.optional(v.pipe(wholeNumber, v.maxValue(10_000_000)), "0"),
  measures: v.optional(
    v.pipe(
      v.string(),
      v.maxLength(1000),
      v.transform((text) => text.split(",").filter((key) => key !== "")),
      v.array(v.pipe(v.string(), v.regex(/^[\w.-]{1,80}$/))),
    ),
    "latency.p50,latency.p95",
  ),
});

const state = v.picklist(states);
const number = v.number();
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const setting = v.object({ key: v.string(), value: v.string() });

const listedRun: v.GenericSchema<unknown, ListedRun> = v.object({
  id: runIdSchema,
  comparisonId: runIdSchema,
  comparisonName: v.string(),
  startedAtUs: number,
  endedAtUs: v.nullable(number),
  state,
  isSaturated: v.nullable(v.boolean()),
  number: count,
  repeat: count,
  attempt: count,
  settings: v.array(setting),
  conditions: v.string(),
  note: v.pipe(v.string(), v.maxLength(maxNoteLength)),
  tags: v.array(v.string()),
  streams: v.array(
    v.object({ number: count, provider: v.string(), state, measures: v.array(measureSchema) }),
  ),
});

/** Checks the list at the page's door. */
export const runListSchema: v.GenericSchema<unknown, RunList> = v.object({
  runs: v.array(listedRun),
  totalCount: count,
});

/** Checks one run in full. */
export const storedRunSchema: v.GenericSchema<unknown, StoredRun> = v.object({
  comparison: comparisonSchema,
  head: runHeadSchema,
  state,
  end: v.nullable(
    v.object({
      endedAtUs: number,
      outcome: outcomeSchema,
      load: v.object({ meanRatio: measuredSchema, maxRatio: measuredSchema, isSaturated: v.boolean() }),
    }),
  ),
  remarks: v.object({ note: v.string(), tags: v.array(v.string()) }),
  streams: v.array(
    v.object({
      number: count,
      provider: v.string(),
      via: v.nullable(v.string()),
      address: v.string(),
      state,
      outcome: v.nullable(outcomeSchema),
      kind: v.string(),
      measures: v.array(measureSchema),
      observationCount: count,
      events: v.array(v.object({ kind: v.string(), atUs: number })),
    }),
  ),
});

/** Checks a trend. */
export const runTrendSchema: v.GenericSchema<unknown, RunTrend> = v.object({
  unit: v.string(),
  figures: v.array(
    v.object({
      runId: runIdSchema,
      stream: count,
      provider: v.string(),
      plan: v.string(),
      settings: v.string(),
      network: v.string(),
      startedAtUs: number,
      figure: measuredSchema,
    }),
  ),
});

/** Checks what there is to filter by. */
export const runChoicesSchema: v.GenericSchema<unknown, RunChoices> = v.object({
  providers: v.array(v.string()),
  tags: v.array(v.string()),
  comparisons: v.array(v.object({ id: runIdSchema, name: v.string() })),
  measures: v.array(v.object({ key: v.string(), unit: v.string() })),
});

/** Checks a list of comparisons. */
export const comparisonListSchema: v.GenericSchema<unknown, ComparisonList> = v.object({
  comparisons: v.array(
    v.object({
      id: runIdSchema,
      name: v.string(),
      startedAtUs: number,
      runCount: count,
      storedCount: count,
    }),
  ),
});

const figures = v.array(v.nullable(number));

/** Checks a chart. */
export const streamChartSchema: v.GenericSchema<unknown, StreamChart> = v.object({
  fromUs: number,
  sliceUs: number,
  frameCounts: v.array(count),
  leastMs: figures,
  meanMs: figures,
  greatestMs: figures,
});

/** Checks the answer to an import. */
export const importedSchema: v.GenericSchema<unknown, Imported> = v.object({ runIds: v.array(runIdSchema) });
