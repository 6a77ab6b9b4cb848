import { readdir, rename, rm } from "node:fs/promises";
import { basename, join } from "node:path";

import { reason, type Failure, type Result } from "../../core/failure.ts";
import type { RunFileLine } from "../../core/runs/read-journal.ts";
import { cutRun } from "./cut-run.ts";
import { failureOfDatabase, isDataFault } from "./database-failure.ts";
import type { Database } from "./database.ts";
import { isWriterGone, readJournalPiece, type JournalPiece, type Writer } from "./journal-file.ts";
import { takePiece, type TakenLines } from "./take-piece.ts";

/** How keeping stands. */
export type KeeperState = {
  /** Why nothing can be stored now; journals stay on disk meanwhile. Null while all is well. */
  readonly failure: Failure | null;
  /** Journals that are not stored whole yet, those still being written among them. */
  readonly journalCount: number;
  /** What was wrong with lines that could not be read or stored; their journals are kept beside, named `.broken`. */
  readonly complaints: readonly string[];
  /** Complaints since the keeper was made: more than are remembered. */
  readonly complaintCount: number;
  /** Journals put aside as `.broken` that are on disk, those of other processes among them. */
  readonly brokenCount: number;
};

/** Takes up the journals of a directory into the database. */
export type Keeper = {
  /** Stores all that is on disk by now; one round at a time. Resolves when done, or as soon as the database fails. */
  readonly takeUp: () => Promise<KeeperState>;
  readonly state: () => KeeperState;
};

/** How far a journal has been read. */
type Progress = {
  readonly path: string;
  offset: number;
  writer: Writer | null;
  isClosed: boolean;
  isBroken: boolean;
  readonly openRunIds: Set<string>;
};

/** Works with the open database; its failures come as values. */
type RunWith = (work: (database: Database) => Promise<void>) => Promise<Result<void>>;

type Keeping = {
  readonly run: RunWith;
  readonly directory: string;
  readonly journals: Map<string, Progress>;
  failure: Failure | null;
  complaints: readonly string[];
  complaintCount: number;
  brokenCount: number;
};

const brokenEnding = ".jsonl.broken";
/** Most complaints that are remembered. */
const maxComplaints = 20;

/** Makes a keeper of a directory, which need not be there yet. */
export function createKeeper(run: RunWith, directory: string): Keeper {
  const keeping: Keeping = {
    run,
    directory,
    journals: new Map(),
    failure: null,
    complaints: [],
    complaintCount: 0,
    brokenCount: 0,
  };
  const state = (): KeeperState => ({
    failure: keeping.failure,
    journalCount: keeping.journals.size,
    complaints: keeping.complaints,
    complaintCount: keeping.complaintCount,
    brokenCount: keeping.brokenCount,
  });
  let underWay: Promise<void> | null = null;
  return {
    state,
    takeUp: async () => {
      // A round that is under way may have passed by what is new.
      await underWay;
      underWay ??= takeUpAll(keeping).finally(() => {
        underWay = null;
      });
      await underWay;
      return state();
    },
  };
}

async function takeUpAll(keeping: Keeping): Promise<void> {
  const found = await findJournals(keeping);
  if (found !== null) {
    keeping.failure = found;
    return;
  }
  if (keeping.journals.size === 0) {
    keeping.failure = null;
    return;
  }
  const stuck: Stuck[] = [];
  try {
    const taken = await keeping.run(async (database) => {
      for (const progress of keeping.journals.values())
        stuck.push(...(await takeUpOrPutAside(keeping, database, progress)));
      // The store opens an embedded database anew where something broke.
      if (stuck[0] !== undefined) throw stuck[0].error;
    });
    keeping.failure = taken.ok ? null : taken.failure;
  } catch (error) {
    keeping.failure = {
      kind: "ended-early",
      what: "Storing runs",
      where: stuck.length === 0 ? keeping.directory : stuck.map(({ path }) => path).join(", "),
      next: "They stay on this disk and are tried again, by whoever opens the store next too.",
      cause: reason(error),
    };
  }
}

/** A journal that could not be stored now, for a reason that nobody foresaw. */
type Stuck = { readonly path: string; readonly error: unknown };

/**
 * A journal of which nothing more can be stored, for what it says, is put aside. Whatever else goes wrong may pass: the journal
 * is tried again in the next round, and the others are not kept waiting.
 */
async function takeUpOrPutAside(
  keeping: Keeping,
  database: Database,
  progress: Progress,
): Promise<readonly Stuck[]> {
  try {
    await takeUp(keeping, database, progress);
    return [];
  } catch (error) {
    if (isDataFault(error)) {
      complain(keeping, progress, [reason(error)]);
      await putAway(keeping, progress);
      return [];
    }
    // None of the others can be stored now either.
    if (failureOfDatabase(error, database.where) !== null) throw error;
    return [{ path: progress.path, error }];
  }
}

function complain(keeping: Keeping, progress: Progress, complaints: readonly string[]): void {
  progress.isBroken = true;
  const said = complaints.map((why) => `${basename(progress.path)}: ${why}`);
  keeping.complaints = [...keeping.complaints, ...said].slice(-maxComplaints);
  keeping.complaintCount += said.length;
}

/** Takes notice of journals that are new; answers why it cannot, or null. */
async function findJournals(keeping: Keeping): Promise<Failure | null> {
  const { directory, journals } = keeping;
  try {
    const names = await readdir(directory);
    keeping.brokenCount = names.filter((each) => each.endsWith(brokenEnding)).length;
    for (const name of names.filter((each) => each.endsWith(".jsonl")).toSorted()) {
      if (!journals.has(name)) journals.set(name, startOf(join(directory, name)));
    }
    return null;
  } catch (error) {
    if (isAbsent(error)) return null;
    const next = "Make it readable and writable, or set STREAMGAUGE_DATA to another.";
    return {
      kind: "denied",
      what: "Reading the journals of runs",
      where: directory,
      next,
      cause: reason(error),
    };
  }
}

function startOf(path: string): Progress {
  return { path, offset: 0, writer: null, isClosed: false, isBroken: false, openRunIds: new Set() };
}

async function takeUp(keeping: Keeping, database: Database, progress: Progress): Promise<void> {
  let isThere = await readOn(keeping, database, progress);
  if (isThere && !progress.isClosed) {
    if (!(await isGoneNow(progress))) return;
    // What the writer wrote between the first reading and its end.
    isThere = await readOn(keeping, database, progress);
  }
  if (isThere) {
    for (const runId of progress.openRunIds) await database.inTransaction((query) => cutRun(query, runId));
    await putAway(keeping, progress);
  }
  keeping.journals.delete(basename(progress.path));
}

/** Stores what a journal holds beyond what was read before. False when the file is gone: another process has stored it. */
async function readOn(keeping: Keeping, database: Database, progress: Progress): Promise<boolean> {
  for (;;) {
    const piece = await readPieceOf(progress);
    if (piece === null) return false;
    const taken = await takePiece(database, piece.lines);
    noteProgress(keeping, progress, piece, taken);
    if (piece.isEnd) return true;
  }
}

async function isGoneNow(progress: Progress): Promise<boolean> {
  try {
    return await isWriterGone(progress.path, progress.writer);
  } catch (error) {
    if (isAbsent(error)) return false;
    throw error;
  }
}

/** Null when the file is gone. */
async function readPieceOf({ path, offset }: Progress): Promise<JournalPiece | null> {
  try {
    return await readJournalPiece(path, offset);
  } catch (error) {
    if (isAbsent(error)) return null;
    throw error;
  }
}

function noteProgress(
  keeping: Keeping,
  progress: Progress,
  piece: JournalPiece,
  { taken, complaints }: TakenLines,
): void {
  progress.offset = piece.nextOffset;
  // A run whose end was refused is still open, and is cut when its writer is gone.
  for (const line of taken) noteLine(progress, line);
  const all = [...piece.complaints, ...complaints];
  if (all.length > 0) complain(keeping, progress, all);
}

function noteLine(progress: Progress, line: RunFileLine): void {
  if (line.kind === "journal") progress.writer = line;
  if (line.kind === "closed") progress.isClosed = true;
  if (line.kind === "begin") progress.openRunIds.add(line.run.id);
  if (line.kind === "end") progress.openRunIds.delete(line.runId);
}

/** A journal with lines that nobody could read is kept for a person to look at. */
async function putAway(keeping: Keeping, { path, isBroken }: Progress): Promise<void> {
  if (isBroken) {
    await rename(path, `${path}.broken`).catch(ignoreAbsent);
    keeping.brokenCount += 1;
  } else await rm(path, { force: true });
  keeping.journals.delete(basename(path));
}

function isAbsent(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === "ENOENT";
}

function ignoreAbsent(error: unknown): void {
  if (!isAbsent(error)) throw error;
}
