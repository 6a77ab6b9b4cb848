import { measured, missing } from "../measured.ts";
import { measureFor } from "./measure-kinds.ts";
import type { Outcome, Run } from "./run.ts";

/** One run of one provider, as tests make it up. */
export type FakeRun = {
  readonly number: number;
  readonly provider: string;
  /** By the measure's key; null: not known. */
  readonly values: Readonly<Record<string, number | null>>;
  readonly outcome?: Outcome;
  /** How the run as a whole ended, where not as its stream. */
  readonly runOutcome?: Outcome;
  readonly bitrate?: string;
  readonly isSaturated?: boolean;
};

const startUs = 1_795_262_400_000_000;

/** A run of which everything but what is given is quiet. */
export function fakeRun({
  number,
  provider,
  values,
  outcome,
  runOutcome,
  bitrate,
  isSaturated,
}: FakeRun): Run {
  const ended: Outcome = outcome ?? { kind: "measured" };
  return {
    id: `00000000-0000-7000-8000-${String(number).padStart(12, "0")}`,
    comparisonId: "00000000-0000-4000-8000-000000000001",
    startedAtUs: startUs + number * 10_000_000,
    endedAtUs: startUs + number * 10_000_000 + 8_000_000,
    number,
    repeat: number,
    attempt: 1,
    settings: bitrate === undefined ? [] : [{ key: "encoder.bitrate", value: bitrate }],
    conditions: {
      asked: { name: "none", delayMs: null, jitterMs: null, lossRatio: null, rateKbps: null },
      by: "none",
      limits: [],
    },
    machine: {
      host: "bench",
      system: "Linux 6.1 x64",
      cpu: "a processor",
      coreCount: 2,
      memoryBytes: 8_000_000_000,
      node: "v20.19.0",
      browser: "Chromium 156",
      streamgauge: "0.1.0",
    },
    streams: [{ number: 1, provider, via: "peer", address: "" }],
    outcome: runOutcome ?? (ended.kind === "cut" ? ended : { kind: "measured" }),
    load: { meanRatio: measured(0.4), maxRatio: measured(0.9), isSaturated: isSaturated ?? false },
    results: [
      {
        number: 1,
        provider,
        via: "peer",
        address: "",
        outcome: ended,
        kind: "peer",
        measures: Object.entries(values).map(([key, value]) => ({
          key,
          unit: measureFor(key)?.unit ?? "",
          figure: value === null ? missing("it was not told") : measured(value, 2),
        })),
        measuredFromUs: startUs,
        measuredUntilUs: startUs + 8_000_000,
        snapshot: null,
        events: [],
        observationCount: 240,
      },
    ],
  };
}

/** Runs of a provider, one for each value of one measure. */
export function fakeRuns(
  provider: string,
  key: string,
  values: readonly number[],
  firstNumber: number,
): readonly Run[] {
  return values.map((value, index) =>
    fakeRun({ number: firstNumber + index, provider, values: { [key]: value } }),
  );
}
