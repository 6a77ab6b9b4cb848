import { outcomeWords, readRow, rowBytes } from "../timeline/observation-row.ts";
import type { MarkerReading } from "../timeline/observation.ts";

/** Observations of one stream, column by column; all columns are of one length. NaN stands where there is no figure. */
export type ObservationColumns = {
  /** Index of the first row since measuring began. */
  readonly firstIndex: number;
  readonly rowCount: number;
  /** Receiver's clock, epoch us. */
  readonly displayTimeUs: Float64Array;
  /** Sender's clock, epoch us; NaN where no marker was read. */
  readonly captureTimeUs: Float64Array;
  /** Media clock, us from its own zero. */
  readonly presentationTimeUs: Float64Array;
  /** NaN where it was not known when the frame was displayed. */
  readonly latencyMs: Float64Array;
  readonly latencyBoundMs: Float64Array;
  /** Cost of reading the marker. */
  readonly readMs: Float64Array;
  /** 0 where no marker was read, as is `runNumber`: look at `outcome`. */
  readonly frameId: Uint32Array;
  readonly runNumber: Uint32Array;
  readonly widthPx: Uint16Array;
  readonly heightPx: Uint16Array;
  /** Index into `outcomeWords`. */
  readonly outcome: Uint8Array;
  /** 1 where the display time was inferred, 0 where the browser reported it. */
  readonly isInferred: Uint8Array;
};

function emptyColumns(firstIndex: number, rowCount: number): ObservationColumns {
  const numbers = (): Float64Array => new Float64Array(rowCount);
  return {
    firstIndex,
    rowCount,
    displayTimeUs: numbers(),
    captureTimeUs: numbers(),
    presentationTimeUs: numbers(),
    latencyMs: numbers(),
    latencyBoundMs: numbers(),
    readMs: numbers(),
    frameId: new Uint32Array(rowCount),
    runNumber: new Uint32Array(rowCount),
    widthPx: new Uint16Array(rowCount),
    heightPx: new Uint16Array(rowCount),
    outcome: new Uint8Array(rowCount),
    isInferred: new Uint8Array(rowCount),
  };
}

function putMarker(columns: ObservationColumns, row: number, reading: MarkerReading): void {
  columns.outcome[row] = outcomeWords.indexOf(reading.read ? reading.by : reading.why);
  columns.captureTimeUs[row] = reading.read ? reading.marker.captureTimeUs : Number.NaN;
  columns.frameId[row] = reading.read ? reading.marker.frameId : 0;
  columns.runNumber[row] = reading.read ? reading.marker.runNumber : 0;
}

/**
 * Turns rows of the observation log (`writeRow`) into columns. Bytes that do not fill a row are left out.
 * @throws RangeError where the bytes were not written by `writeRow`
 */
export function toColumns(bytes: Uint8Array, firstIndex: number): ObservationColumns {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const columns = emptyColumns(firstIndex, Math.floor(bytes.byteLength / rowBytes));
  for (let row = 0; row < columns.rowCount; row += 1) {
    const { observation, latencyMs } = readRow(view, row);
    putMarker(columns, row, observation.reading);
    columns.displayTimeUs[row] = observation.displayTimeUs;
    columns.presentationTimeUs[row] = observation.presentationTimeUs;
    columns.latencyMs[row] = latencyMs.known ? latencyMs.value : Number.NaN;
    columns.latencyBoundMs[row] = latencyMs.known ? latencyMs.bound : Number.NaN;
    columns.readMs[row] = observation.readMs;
    columns.widthPx[row] = observation.widthPx;
    columns.heightPx[row] = observation.heightPx;
    columns.isInferred[row] = observation.displayTimeSource === "inferred" ? 1 : 0;
  }
  return columns;
}
