import { toReceiverUs, toSenderUs } from "../clock/instants.ts";
import { measured, missing, type Measured } from "../measured.ts";
import type { MarkerReading, Observation } from "./observation.ts";

/** An observation with its latency as it was known when the frame was displayed. */
export type LoggedObservation = { readonly observation: Observation; readonly latencyMs: Measured };

/** Bytes of one row; rows stand one after the other without anything between. Little endian. */
export const rowBytes = 64;

/** Places of the fields within a row. The three instants and the latency are float64: exact to 2^53 us. */
const at = {
  displayTimeUs: 0,
  presentationTimeUs: 8,
  captureTimeUs: 16,
  latencyMs: 24,
  latencyBoundMs: 32,
  readMs: 40,
  frameId: 48,
  runNumber: 52,
  widthPx: 56,
  heightPx: 58,
  outcome: 60,
  flags: 61,
} as const;

/** Words for how a reading came out, by its code in a row. New ones are added at the end. */
export const outcomeWords = [
  "tracked",
  "found",
  "rescued",
  "absent",
  "broken",
  "foreign",
  "busy",
  "unavailable",
] as const;
type Outcome = (typeof outcomeWords)[number];

const inferredFlag = 1;
const latencyFlag = 2;

/** Why a latency read back from a row is missing. */
const unknownLatency = "the latency was not known when the frame was displayed";

function isRead(outcome: Outcome): outcome is "tracked" | "found" | "rescued" {
  return outcome === "tracked" || outcome === "found" || outcome === "rescued";
}

/** How a reading came out, in one word: by what it was read, or why it was not. */
export function outcomeOf(reading: MarkerReading): Outcome {
  return reading.read ? reading.by : reading.why;
}

/**
 * Writes one observation as a row.
 * @param row index of the row in `rows`
 */
export function writeRow(rows: DataView, row: number, { observation, latencyMs }: LoggedObservation): void {
  const start = row * rowBytes;
  const { reading } = observation;
  rows.setFloat64(start + at.displayTimeUs, observation.displayTimeUs, true);
  rows.setFloat64(start + at.presentationTimeUs, observation.presentationTimeUs, true);
  rows.setFloat64(start + at.captureTimeUs, reading.read ? reading.marker.captureTimeUs : 0, true);
  rows.setFloat64(start + at.latencyMs, latencyMs.known ? latencyMs.value : 0, true);
  rows.setFloat64(start + at.latencyBoundMs, latencyMs.known ? latencyMs.bound : 0, true);
  rows.setFloat64(start + at.readMs, observation.readMs, true);
  rows.setUint32(start + at.frameId, reading.read ? reading.marker.frameId : 0, true);
  rows.setUint32(start + at.runNumber, reading.read ? reading.marker.runNumber : 0, true);
  rows.setUint16(start + at.widthPx, observation.widthPx, true);
  rows.setUint16(start + at.heightPx, observation.heightPx, true);
  rows.setUint8(start + at.outcome, outcomeWords.indexOf(outcomeOf(reading)));
  const inferred = observation.displayTimeSource === "inferred" ? inferredFlag : 0;
  rows.setUint8(start + at.flags, inferred | (latencyMs.known ? latencyFlag : 0));
}

function readReading(rows: DataView, start: number): MarkerReading {
  const outcome = outcomeWords[rows.getUint8(start + at.outcome)];
  if (outcome === undefined) throw new RangeError("the row holds no observation");
  if (!isRead(outcome)) return { read: false, why: outcome };
  return {
    read: true,
    by: outcome,
    marker: {
      runNumber: rows.getUint32(start + at.runNumber, true),
      frameId: rows.getUint32(start + at.frameId, true),
      captureTimeUs: toSenderUs(rows.getFloat64(start + at.captureTimeUs, true)),
    },
  };
}

/**
 * Reads one row back. All but the words of a missing latency comes back as it was written.
 * @throws RangeError where the bytes were not written by `writeRow`
 */
export function readRow(rows: DataView, row: number): LoggedObservation {
  const start = row * rowBytes;
  const flags = rows.getUint8(start + at.flags);
  const latency = rows.getFloat64(start + at.latencyMs, true);
  const bound = rows.getFloat64(start + at.latencyBoundMs, true);
  return {
    observation: {
      displayTimeUs: toReceiverUs(rows.getFloat64(start + at.displayTimeUs, true)),
      displayTimeSource: (flags & inferredFlag) === 0 ? "reported" : "inferred",
      reading: readReading(rows, start),
      presentationTimeUs: rows.getFloat64(start + at.presentationTimeUs, true),
      widthPx: rows.getUint16(start + at.widthPx, true),
      heightPx: rows.getUint16(start + at.heightPx, true),
      readMs: rows.getFloat64(start + at.readMs, true),
    },
    latencyMs: (flags & latencyFlag) === 0 ? missing(unknownLatency) : measured(latency, bound),
  };
}

/** Reads all rows of a piece of log. Bytes that do not fill a row are left out. */
export function readRows(bytes: Uint8Array): readonly LoggedObservation[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const rowCount = Math.floor(bytes.byteLength / rowBytes);
  return Array.from({ length: rowCount }, (_, row) => readRow(view, row));
}
