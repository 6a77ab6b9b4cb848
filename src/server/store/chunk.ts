import type { ObservationColumns } from "../../core/runs/observation-columns.ts";
import { packColumn, unpackColumn } from "./column-codec.ts";
import type { Query, Row, SqlValue } from "./database.ts";

/** Columns of numbers that observations have. */
type ColumnName = Exclude<keyof ObservationColumns, "firstIndex" | "rowCount">;
type ColumnArray = ObservationColumns[ColumnName];

type ColumnSpec = {
  readonly name: ColumnName;
  readonly sql: string;
  readonly bytesPerNumber: number;
  readonly view: (buffer: ArrayBuffer) => ColumnArray;
};

const float64 = { bytesPerNumber: 8, view: (buffer: ArrayBuffer): ColumnArray => new Float64Array(buffer) };
const uint32 = { bytesPerNumber: 4, view: (buffer: ArrayBuffer): ColumnArray => new Uint32Array(buffer) };
const uint16 = { bytesPerNumber: 2, view: (buffer: ArrayBuffer): ColumnArray => new Uint16Array(buffer) };
const uint8 = { bytesPerNumber: 1, view: (buffer: ArrayBuffer): ColumnArray => new Uint8Array(buffer) };

/** Every column of observations, with the column of the table `chunk` that holds it. */
export const columnSpecs: readonly ColumnSpec[] = [
  { name: "displayTimeUs", sql: "display_time_us", ...float64 },
  { name: "captureTimeUs", sql: "capture_time_us", ...float64 },
  { name: "presentationTimeUs", sql: "presentation_time_us", ...float64 },
  { name: "latencyMs", sql: "latency_ms", ...float64 },
  { name: "latencyBoundMs", sql: "latency_bound_ms", ...float64 },
  { name: "readMs", sql: "read_ms", ...float64 },
  { name: "frameId", sql: "frame_id", ...uint32 },
  { name: "runNumber", sql: "run_number", ...uint32 },
  { name: "widthPx", sql: "width_px", ...uint16 },
  { name: "heightPx", sql: "height_px", ...uint16 },
  { name: "outcome", sql: "outcome", ...uint8 },
  { name: "isInferred", sql: "is_inferred", ...uint8 },
];

/** Observations of one block, for charts that show more than can be drawn one by one. */
const rowsPerBlock = 256;
/** Numbers of one block: first display time us, row count, latencies known, their least, greatest and sum in ms. */
export const numbersPerBlock: number = 6;

/** Sums up blocks of observations; least and greatest are NaN where no latency is known. */
export function toBlocks(
  columns: Pick<ObservationColumns, "rowCount" | "displayTimeUs" | "latencyMs">,
): Float64Array {
  const { rowCount, displayTimeUs, latencyMs } = columns;
  const blockCount = Math.ceil(rowCount / rowsPerBlock);
  const blocks = new Float64Array(blockCount * numbersPerBlock);
  for (let block = 0; block < blockCount; block += 1) {
    const from = block * rowsPerBlock;
    const until = Math.min(from + rowsPerBlock, rowCount);
    const { knownCount, least, greatest, sum } = sumUp(latencyMs, from, until);
    blocks.set(
      [displayTimeUs[from] ?? 0, until - from, knownCount, least, greatest, sum],
      block * numbersPerBlock,
    );
  }
  return blocks;
}

function sumUp(
  values: Float64Array,
  from: number,
  until: number,
): { readonly knownCount: number; readonly least: number; readonly greatest: number; readonly sum: number } {
  let knownCount = 0;
  let least = Number.POSITIVE_INFINITY;
  let greatest = Number.NEGATIVE_INFINITY;
  let sum = 0;
  for (let row = from; row < until; row += 1) {
    const value = values[row] ?? Number.NaN;
    if (Number.isNaN(value)) continue;
    knownCount += 1;
    sum += value;
    if (value < least) least = value;
    if (value > greatest) greatest = value;
  }
  return knownCount === 0
    ? { knownCount, least: Number.NaN, greatest: Number.NaN, sum }
    : { knownCount, least, greatest, sum };
}

/** Columns of the table `chunk` in the order of `toChunkValues`, after `run_id` and `stream`. */
export const chunkColumns: readonly string[] = [
  "first_index",
  "row_count",
  "from_us",
  "until_us",
  "latency_max",
  "latency_blocks",
  ...columnSpecs.map(({ sql }) => sql),
];

/** The values of a row of `chunk`; there has to be at least one observation. */
function toChunkValues(columns: ObservationColumns): readonly SqlValue[] {
  const { rowCount, displayTimeUs, latencyMs } = columns;
  const { greatest } = sumUp(latencyMs, 0, rowCount);
  const [least, latest] = rangeOf(displayTimeUs);
  return [
    columns.firstIndex,
    rowCount,
    least,
    latest,
    Number.isNaN(greatest) ? null : greatest,
    packColumn(toBlocks(columns), 8),
    ...columnSpecs.map(({ name, bytesPerNumber }) => packColumn(columns[name], bytesPerNumber)),
  ];
}

function rangeOf(values: Float64Array): readonly [least: number, greatest: number] {
  let least = values[0] ?? 0;
  let greatest = least;
  for (const value of values) {
    if (value < least) least = value;
    if (value > greatest) greatest = value;
  }
  return [Math.round(least), Math.round(greatest)];
}

/** Inserts one chunk; its indices must not be there yet. */
export async function insertChunk(
  query: Query,
  runId: string,
  stream: number,
  columns: ObservationColumns,
): Promise<void> {
  const values: readonly SqlValue[] = [runId, stream, ...toChunkValues(columns)];
  const places = values.map((_, index) => `$${index + 1}`).join(", ");
  await query(`insert into chunk (run_id, stream, ${chunkColumns.join(", ")}) values (${places})`, values);
}

/** Rows from `start` to before `end`, without copying them. */
export function sliceColumns(columns: ObservationColumns, start: number, end: number): ObservationColumns {
  const sliced: Record<string, unknown> = { firstIndex: columns.firstIndex + start, rowCount: end - start };
  for (const { name } of columnSpecs) sliced[name] = columns[name].subarray(start, end);
  return sliced as ObservationColumns;
}

/** Some columns of a stretch of observations. */
export type SomeColumns<Name extends ColumnName> = Pick<ObservationColumns, "firstIndex" | "rowCount" | Name>;

/** Reads columns back from a row that holds `first_index`, `row_count` and them. */
export function readColumns<Name extends ColumnName>(row: Row, names: readonly Name[]): SomeColumns<Name> {
  const rowCount = Number(row["row_count"]);
  const columns: Record<string, unknown> = { firstIndex: Number(row["first_index"]), rowCount };
  for (const { name, sql, bytesPerNumber, view } of columnSpecs) {
    if (!names.some((each) => each === name)) continue;
    columns[name] = view(unpackColumn(bytesOf(row[sql]), rowCount, bytesPerNumber));
  }
  return columns as SomeColumns<Name>;
}

/** Reads the blocks of a row that holds `latency_blocks`. */
export function readBlocks(row: Row): Float64Array {
  const blockCount = Math.ceil(Number(row["row_count"]) / rowsPerBlock);
  return new Float64Array(unpackColumn(bytesOf(row["latency_blocks"]), blockCount * numbersPerBlock, 8));
}

function bytesOf(value: unknown): Uint8Array {
  if (value instanceof Uint8Array) return value;
  throw new TypeError("the database gave no bytes");
}
