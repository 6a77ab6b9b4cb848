import { outcomeOf, type LoggedObservation } from "./observation-row.ts";

/** One column: its name with the unit in it, and its cell; empty where there is no figure. */
type Column = readonly [name: string, cell: (logged: LoggedObservation, index: number) => string];

const columns: readonly Column[] = [
  ["index", (_, index) => String(index)],
  ["displayTimeUs", ({ observation }) => String(observation.displayTimeUs)],
  ["displayTimeSource", ({ observation }) => observation.displayTimeSource],
  ["reading", ({ observation }) => outcomeOf(observation.reading)],
  ["runNumber", ({ observation: { reading } }) => (reading.read ? String(reading.marker.runNumber) : "")],
  ["frameId", ({ observation: { reading } }) => (reading.read ? String(reading.marker.frameId) : "")],
  [
    "captureTimeUs",
    ({ observation: { reading } }) => (reading.read ? String(reading.marker.captureTimeUs) : ""),
  ],
  ["latencyMs", ({ latencyMs }) => (latencyMs.known ? latencyMs.value.toFixed(3) : "")],
  ["latencyBoundMs", ({ latencyMs }) => (latencyMs.known ? latencyMs.bound.toFixed(3) : "")],
  ["presentationTimeUs", ({ observation }) => String(observation.presentationTimeUs)],
  ["widthPx", ({ observation }) => String(observation.widthPx)],
  ["heightPx", ({ observation }) => String(observation.heightPx)],
  ["readMs", ({ observation }) => observation.readMs.toFixed(3)],
];

/** The header line: one name per column, units in the names, times in us since the epoch. Ends in CR LF (RFC 4180). */
export const csvHeader: string = `${columns.map(([name]) => name).join(",")}\r\n`;

/**
 * Observations as lines of CSV (RFC 4180), each ended by CR LF. No cell needs quoting: all are numbers or words of this project.
 * @param firstIndex index of the first of them since the last reset
 */
export function toCsvLines(logged: readonly LoggedObservation[], firstIndex: number): string {
  return logged
    .map((one, offset) => `${columns.map(([, cell]) => cell(one, firstIndex + offset)).join(",")}\r\n`)
    .join("");
}
