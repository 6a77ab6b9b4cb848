import type { Bench } from "../bench-type.ts";

type Row = Readonly<Record<string, unknown>>;

function isTable(value: unknown): value is readonly Row[] {
  return (
    Array.isArray(value) && value.length > 0 && value.every((row) => typeof row === "object" && row !== null)
  );
}

function cell(value: unknown): string {
  if (value === null || value === undefined) return "-";
  if (typeof value === "number") return Number.isInteger(value) ? String(value) : value.toPrecision(4);
  return typeof value === "string" ? value : JSON.stringify(value);
}

function table(rows: readonly Row[]): string {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const cells = [columns, ...rows.map((row) => columns.map((column) => cell(row[column])))];
  const widths = columns.map((_, index) => Math.max(...cells.map((line) => (line[index] ?? "").length)));
  return cells
    .map((line) => `    ${line.map((text, index) => text.padEnd(widths[index] ?? 0)).join("  ")}`.trimEnd())
    .join("\n");
}

/** A benchmark's result for people: one line a figure, one table a list. */
export function showResult({ name, about }: Bench, result: Row): string {
  const parts = Object.entries(result).map(([key, value]) =>
    isTable(value) ? `  ${key}\n${table(value)}` : `  ${key}: ${cell(value)}`,
  );
  return [`${name}: ${about}`, ...parts, ""].join("\n");
}
