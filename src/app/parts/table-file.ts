/** One cell of a table: a text, a figure, or none. */
export type TableCell = string | number | null;

/** A table to be saved: the columns' names with their units in them, and its rows. */
export type TableFile = {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly TableCell[])[];
};

/** The table as CSV (RFC 4180), lines ended by CR LF; a cell without a figure is empty. */
export function toTableCsv({ columns, rows }: TableFile): string {
  return [columns, ...rows].map((cells) => `${cells.map(toField).join(",")}\r\n`).join("");
}

function toField(cell: TableCell): string {
  if (cell === null) return "";
  if (typeof cell === "number") return String(cell);
  // Names come from others as well, and a spreadsheet would take such a text for a formula.
  const text = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
