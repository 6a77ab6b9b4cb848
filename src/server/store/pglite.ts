import { existsSync } from "node:fs";
import { rename, rm } from "node:fs/promises";

import { PGlite } from "@electric-sql/pglite";

import { fail, reason, succeed, type Result } from "../../core/failure.ts";
import type { Database, Query, Row, SqlValue } from "./database.ts";

/** Type numbers of PostgreSQL (pg_type.dat). */
const byteaOid = 17;
const int8Oid = 20;

/** Hexadecimal bytea by Buffer: PGlite's own way takes 0.2 s for half a megabyte. */
const parsers = {
  [byteaOid]: (text: string): Uint8Array => Buffer.from(text.slice(2), "hex"),
  [int8Oid]: Number,
};
const serializers = {
  [byteaOid]: (value: unknown): string => {
    if (!(value instanceof Uint8Array)) throw new TypeError("a bytea has to be bytes");
    return `\\x${Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("hex")}`;
  },
};

/**
 * Opens the embedded database in a directory, made when absent; `null` keeps it in memory, for tests. The directory has to
 * be this process's alone (see lock.ts): two on one directory would destroy it.
 */
export async function openEmbedded(directory: string | null): Promise<Result<Database>> {
  try {
    if (directory !== null && !existsSync(directory)) await makeWhole(directory);
    const pglite = await PGlite.create({
      ...(directory === null ? {} : { dataDir: directory }),
      parsers,
      serializers,
    });
    return succeed({
      kind: "embedded",
      where: directory ?? "memory",
      query: queryOf(pglite),
      script: async (sql) => {
        await pglite.exec(sql);
      },
      inTransaction: (work) => pglite.transaction((transaction) => work(queryOf(transaction))),
      close: async () => {
        await pglite.close();
      },
    });
  } catch (error) {
    return fail({
      kind: "unreachable",
      what: "Opening the database",
      where: directory ?? "memory",
      next: "Free disk space or memory if there is little; or move the directory away to begin anew, or set STREAMGAUGE_DATA to another.",
      cause: reason(error),
    });
  }
}

/** Under another name first, so that a process killed meanwhile leaves no half of a database. */
async function makeWhole(directory: string): Promise<void> {
  const half = `${directory}.half`;
  await rm(half, { recursive: true, force: true });
  const made = await PGlite.create({ dataDir: half });
  await made.close();
  await rename(half, directory);
}

type Queryable = {
  readonly query: (sql: string, values?: unknown[]) => Promise<{ readonly rows: unknown[] }>;
};

function queryOf(pglite: Queryable): Query {
  return async (sql: string, values: readonly SqlValue[] = []) => {
    const { rows } = await pglite.query(sql, [...values]);
    return rows as readonly Row[];
  };
}
