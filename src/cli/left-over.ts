import { createNewComplaints } from "../server/store/complaints.ts";
import { findLeftJournals, removeHalfImports } from "../server/store/left.ts";
import type { RunStore } from "../server/store/store.ts";
import type { Terminal } from "./command.ts";
import { tellFailure } from "./words.ts";

/** Removes what servers that were killed have left of imports, and says so. */
export async function clearHalfImports({ journalDirectory }: RunStore, terminal: Terminal): Promise<void> {
  const count = await removeHalfImports(journalDirectory);
  if (count === 0) return;
  const what = count === 1 ? "a run file that was" : `${count} run files that were`;
  terminal.complain(
    `Removed ${what} only half imported when a server was killed: nothing of it is in the store. Import again.`,
  );
}

/**
 * Takes in what commands that were killed had measured, and says what it was. The store is closed again, so that a server may
 * have it meanwhile. A store that cannot be had leaves all on disk for whoever opens it next.
 */
export async function takeInLeft(store: RunStore, terminal: Terminal): Promise<void> {
  const left = await findLeftJournals(store.journalDirectory);
  if (left.length === 0) return;
  const runIds = left.flatMap((journal) => journal.runIds);
  const commands = left.length === 1 ? "A command" : `${left.length} commands`;
  const found = `${commands} ended before all was stored, leaving ${countOf(runIds.length, "run")}`;
  const newComplaints = createNewComplaints(store.journalDirectory);
  const state = await store.keeper.takeUp();
  newComplaints(state).forEach(terminal.complain);
  const { failure } = state;
  const stored = await store.ask((query) =>
    query(
      `select count(distinct run_id) filter (where run.outcome = 'cut') as cut_count, coalesce(sum(row_count), 0) as frame_count
       from run left join chunk using (run_id) where run_id = any($1::text[])`,
      [runIds],
    ),
  );
  await store.close();
  const why = failure ?? (stored.ok ? null : stored.failure);
  if (why !== null || !stored.ok) {
    terminal.complain(`${found}; safe on disk, but not stored now.`);
    if (why !== null) terminal.complain(tellFailure(why));
    return;
  }
  const [row] = stored.value;
  const cutCount = Number(row?.["cut_count"]);
  const cut = cutCount === 0 ? "" : `, ${cutCount} of them cut before the end`;
  terminal.complain(`${found}: taken in${cut}, ${countOf(Number(row?.["frame_count"]), "frame")}.`);
}

function countOf(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}
