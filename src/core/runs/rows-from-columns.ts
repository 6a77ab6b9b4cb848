import { toReceiverUs, toSenderUs } from "../clock/instants.ts";
import { measured, missing } from "../measured.ts";
import { outcomeWords, rowBytes, writeRow, type LoggedObservation } from "../timeline/observation-row.ts";
import type { MarkerReading } from "../timeline/observation.ts";
import type { ObservationColumns } from "./observation-columns.ts";

type OutcomeWord = (typeof outcomeWords)[number];
type ReadWord = Extract<MarkerReading, { readonly read: true }>["by"];

function isRead(word: OutcomeWord): word is ReadWord {
  return word === "tracked" || word === "found" || word === "rescued";
}

function readingOf(columns: ObservationColumns, row: number): MarkerReading {
  const word = outcomeWords[columns.outcome[row] ?? -1];
  if (word === undefined) throw new RangeError("the columns hold no observation");
  if (!isRead(word)) return { read: false, why: word };
  const [runNumber = 0, frameId = 0, captureTimeUs = 0] = [
    columns.runNumber[row],
    columns.frameId[row],
    columns.captureTimeUs[row],
  ];
  return { read: true, by: word, marker: { runNumber, frameId, captureTimeUs: toSenderUs(captureTimeUs) } };
}

/** Observations from their columns, as they were logged. */
export function toLogged(columns: ObservationColumns): readonly LoggedObservation[] {
  return Array.from({ length: columns.rowCount }, (_, row) => {
    const latencyMs = columns.latencyMs[row] ?? Number.NaN;
    return {
      observation: {
        displayTimeUs: toReceiverUs(columns.displayTimeUs[row] ?? 0),
        displayTimeSource: columns.isInferred[row] === 1 ? "inferred" : "reported",
        reading: readingOf(columns, row),
        presentationTimeUs: columns.presentationTimeUs[row] ?? 0,
        widthPx: columns.widthPx[row] ?? 0,
        heightPx: columns.heightPx[row] ?? 0,
        readMs: columns.readMs[row] ?? 0,
      },
      latencyMs: Number.isNaN(latencyMs)
        ? missing("the latency was not known when the frame was displayed")
        : measured(latencyMs, columns.latencyBoundMs[row] ?? 0),
    };
  });
}

/** Undoes `toColumns`: rows as `writeRow` makes them. */
export function toRows(columns: ObservationColumns): Uint8Array {
  const bytes = new Uint8Array(columns.rowCount * rowBytes);
  const view = new DataView(bytes.buffer);
  for (const [row, logged] of toLogged(columns).entries()) writeRow(view, row, logged);
  return bytes;
}
