import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";

import { isWriterGone, readJournalPiece, type Writer } from "./journal-file.ts";

/** Imports end in this while they arrive (`runs/import-file.ts`). */
export const halfEnding = ".half";

/** The runs of a journal whose command ended without closing it. */
export type LeftJournal = { readonly path: string; readonly runIds: readonly string[] };

/**
 * Removes imports that a server did not live to finish: whoever sent one was never told that it is kept. Meant for the start
 * of a process, before it takes any import itself.
 * @returns how many there were
 */
export async function removeHalfImports(journalDirectory: string): Promise<number> {
  let count = 0;
  for (const path of await namesWith(journalDirectory, halfEnding)) {
    if (!(await isLeft(path))) continue;
    await rm(path, { force: true });
    count += 1;
  }
  return count;
}

/** Journals that nobody writes any more and that are not stored yet. */
export async function findLeftJournals(journalDirectory: string): Promise<readonly LeftJournal[]> {
  const left: LeftJournal[] = [];
  for (const path of await namesWith(journalDirectory, ".jsonl")) {
    const runIds = await runsLeftIn(path).catch(nullWhereAbsent);
    if (runIds !== null) left.push({ path, runIds });
  }
  return left;
}

async function namesWith(directory: string, ending: string): Promise<readonly string[]> {
  const names = (await readdir(directory).catch(nullWhereAbsent)) ?? [];
  return names.filter((name) => name.endsWith(ending)).map((name) => join(directory, name));
}

async function isLeft(path: string): Promise<boolean> {
  try {
    const { lines } = await readJournalPiece(path, 0);
    const [first] = lines;
    const writer: Writer | null = first?.kind === "journal" ? first : null;
    return await isWriterGone(path, writer);
  } catch (error) {
    nullWhereAbsent(error);
    return false;
  }
}

/** Null where somebody still writes. */
async function runsLeftIn(path: string): Promise<readonly string[] | null> {
  const runIds: string[] = [];
  let writer: Writer | null = null;
  for (let offset = 0; ;) {
    const { lines, nextOffset, isEnd } = await readJournalPiece(path, offset);
    for (const line of lines) {
      if (line.kind === "journal") writer = line;
      if (line.kind === "begin") runIds.push(line.run.id);
    }
    offset = nextOffset;
    if (isEnd) return (await isWriterGone(path, writer)) ? runIds : null;
  }
}

function nullWhereAbsent(error: unknown): null {
  if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
  throw error;
}
