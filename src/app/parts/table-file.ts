import type { Figure } from "./format.ts";

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

/** Named figures as a table: one row each. */
export function toFigureTable(
  rows: readonly { readonly label: string; readonly figure: Figure }[],
): TableFile {
  return {
    columns: ["figure", "value", "bound", "unit"],
    rows: rows.map(({ label, figure }) =>
      figure.known
        ? [label, toCell(figure.value), figure.bound === null ? null : toCell(figure.bound), figure.unit]
        : [label, null, null, null],
    ),
  };
}

/** A printed figure as the number it is, with the sign that programs read; what is no number stays a text. */
function toCell(printed: string): TableCell {
  const value = Number(printed.replace("−", "-"));
  return printed === "" || Number.isNaN(value) ? printed : value;
}

function toField(cell: TableCell): string {
  if (cell === null) return "";
  if (typeof cell === "number") return String(cell);
  // Names come from others as well, and a spreadsheet would take such a text for a formula.
  const text = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
