/** What a statement's `$1`, `$2` ... can be. Bytes are `bytea`, lists are arrays, JSON goes as its text. */
export type SqlValue =
  | string
  | number
  | boolean
  | null
  | Uint8Array
  | readonly string[]
  | readonly number[]
  | readonly (number | null)[]
  | readonly (string | null)[];

/** A row by its column names. `bigint` columns are numbers, `bytea` is `Uint8Array`, `jsonb` is parsed. */
export type Row = Readonly<Record<string, unknown>>;

/** Runs one statement. Rejects with the database's own error; see `failureOfDatabase`. */
export type Query = (sql: string, values?: readonly SqlValue[]) => Promise<readonly Row[]>;

/** One open database, the embedded one or a server's: the same SQL runs on both. Whoever opens it closes it. */
export type Database = {
  /** `embedded`: in this process, in the data directory; `server`: a PostgreSQL that others may use as well. */
  readonly kind: "embedded" | "server";
  /** For people: the directory, or host and database without user and password. */
  readonly where: string;
  readonly query: Query;
  /** Runs statements separated by semicolons, without values. */
  readonly script: (sql: string) => Promise<void>;
  /** Runs `work` in one transaction: all of it is stored, or nothing when it rejects. */
  readonly inTransaction: <Value>(work: (query: Query) => Promise<Value>) => Promise<Value>;
  readonly close: () => Promise<void>;
};
