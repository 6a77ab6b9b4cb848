import { mkdir } from "node:fs/promises";
import { join } from "node:path";

import { fail, reason, succeed, type Result } from "../../core/failure.ts";
import { failureOfDatabase, isDataFault } from "./database-failure.ts";
import type { Database, Query } from "./database.ts";
import { createKeeper, type Keeper } from "./keeper.ts";
import { takeLock, type Lock } from "./lock.ts";
import { migrate } from "./migrations.ts";
import { openEmbedded } from "./pglite.ts";
import { describeDatabaseUrl, openServer } from "./postgres.ts";

/** Where runs are kept. */
export type StoreOptions = {
  /** The data directory; there. The embedded database is in `runs`, journals are in `journal`. */
  readonly directory: string;
  /** A PostgreSQL server; null for the embedded database. */
  readonly databaseUrl: string | null;
};

/** The runs of this machine, or of all that share a database. Whoever makes it closes it. */
export type RunStore = {
  /** For people: the directory, or host and database. */
  readonly where: string;
  /** Journals are written here, one file a command. */
  readonly journalDirectory: string;
  /** Opens the database if it is not open: every other call does so by itself. Says why it cannot be had. */
  readonly open: () => Promise<Result<Database>>;
  /** Asks the database; its failures come as values. */
  readonly ask: <Value>(work: (query: Query) => Promise<Value>) => Promise<Result<Value>>;
  /** As `ask`, all of it or nothing. */
  readonly change: <Value>(work: (query: Query) => Promise<Value>) => Promise<Result<Value>>;
  /** Takes up journals, those that others left too. */
  readonly keeper: Keeper;
  /** Gives the database and the directory free. Journals that are not stored yet stay for the next one. */
  readonly close: () => Promise<void>;
};

/** An open database, with the lock on its directory if it is this process's alone. */
type Opened = { readonly database: Database; readonly lock: Lock | null };

/** Makes a store; nothing is opened yet. */
export function createStore({ directory, databaseUrl }: StoreOptions): RunStore {
  const journalDirectory = join(directory, "journal");
  const where = databaseUrl === null ? directory : describeDatabaseUrl(databaseUrl);
  let opening: Promise<Result<Opened>> | null = null;
  const open = (): Promise<Result<Opened>> => {
    opening ??= openAny(directory, databaseUrl).then((opened) => {
      if (!opened.ok) opening = null;
      return opened;
    });
    return opening;
  };
  const close = async (): Promise<void> => {
    const opened = await opening;
    opening = null;
    if (opened?.ok !== true) return;
    // An embedded database that has lost its disk cannot even be closed; its directory is free all the same.
    await opened.value.database.close().catch(() => undefined);
    await opened.value.lock?.release();
  };
  const run = async <Value>(work: (database: Database) => Promise<Value>): Promise<Result<Value>> => {
    const opened = await open();
    if (!opened.ok) return opened;
    const { database } = opened.value;
    try {
      return succeed(await work(database));
    } catch (error) {
      const failure = failureOfDatabase(error, where);
      // The embedded one does not recover by itself; the next call opens it anew.
      if (database.kind === "embedded" && !isDataFault(error)) await close();
      if (failure === null) throw error;
      return fail(failure);
    }
  };
  return {
    where,
    journalDirectory,
    open: async () => {
      const opened = await open();
      return opened.ok ? succeed(opened.value.database) : opened;
    },
    ask: (work) => run((database) => work(database.query)),
    change: (work) => run((database) => database.inTransaction(work)),
    keeper: createKeeper(run, journalDirectory),
    close,
  };
}

async function openAny(directory: string, databaseUrl: string | null): Promise<Result<Opened>> {
  const ready = await makeDirectory(join(directory, "journal"));
  if (!ready.ok) return ready;
  const lock = databaseUrl === null ? await takeLock(directory) : succeed(null);
  if (!lock.ok) return lock;
  const database =
    databaseUrl === null ? await openEmbedded(join(directory, "runs")) : await openServer(databaseUrl);
  const migrated = database.ok ? await migrateOrSay(database.value) : database;
  if (migrated.ok) return succeed({ database: migrated.value, lock: lock.value });
  await lock.value?.release();
  return migrated;
}

async function migrateOrSay(database: Database): Promise<Result<Database>> {
  try {
    await migrate(database);
    return succeed(database);
  } catch (error) {
    await database.close().catch(() => undefined);
    return fail({
      kind: "denied",
      what: "Preparing the database of runs",
      where: database.where,
      next: "Let its user create tables there, and see that it has room; PostgreSQL has to be 14 or later.",
      cause: reason(error),
    });
  }
}

async function makeDirectory(directory: string): Promise<Result<null>> {
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    return succeed(null);
  } catch (error) {
    return fail({
      kind: "denied",
      what: "Opening the store of runs",
      where: directory,
      next: "Make it writable, see that the disk has room, or set STREAMGAUGE_DATA to a directory that is.",
      cause: reason(error),
    });
  }
}
