import * as v from "valibot";

import type { Failure } from "../failure.ts";
import type { Measured } from "../measured.ts";
import { isPlainLine, isPlainText, isStorableJson } from "../plain-text.ts";
import type { StreamEvent } from "../timeline/event.ts";
import type { Snapshot } from "../timeline/snapshot.ts";
import type { JournalLine } from "./journal.ts";
import type { Comparison, Measure, Outcome, RunEnd, RunHead, RunRemarks, RunResult } from "./run.ts";

/** A line of a run file: those of a journal, and what people added to a run. */
export type RunFileLine =
  | JournalLine
  | { readonly kind: "remarks"; readonly runId: string; readonly remarks: RunRemarks };

/** Longest line that is taken, characters: 64 bytes an observation in base64, some hours of them at once. */
export const maxLineLength: number = 1 << 26;
/** Bounds of what people add to a run. */
export const maxNoteLength: number = 10_000;
/** Most tags of one run. */
export const maxTagCount: number = 32;

const words = v.pipe(v.string(), v.maxLength(100_000));
const name = v.pipe(v.string(), v.maxLength(1000));
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const epochUs = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const finite = v.pipe(v.number(), v.finite());

/** Checks the id of a run or a comparison: a UUID in lower case. */
export const runIdSchema: v.GenericSchema<unknown, string> = v.pipe(
  v.string(),
  v.regex(/^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/, "it is no UUID in lower case"),
);

/** Checks a figure that comes from outside. */
export const measuredSchema: v.GenericSchema<unknown, Measured> = v.variant("known", [
  v.object({ known: v.literal(true), value: finite, bound: finite }),
  v.object({ known: v.literal(false), why: words }),
]);

const failureSchema: v.GenericSchema<unknown, Failure> = v.object({
  kind: v.picklist(["refused-input", "unreachable", "unsupported", "denied", "timed-out", "ended-early"]),
  what: words,
  where: words,
  next: words,
  cause: v.exactOptional(words),
});

/** Checks how a run or a stream ended. */
export const outcomeSchema: v.GenericSchema<unknown, Outcome> = v.variant("kind", [
  v.object({ kind: v.literal("measured") }),
  v.object({ kind: v.literal("cut"), why: words }),
  v.object({ kind: v.literal("failed"), failure: failureSchema }),
]);

/** Checks a figure with its key and unit. */
export const measureSchema: v.GenericSchema<unknown, Measure> = v.object({
  key: v.pipe(v.string(), v.regex(/^[\w.-]{1,80}$/)),
  unit: v.pipe(v.string(), v.maxLength(40)),
  figure: measuredSchema,
});

/** Shown as they are and never computed with: that they are objects is enough. */
const snapshotSchema = v.custom<Snapshot>((value) => typeof value === "object" && value !== null);
const eventSchema = v.custom<StreamEvent>(
  (value) => typeof value === "object" && value !== null && "kind" in value && "atUs" in value,
);
const events = v.pipe(v.array(eventSchema), v.maxLength(100_000));

/** Checks what runs have in common. */
export const comparisonSchema: v.GenericSchema<unknown, Comparison> = v.object({
  id: runIdSchema,
  name,
  startedAtUs: epochUs,
  planText: v.pipe(v.string(), v.maxLength(1_000_000)),
  seed: finite,
  runCount: count,
});

const streamHead = {
  number: v.pipe(count, v.minValue(1), v.maxValue(1000)),
  provider: name,
  via: v.nullable(name),
  address: words,
};

const network = v.object({
  name,
  delayMs: v.nullable(finite),
  jitterMs: v.nullable(finite),
  lossRatio: v.nullable(finite),
  rateKbps: v.nullable(finite),
});

const conditions = v.object({
  asked: network,
  made: v.exactOptional(network),
  by: v.picklist(["netem", "browser", "none"]),
  limits: v.array(words),
});

const machine = v.object({
  host: name,
  system: name,
  cpu: name,
  coreCount: count,
  memoryBytes: count,
  node: name,
  browser: name,
  streamgauge: name,
});

/** Checks what is known of a run when it begins. */
export const runHeadSchema: v.GenericSchema<unknown, RunHead> = v.object({
  id: runIdSchema,
  comparisonId: runIdSchema,
  startedAtUs: epochUs,
  number: v.pipe(count, v.minValue(1)),
  repeat: v.pipe(count, v.minValue(1)),
  attempt: v.pipe(count, v.minValue(1)),
  settings: v.pipe(v.array(v.object({ key: name, value: words })), v.maxLength(1000)),
  conditions,
  machine,
  streams: v.pipe(v.array(v.object(streamHead)), v.minLength(1), v.maxLength(1000)),
});

const resultSchema: v.GenericSchema<unknown, RunResult> = v.object({
  ...streamHead,
  outcome: outcomeSchema,
  measures: v.pipe(v.array(measureSchema), v.maxLength(1000)),
  measuredFromUs: v.nullable(epochUs),
  measuredUntilUs: v.nullable(epochUs),
  kind: name,
  snapshot: v.nullable(snapshotSchema),
  events,
  observationCount: count,
});

/** Checks what is known of a run when it has ended. */
export const runEndSchema: v.GenericSchema<unknown, RunEnd> = v.object({
  endedAtUs: epochUs,
  outcome: outcomeSchema,
  load: v.object({ meanRatio: measuredSchema, maxRatio: measuredSchema, isSaturated: v.boolean() }),
  results: v.pipe(v.array(resultSchema), v.maxLength(1000)),
});

const noControls = "it has control characters";

/** Checks what people add to a run. */
export const remarksSchema: v.GenericSchema<unknown, RunRemarks> = v.object({
  note: v.pipe(v.string(), v.maxLength(maxNoteLength), v.check(isPlainText, noControls)),
  tags: v.pipe(
    v.array(v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(60), v.check(isPlainLine, noControls))),
    v.maxLength(maxTagCount),
  ),
});

const ofStream = { runId: runIdSchema, stream: streamHead.number };

const lineSchema: v.GenericSchema<unknown, RunFileLine> = v.variant("kind", [
  v.object({
    kind: v.literal("journal"),
    version: v.literal(1),
    pid: count,
    host: name,
    began: v.exactOptional(v.pipe(v.string(), v.maxLength(200))),
    atUs: epochUs,
  }),
  v.object({ kind: v.literal("comparison"), comparison: comparisonSchema }),
  v.object({ kind: v.literal("begin"), run: runHeadSchema }),
  v.object({
    kind: v.literal("observations"),
    ...ofStream,
    firstIndex: count,
    rows: v.pipe(v.string(), v.maxLength(maxLineLength), v.base64()),
  }),
  v.object({ kind: v.literal("snapshot"), ...ofStream, snapshot: snapshotSchema, events }),
  v.object({ kind: v.literal("end"), runId: runIdSchema, end: runEndSchema }),
  v.object({ kind: v.literal("remarks"), runId: runIdSchema, remarks: remarksSchema }),
  v.object({ kind: v.literal("closed"), atUs: epochUs }),
]);

/** What came of reading a line: the line, or what is wrong with it in a few words. */
export type ReadLine =
  | { readonly ok: true; readonly line: RunFileLine }
  | { readonly ok: false; readonly why: string };

/** Reads one line of a journal or a run file, without its line feed. */
export function readJournalLine(text: string): ReadLine {
  if (text.length > maxLineLength)
    return { ok: false, why: `the line has more than ${maxLineLength} characters` };
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { ok: false, why: "the line is no JSON" };
  }
  if (!isStorableJson(text))
    return { ok: false, why: "a text holds a NUL or half a character, which no database takes" };
  const read = v.safeParse(lineSchema, json);
  if (read.success) return { ok: true, line: read.output };
  const [issue] = read.issues;
  return { ok: false, why: `${v.getDotPath(issue) ?? "the line"}: ${issue.message}` };
}
