import type { Database } from "./database.ts";

/** One step of the schema, applied once; never changed after it was released, only followed by others. */
type Migration = { readonly number: number; readonly sql: string };

/**
 * `run` and `stream` hold what lists filter by as columns and the rest as it came, in JSON. `chunk` holds observations: one row
 * for some thousand of them, one packed column (column-codec.ts) for each of theirs, and `latency_blocks` for charts.
 * `deleted_run` keeps a run away whose journal is still read.
 */
const migrations: readonly Migration[] = [
  {
    number: 1,
    sql: `
create table comparison (
  comparison_id text primary key,
  name text not null,
  started_at_us bigint not null,
  facts jsonb not null
);
create table run (
  run_id text primary key,
  comparison_id text not null references comparison,
  started_at_us bigint not null,
  ended_at_us bigint,
  outcome text not null,
  is_saturated boolean,
  head jsonb not null,
  run_end jsonb,
  note text not null default '',
  tags text[] not null default '{}'
);
create index run_by_start on run (started_at_us desc, run_id desc);
create index run_by_comparison on run (comparison_id);
create index run_by_tag on run using gin (tags);
create table deleted_run (
  run_id text primary key
);
create table stream (
  run_id text not null references run on delete cascade,
  stream int not null,
  provider text not null,
  outcome text not null,
  facts jsonb not null,
  last_snapshot jsonb,
  primary key (run_id, stream)
);
create index stream_by_provider on stream (provider);
create table measure (
  run_id text not null,
  stream int not null,
  key text not null,
  unit text not null,
  value double precision,
  bound double precision,
  why text,
  primary key (run_id, stream, key),
  foreign key (run_id, stream) references stream on delete cascade
);
create index measure_by_key on measure (key, value);
create table chunk (
  run_id text not null,
  stream int not null,
  first_index bigint not null,
  row_count int not null,
  from_us bigint not null,
  until_us bigint not null,
  latency_max double precision,
  latency_blocks bytea not null,
  display_time_us bytea not null,
  capture_time_us bytea not null,
  presentation_time_us bytea not null,
  latency_ms bytea not null,
  latency_bound_ms bytea not null,
  read_ms bytea not null,
  frame_id bytea not null,
  run_number bytea not null,
  width_px bytea not null,
  height_px bytea not null,
  outcome bytea not null,
  is_inferred bytea not null,
  primary key (run_id, stream, first_index),
  foreign key (run_id, stream) references stream on delete cascade
);
${[
  "latency_blocks",
  "display_time_us",
  "capture_time_us",
  "presentation_time_us",
  "latency_ms",
  "latency_bound_ms",
  "read_ms",
  "frame_id",
]
  .map((column) => `alter table chunk alter column ${column} set storage external;`)
  .join("\n")}
`,
  },
];

/** An arbitrary number that all processes agree on: they migrate one after the other. */
const advisoryLock = 715_290_341;

/** Brings the schema up to date, in one transaction. */
export async function migrate(database: Database): Promise<void> {
  await database.inTransaction(async (query) => {
    await query("select pg_advisory_xact_lock($1)", [advisoryLock]);
    await query(
      "create table if not exists migration (number int primary key, applied_at timestamptz not null default now())",
    );
    const rows = await query("select number from migration");
    const applied = new Set(rows.map(({ number }) => number));
    for (const { number, sql } of migrations.filter((each) => !applied.has(each.number))) {
      for (const statement of sql.split(/;\s*\n/)) if (statement.trim() !== "") await query(statement);
      await query("insert into migration (number) values ($1)", [number]);
    }
  });
}
