import { createHash, randomUUID } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

import { createStore } from "./store.ts";

const cache = join(import.meta.dirname, "../../../node_modules/.cache/streamgauge-stores");

/** Of what decides what an empty store looks like: PGlite's version and the migrations. */
function templateName(): string {
  const hash = createHash("sha256");
  const require = createRequire(import.meta.url);
  for (const path of [
    require.resolve("@electric-sql/pglite"),
    join(import.meta.dirname, "migrations.ts"),
    join(import.meta.dirname, "pglite.ts"),
  ])
    hash.update(readFileSync(path));
  return hash.digest("hex").slice(0, 16);
}

/**
 * Puts an empty store with its database into a directory. A new database takes seconds of a processor; this is a copy of one
 * that was made once, by the store itself.
 */
export async function putMadeStore(directory: string): Promise<void> {
  const template = join(cache, templateName());
  if (!existsSync(template)) await makeTemplate(template);
  mkdirSync(directory, { recursive: true });
  cpSync(join(template, "runs"), join(directory, "runs"), { recursive: true });
}

async function makeTemplate(template: string): Promise<void> {
  const half = `${template}.${randomUUID()}`;
  mkdirSync(half, { recursive: true });
  const store = createStore({ directory: half, databaseUrl: null });
  const opened = await store.open();
  if (!opened.ok) throw new Error(opened.failure.cause ?? opened.failure.next);
  await store.close();
  try {
    renameSync(half, template);
  } catch {
    // Another test made it meanwhile.
    rmSync(half, { recursive: true });
  }
}
