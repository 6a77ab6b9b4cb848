import { randomUUID } from "node:crypto";
import { link, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

import * as v from "valibot";

import { fail, reason, succeed, type Failure, type Result } from "../../core/failure.ts";
import { isAlive, ownerSchema, thisOwner, type Owner } from "./owner.ts";

/** A directory that is this process's alone until it is released or the process ends, however it ends. */
export type Lock = { readonly release: () => Promise<void> };

const lockName = "store.lock";
/** Dead owners removed before it is given up: two processes that do so at once take turns. */
const maxTries = 5;

/** Takes the directory, or says in words which process has it. One left by a process that was killed is taken over. */
export async function takeLock(directory: string): Promise<Result<Lock>> {
  const path = join(directory, lockName);
  try {
    for (let tried = 0; tried < maxTries; tried += 1) {
      if (await create(path)) return succeed({ release: () => rm(path, { force: true }) });
      const holder = await readHolder(path);
      if (holder !== null && isAlive(holder)) return fail(heldBy(directory, holder));
      await removeStale(path);
    }
    return fail(heldBy(directory, null));
  } catch (error) {
    return fail({
      kind: "denied",
      what: "Locking the store of runs",
      where: directory,
      next: "Make the directory writable and see that the disk has room, or set STREAMGAUGE_DATA to another.",
      cause: reason(error),
    });
  }
}

/** Written whole under another name first, then linked: whoever reads it never sees half of it. */
async function create(path: string): Promise<boolean> {
  const half = `${path}.${randomUUID()}`;
  await writeFile(half, JSON.stringify(thisOwner()), { mode: 0o600 });
  try {
    await link(half, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    await rm(half, { force: true });
  }
}

const fileSchema = v.pipe(v.string(), v.parseJson(), ownerSchema);

/** Null for a lock that is gone or that no process of this project wrote. */
async function readHolder(path: string): Promise<Owner | null> {
  try {
    const read = v.safeParse(fileSchema, await readFile(path, "utf8"));
    return read.success ? read.output : null;
  } catch {
    // Gone meanwhile.
    return null;
  }
}

/** Takes a dead owner's lock away; one that came meanwhile and lives is put back. */
async function removeStale(path: string): Promise<void> {
  const aside = `${path}.${randomUUID()}`;
  try {
    await rename(path, aside);
  } catch {
    // Another process removed it first.
    return;
  }
  const holder = await readHolder(aside);
  if (holder !== null && isAlive(holder)) await link(aside, path).catch(() => undefined);
  await rm(aside, { force: true });
}

function heldBy(directory: string, holder: Owner | null): Failure {
  const who = holder === null ? "another process" : `streamgauge ${holder.command}, process ${holder.pid}`;
  return {
    kind: "denied",
    what: "Opening the store of runs",
    where: directory,
    next: `It is in use by ${who}. End that, set STREAMGAUGE_DATA to another directory, or give both a PostgreSQL by DATABASE_URL.`,
  };
}
