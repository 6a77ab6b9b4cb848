import type { Failure } from "../failure.ts";
import type { Measured } from "../measured.ts";
import type { StreamEvent } from "../timeline/event.ts";
import type { Snapshot } from "../timeline/snapshot.ts";

/** Epoch microseconds, integer, by the clock of the machine that measured. */
type EpochUs = number;

/** One go of a plan: what its runs have in common. Many machines may share one, each doing a shard of its runs. */
export type Comparison = {
  /** UUID (RFC 9562), lower case. */
  readonly id: string;
  /** The plan's `name`. */
  readonly name: string;
  readonly startedAtUs: EpochUs;
  /** The plan as it was written, comments and all; secrets stand in it as `${NAME}` alone. */
  readonly planText: string;
  /** Seed of the order of runs and of every bootstrap. */
  readonly seed: number;
  /** Runs that the whole plan expands to, over all shards. */
  readonly runCount: number;
};

/** One setting that the plan's matrix varies, such as `encoder.bitrate` with `800 kbit/s`. */
export type Setting = { readonly key: string; readonly value: string };

/** Network conditions of a run; a field that is null is left alone. */
export type NetworkConditions = {
  /** Name in the plan; `none` where nothing is changed. */
  readonly name: string;
  /** One way, towards the receiver. */
  readonly delayMs: number | null;
  /** Standard deviation of the delay. */
  readonly jitterMs: number | null;
  /** Share of packets lost, 0..1. */
  readonly lossRatio: number | null;
  /** Towards the receiver. */
  readonly rateKbps: number | null;
};

/** By what the conditions were made: `netem` in the kernel, the `browser`'s own emulation, `none` where none were asked. */
export type ConditionMaker = "netem" | "browser" | "none";

/** The conditions that a run was measured under. */
export type AppliedConditions = {
  readonly asked: NetworkConditions;
  /** What of it was made for every stream of the run; not given: all of it. */
  readonly made?: NetworkConditions;
  readonly by: ConditionMaker;
  /** What the maker could not do or does not reach, in the user's words; empty when it did all that was asked. */
  readonly limits: readonly string[];
};

/** The machine and the programs that measured. */
export type Machine = {
  readonly host: string;
  /** Such as `Linux 6.1.0 x64`. */
  readonly system: string;
  readonly cpu: string;
  readonly coreCount: number;
  readonly memoryBytes: number;
  readonly node: string;
  /** Such as `Chromium 156.0.7204.1`. */
  readonly browser: string;
  /** Version of this instrument. */
  readonly streamgauge: string;
};

/**
 * How busy the whole machine was while a run measured, all programs included: 0 idle, 1 every core busy. In a container with a
 * processor quota, how near it was to that, where that is more.
 */
export type MachineLoad = {
  readonly meanRatio: Measured;
  readonly maxRatio: Measured;
  /** The machine was so busy that it may have measured itself: figures of this run are marked. */
  readonly isSaturated: boolean;
};

/** One figure of a stream: the key as budgets write it (`latency.p95`), its unit, and the value or why there is none. */
export type Measure = {
  readonly key: string;
  /** `ms`, `ratio` (0..1), `fps`, `kbit/s`, `count`, `per hour`, `px`, `score`, `dB`, `bytes`, `s`, or a currency with `/h`. */
  readonly unit: string;
  readonly figure: Measured;
};

/** How measuring a stream or a run ended. Only `measured` is whole. */
export type Outcome =
  /** All of the time asked for was measured. */
  | { readonly kind: "measured" }
  /** Stopped before its time (Ctrl-C, a killed command): what was measured until then stands. */
  | { readonly kind: "cut"; readonly why: string }
  | { readonly kind: "failed"; readonly failure: Failure };

/** What is known of a run when it begins. */
export type RunHead = {
  /** UUID version 7 (RFC 9562), lower case: sorts by when the run began. */
  readonly id: string;
  readonly comparisonId: string;
  readonly startedAtUs: EpochUs;
  /** Which run of the whole plan this is, from 1, in the plan's own order: the same on every machine. */
  readonly number: number;
  /** From 1. */
  readonly repeat: number;
  /** From 1; more than 1 when earlier attempts at the same run failed. */
  readonly attempt: number;
  /** What the matrix sets in this run, in the matrix's order; empty without a matrix. */
  readonly settings: readonly Setting[];
  readonly conditions: AppliedConditions;
  readonly machine: Machine;
  /** Streams measured in this run, at the same time. */
  readonly streams: readonly StreamHead[];
};

/** What is known of a stream when its run begins. */
export type StreamHead = {
  /** From 1 within its run. */
  readonly number: number;
  /** The provider's name in the plan. */
  readonly provider: string;
  /** How it goes out: a folder of media/publish; null where somebody else publishes. */
  readonly via: string | null;
  /** Address that is played, secrets removed, or empty until it is known. */
  readonly address: string;
};

/** What a stream came to. */
export type RunResult = StreamHead & {
  readonly outcome: Outcome;
  /** Of the time after warm-up. */
  readonly measures: readonly Measure[];
  /** Receiver's clock at which measuring began after warm-up and at which it ended; null where it never began. */
  readonly measuredFromUs: EpochUs | null;
  readonly measuredUntilUs: EpochUs | null;
  /** How it is played: a folder of media/play. */
  readonly kind: string;
  /** The last snapshot of all measures, as the page shows it; null where none was taken. */
  readonly snapshot: Snapshot | null;
  readonly events: readonly StreamEvent[];
  readonly observationCount: number;
};

/** What is known of a run when it has ended. */
export type RunEnd = {
  readonly endedAtUs: EpochUs;
  readonly outcome: Outcome;
  readonly load: MachineLoad;
  readonly results: readonly RunResult[];
};

/** One run, ended. Its observations stand apart: see `ObservationColumns`. */
export type Run = RunHead & RunEnd;

/** What people add to a run afterwards. */
export type RunRemarks = { readonly note: string; readonly tags: readonly string[] };
