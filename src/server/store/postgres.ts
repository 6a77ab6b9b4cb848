import { Pool, TypeOverrides } from "pg";

import { fail, reason, succeed, type Result } from "../../core/failure.ts";
import type { Database, Query, Row } from "./database.ts";

const int8Oid = 20;
const connectTimeoutMs = 5000;
/** A statement that takes longer is given up, ms: a server that hangs must not hang the instrument. */
const statementTimeoutMs = 120_000;
const maxConnections = 6;

/** A database URL without user, password and options, for people and logs. */
export function describeDatabaseUrl(databaseUrl: string): string {
  if (!URL.canParse(databaseUrl)) return "DATABASE_URL";
  const { host, pathname, searchParams } = new URL(databaseUrl);
  const where = host === "" ? (searchParams.get("host") ?? "localhost") : host;
  return `${where}${pathname}`;
}

/**
 * Connects to a PostgreSQL server (14 or later) and asks it one question, so that a wrong URL is told at once.
 * @param databaseUrl `postgres://user:password@host:port/database`; TLS as libpq: `?sslmode=require`
 */
export async function openServer(databaseUrl: string): Promise<Result<Database>> {
  const where = describeDatabaseUrl(databaseUrl);
  if (!/^postgres(?:ql)?:\/\//.test(databaseUrl)) {
    return fail({
      kind: "refused-input",
      what: "Reading DATABASE_URL",
      where,
      next: "Give postgres://user:password@host:5432/database, or leave it out to use the embedded database.",
    });
  }
  const pool = createPool(databaseUrl);
  try {
    await pool.query("select 1");
  } catch (error) {
    await pool.end();
    return fail({
      kind: "unreachable",
      what: "Connecting to the database",
      where,
      next: "Start it, or mend DATABASE_URL; or leave it out to use the embedded database.",
      cause: reason(error),
    });
  }
  return succeed({
    kind: "server",
    where,
    query: queryOf(pool),
    script: async (sql) => {
      await pool.query(sql);
    },
    inTransaction: (work) => inTransaction(pool, work),
    close: () => pool.end(),
  });
}

function createPool(databaseUrl: string): Pool {
  const types = new TypeOverrides();
  types.setTypeParser(int8Oid, Number);
  const pool = new Pool({
    connectionString: databaseUrl,
    connectionTimeoutMillis: connectTimeoutMs,
    statement_timeout: statementTimeoutMs,
    application_name: "streamgauge",
    max: maxConnections,
    types,
  });
  // An idle connection that breaks tells it here; the next statement makes a new one.
  pool.on("error", () => undefined);
  return pool;
}

type Queryable = {
  readonly query: (sql: string, values?: unknown[]) => Promise<{ readonly rows: unknown[] }>;
};

function queryOf(client: Queryable): Query {
  return async (sql, values = []) => {
    const { rows } = await client.query(sql, [...values]);
    return rows as readonly Row[];
  };
}

async function inTransaction<Value>(pool: Pool, work: (query: Query) => Promise<Value>): Promise<Value> {
  const client = await pool.connect();
  const errors: Error[] = [];
  const onError = (error: Error): void => {
    errors.push(error);
  };
  client.on("error", onError);
  try {
    await client.query("begin");
    const value = await work(queryOf(client));
    await client.query("commit");
    return value;
  } catch (error) {
    await client.query("rollback").catch((thrown: unknown) => errors.push(new Error(reason(thrown))));
    throw error;
  } finally {
    client.off("error", onError);
    client.release(errors[0] ?? false);
  }
}
