import { toReceiverUs, toSenderUs } from "../clock/instants.ts";
import { measured, missing } from "../measured.ts";
import { rowBytes, writeRow, type LoggedObservation } from "../timeline/observation-row.ts";
import type { MarkerReading } from "../timeline/observation.ts";
import { outcomeWords, type ObservationColumns } from "./observation-columns.ts";

function readingOf(columns: ObservationColumns, row: number): MarkerReading {
  const outcome = outcomeWords[columns.outcome[row] ?? -1];
  switch (outcome) {
    case "tracked":
    case "found":
    case "rescued":
      return {
        read: true,
        by: outcome,
        marker: {
          runNumber: columns.runNumber[row] ?? 0,
          frameId: columns.frameId[row] ?? 0,
          captureTimeUs: toSenderUs(columns.captureTimeUs[row] ?? 0),
        },
      };
    case "absent":
    case "broken":
    case "foreign":
    case "busy":
    case "unavailable":
      return { read: false, why: outcome };
    case undefined:
    default:
      throw new RangeError("the columns hold no observation");
  }
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
