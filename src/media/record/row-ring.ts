import { rowBytes, writeRow, type LoggedObservation } from "../../core/timeline/observation-row.ts";

/** Rows in memory, by their index since the last clearing; the oldest go when there are too many. */
export type RowRing = {
  readonly append: (logged: LoggedObservation) => void;
  /** Index of the oldest row kept. */
  readonly firstRow: () => number;
  /** Index after the newest: how many were ever appended. */
  readonly endRow: () => number;
  /** A copy of the rows from `fromRow` (kept) to before `toRow`. */
  readonly copy: (fromRow: number, toRow: number) => Uint8Array<ArrayBuffer>;
  /** Frees what lies wholly before a row. */
  readonly dropBefore: (row: number) => void;
  readonly clear: () => void;
};

/** Rows that are kept and freed together: 256 KiB. */
const chunkRows = 4096;

/** Makes a ring of at most about `capacityRows`. Memory is taken as it fills. */
export function createRowRing(capacityRows: number): RowRing {
  let chunks: Uint8Array<ArrayBuffer>[] = [];
  /** Index of the first row of the first chunk. */
  let baseRow = 0;
  let endRow = 0;
  const chunkLimit = Math.max(2, Math.ceil(capacityRows / chunkRows));

  function dropFirst(): void {
    chunks.shift();
    baseRow += chunkRows;
  }

  function copy(fromRow: number, toRow: number): Uint8Array<ArrayBuffer> {
    const out = new Uint8Array((toRow - fromRow) * rowBytes);
    let row = fromRow;
    while (row < toRow) {
      const within = row - baseRow;
      const offset = within % chunkRows;
      const count = Math.min(chunkRows - offset, toRow - row);
      const chunk = chunks[(within - offset) / chunkRows];
      if (chunk === undefined) throw new RangeError(`row ${row} is not kept`);
      out.set(chunk.subarray(offset * rowBytes, (offset + count) * rowBytes), (row - fromRow) * rowBytes);
      row += count;
    }
    return out;
  }

  return {
    append: (logged) => {
      const within = endRow - baseRow;
      if (within === chunks.length * chunkRows) chunks.push(new Uint8Array(chunkRows * rowBytes));
      const chunk = chunks.at(-1);
      if (chunk === undefined) throw new Error("a chunk was just added");
      writeRow(new DataView(chunk.buffer), within % chunkRows, logged);
      endRow += 1;
      if (chunks.length > chunkLimit) dropFirst();
    },
    firstRow: () => baseRow,
    endRow: () => endRow,
    copy,
    dropBefore: (row) => {
      while (chunks.length > 0 && baseRow + chunkRows <= row) dropFirst();
    },
    clear: () => {
      chunks = [];
      baseRow = 0;
      endRow = 0;
    },
  };
}
