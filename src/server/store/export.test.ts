import { parquetReadObjects } from "hyparquet";
import { expect, it } from "vitest";

import { toColumns, type ObservationColumns } from "../../core/runs/observation-columns.ts";
import { toCsv, toParquet } from "./export.ts";
import { testRows } from "./journal.fake.ts";

async function* pieces(): AsyncGenerator<ObservationColumns> {
  yield toColumns(testRows(0, 60), 0);
  yield await Promise.resolve(toColumns(testRows(60, 40), 60));
}

function toCell(value: unknown): string {
  if (value === null) return "";
  if (typeof value === "string" || typeof value === "bigint") return String(value);
  return typeof value === "number" ? String(Number(value.toFixed(3))) : "neither text nor number";
}

it("observations leave as CSV and as Parquet with the same figures", async () => {
  let csv = "";
  for await (const text of toCsv(pieces())) csv += text;
  const parquet: Uint8Array[] = [];
  for await (const bytes of toParquet(pieces())) parquet.push(bytes);
  const [names = [], ...lines] = csv
    .trimEnd()
    .split("\r\n")
    .map((line) => line.split(",").slice(1));
  const objects = await parquetReadObjects({ file: Uint8Array.from(Buffer.concat(parquet)).buffer });
  const isNumber = /^-?\d+\.\d+$/;
  const cells = lines.map((line) => line.map((cell) => (isNumber.test(cell) ? String(Number(cell)) : cell)));
  expect(objects.map((object) => names.map((name) => toCell(object[name])))).toEqual(cells);
  expect(cells).toHaveLength(100);
});
