import type { ObservationColumns } from "../../core/runs/observation-columns.ts";
import { chunkColumns, columnSpecs, insertChunk, readColumns } from "./chunk.ts";
import type { Query, Row } from "./database.ts";

/** Chunks of fewer rows are joined with their neighbours. */
const smallRowCount = 4096;
/** Rows of a joined chunk, at most. */
const joinedRowCount = 8192;

const allNames = columnSpecs.map(({ name }) => name);

/**
 * Joins the small chunks that a stream's observations came in, a second's worth each, so that reading them later is quick.
 * Meant to be called within a transaction.
 */
export async function compactSmallChunks(query: Query, runId: string, stream: number): Promise<void> {
  const rows = await query(
    `select first_index, row_count from chunk where run_id = $1 and stream = $2 and row_count < ${smallRowCount} order by first_index`,
    [runId, stream],
  );
  for (const group of groupsOf(rows)) {
    const found = await query(
      `select ${chunkColumns.join(", ")} from chunk where run_id = $1 and stream = $2 and first_index between $3 and $4 order by first_index`,
      [runId, stream, group.fromIndex, group.lastIndex],
    );
    const joined = concatenate(found.map((row) => readColumns(row, allNames)));
    await query("delete from chunk where run_id = $1 and stream = $2 and first_index between $3 and $4", [
      runId,
      stream,
      group.fromIndex,
      group.lastIndex,
    ]);
    await insertChunk(query, runId, stream, joined);
  }
}

type Group = { readonly fromIndex: number; readonly lastIndex: number; readonly endIndex: number };

/** Neighbours without a gap between them, as many as fit into one chunk; groups of one are left out. */
function groupsOf(rows: readonly Row[]): readonly Group[] {
  const groups: Group[] = [];
  for (const row of rows) {
    const firstIndex = Number(row["first_index"]);
    const endIndex = firstIndex + Number(row["row_count"]);
    const open = groups.at(-1);
    if (open?.endIndex === firstIndex && endIndex - open.fromIndex <= joinedRowCount) {
      groups[groups.length - 1] = { fromIndex: open.fromIndex, lastIndex: firstIndex, endIndex };
    } else groups.push({ fromIndex: firstIndex, lastIndex: firstIndex, endIndex });
  }
  return groups.filter(({ fromIndex, lastIndex }) => lastIndex > fromIndex);
}

function concatenate(pieces: readonly ObservationColumns[]): ObservationColumns {
  const rowCount = pieces.reduce((sum, piece) => sum + piece.rowCount, 0);
  const joined: Record<string, unknown> = { firstIndex: pieces[0]?.firstIndex ?? 0, rowCount };
  for (const { name, bytesPerNumber, view } of columnSpecs) {
    const column = view(new ArrayBuffer(rowCount * bytesPerNumber));
    let at = 0;
    for (const piece of pieces) {
      column.set(piece[name], at);
      at += piece.rowCount;
    }
    joined[name] = column;
  }
  return joined as ObservationColumns;
}
