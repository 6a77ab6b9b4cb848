import { ByteWriter, ParquetWriter } from "hyparquet-writer";

import type { ObservationColumns } from "../../core/runs/observation-columns.ts";
import { toLogged } from "../../core/runs/rows-from-columns.ts";
import { csvHeader, toCsvLines } from "../../core/timeline/observation-csv.ts";
import { outcomeWords } from "../../core/timeline/observation-row.ts";

/** Observations as CSV (RFC 4180), the columns that the receiver tab saves. */
export async function* toCsv(pieces: AsyncIterable<ObservationColumns>): AsyncGenerator<string> {
  yield csvHeader;
  for await (const columns of pieces) yield toCsvLines(toLogged(columns), columns.firstIndex);
}

/** Rows of one row group, at least. */
const rowGroupRows = 60_000;

const required = { repetition_type: "REQUIRED" } as const;
const optional = { repetition_type: "OPTIONAL" } as const;

/** Names and order as in the CSV, `index` apart; null where the CSV's cell is empty. Times are integer us since the epoch. */
const schema: ConstructorParameters<typeof ParquetWriter>[0]["schema"] = [
  { name: "observation", num_children: 12 },
  { name: "displayTimeUs", type: "INT64", ...required },
  { name: "displayTimeSource", type: "BYTE_ARRAY", converted_type: "UTF8", ...required },
  { name: "reading", type: "BYTE_ARRAY", converted_type: "UTF8", ...required },
  { name: "runNumber", type: "INT32", ...optional },
  { name: "frameId", type: "INT64", ...optional },
  { name: "captureTimeUs", type: "INT64", ...optional },
  { name: "latencyMs", type: "DOUBLE", ...optional },
  { name: "latencyBoundMs", type: "DOUBLE", ...optional },
  { name: "presentationTimeUs", type: "INT64", ...required },
  { name: "widthPx", type: "INT32", ...required },
  { name: "heightPx", type: "INT32", ...required },
  { name: "readMs", type: "DOUBLE", ...required },
];

type ParquetColumns = Parameters<ParquetWriter["write"]>[0]["columnData"];

/** Observations as an Apache Parquet file, a row group at a time. */
export async function* toParquet(pieces: AsyncIterable<ObservationColumns>): AsyncGenerator<Uint8Array> {
  const bytes = new ByteWriter(1 << 20);
  const parquet = new ParquetWriter({ writer: bytes, schema, createdBy: "streamgauge" });
  const take = (): Uint8Array => {
    const taken = bytes.getBytes().slice();
    bytes.index = 0;
    return taken;
  };
  let group: ObservationColumns[] = [];
  const flush = (): Uint8Array => {
    void parquet.write({ columnData: toParquetColumns(group), rowGroupSize: Number.MAX_SAFE_INTEGER });
    group = [];
    return take();
  };
  for await (const columns of pieces) {
    group.push(columns);
    if (group.reduce((sum, { rowCount }) => sum + rowCount, 0) >= rowGroupRows) yield flush();
  }
  yield flush();
  void parquet.finish();
  yield take();
}

/** Parquet's null says what it means: there is no figure. */
function orNull(value: number | undefined): number | null {
  return value === undefined || Number.isNaN(value) ? null : value;
}

function bigOrNull(value: number | undefined): bigint | null {
  return value === undefined || Number.isNaN(value) ? null : BigInt(Math.round(value));
}

function isRead({ outcome }: ObservationColumns, row: number): boolean {
  const word = outcomeWords[outcome[row] ?? -1];
  return word === "tracked" || word === "found" || word === "rescued";
}

function toParquetColumns(group: readonly ObservationColumns[]): ParquetColumns {
  const all = <Value>(cell: (columns: ObservationColumns, row: number) => Value): Value[] =>
    group.flatMap((columns) => Array.from({ length: columns.rowCount }, (_, row) => cell(columns, row)));
  const data: Readonly<Record<string, unknown[]>> = {
    displayTimeUs: all(({ displayTimeUs }, row) => BigInt(Math.round(displayTimeUs[row] ?? 0))),
    displayTimeSource: all(({ isInferred }, row) => (isInferred[row] === 1 ? "inferred" : "reported")),
    reading: all(({ outcome }, row) => outcomeWords[outcome[row] ?? 0] ?? ""),
    runNumber: all((columns, row) => (isRead(columns, row) ? (columns.runNumber[row] ?? null) : null)),
    frameId: all((columns, row) => (isRead(columns, row) ? bigOrNull(columns.frameId[row]) : null)),
    captureTimeUs: all(({ captureTimeUs }, row) => bigOrNull(captureTimeUs[row])),
    latencyMs: all(({ latencyMs }, row) => orNull(latencyMs[row])),
    latencyBoundMs: all(({ latencyBoundMs }, row) => orNull(latencyBoundMs[row])),
    presentationTimeUs: all(({ presentationTimeUs }, row) =>
      BigInt(Math.round(presentationTimeUs[row] ?? 0)),
    ),
    widthPx: all(({ widthPx }, row) => widthPx[row] ?? 0),
    heightPx: all(({ heightPx }, row) => heightPx[row] ?? 0),
    readMs: all(({ readMs }, row) => readMs[row] ?? 0),
  };
  return Object.entries(data).map(([name, values]) => ({ name, data: values }));
}
