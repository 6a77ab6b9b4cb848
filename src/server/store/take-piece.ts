import { reason } from "../../core/failure.ts";
import type { RunFileLine } from "../../core/runs/read-journal.ts";
import { isDataFault } from "./database-failure.ts";
import type { Database } from "./database.ts";
import { takeLines } from "./take-lines.ts";

/** What came of storing lines. */
export type TakenLines = {
  readonly taken: readonly RunFileLine[];
  /** Why the others were refused, one a line. */
  readonly complaints: readonly string[];
};

/**
 * Stores lines in one transaction. Where the database refuses some for what they say, those alone are left out: they are found
 * by halves. Every other error rejects, and of a half that was not stored nothing is.
 */
export async function takePiece(database: Database, lines: readonly RunFileLine[]): Promise<TakenLines> {
  if (lines.length === 0) return { taken: [], complaints: [] };
  try {
    await database.inTransaction((query) => takeLines(query, lines));
    return { taken: lines, complaints: [] };
  } catch (error) {
    if (!isDataFault(error)) throw error;
    if (lines.length === 1) return { taken: [], complaints: [reason(error)] };
    const middle = Math.floor(lines.length / 2);
    const first = await takePiece(database, lines.slice(0, middle));
    const rest = await takePiece(database, lines.slice(middle));
    return {
      taken: [...first.taken, ...rest.taken],
      complaints: [...first.complaints, ...rest.complaints],
    };
  }
}
