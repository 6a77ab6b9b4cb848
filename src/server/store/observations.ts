import type { ObservationColumns } from "../../core/runs/observation-columns.ts";
import type { StreamChart } from "../../core/wire/runs.ts";
import {
  columnSpecs,
  numbersPerBlock,
  readBlocks,
  readColumns,
  sliceColumns,
  type SomeColumns,
} from "./chunk.ts";
import type { Query, Row } from "./database.ts";

/** Which observations of a stream: what is null does not restrict. */
export type ObservationFilter = {
  readonly runId: string;
  readonly stream: number;
  /** Display time on the receiver's clock: from, and before. */
  readonly fromUs: number | null;
  readonly untilUs: number | null;
  /** Those alone whose latency is known and at least this. */
  readonly minLatencyMs: number | null;
};

/** Chunks read at once: some ten thousand observations. */
const chunksAtOnce = 8;

/** A stream's observations in the order of display, some thousand at a time, so that memory stays small. */
export async function* readObservations(
  query: Query,
  filter: ObservationFilter,
): AsyncGenerator<ObservationColumns> {
  const names = columnSpecs.map(({ name }) => name);
  const columns = columnSpecs.map(({ sql }) => sql);
  for await (const row of chunksOf(query, filter, columns)) {
    yield* stretchesOf(readColumns(row, names), filter);
  }
}

async function* chunksOf(
  query: Query,
  filter: ObservationFilter,
  columns: readonly string[],
): AsyncGenerator<Row> {
  let after = -1;
  for (;;) {
    const rows = await query(
      `select first_index, row_count, from_us, until_us, ${columns.join(", ")} from chunk
       where run_id = $1 and stream = $2 and first_index > $3
         and ($4::bigint is null or until_us >= $4) and ($5::bigint is null or from_us < $5)
         and ($6::float8 is null or latency_max >= $6)
       order by first_index limit ${columns.length < 4 ? chunksAtOnce * 8 : chunksAtOnce}`,
      [filter.runId, filter.stream, after, filter.fromUs, filter.untilUs, filter.minLatencyMs],
    );
    yield* rows;
    const last = rows.at(-1);
    if (last === undefined) return;
    after = Number(last["first_index"]);
  }
}

/** Stretches of rows that the filter wants, without copying them. */
function* stretchesOf(columns: ObservationColumns, filter: ObservationFilter): Generator<ObservationColumns> {
  const { fromUs, untilUs, minLatencyMs } = filter;
  const isWanted = (row: number): boolean => {
    const atUs = columns.displayTimeUs[row] ?? Number.NaN;
    return (
      (fromUs === null || atUs >= fromUs) &&
      (untilUs === null || atUs < untilUs) &&
      (minLatencyMs === null || (columns.latencyMs[row] ?? Number.NaN) >= minLatencyMs)
    );
  };
  let start: number | null = null;
  for (let row = 0; row <= columns.rowCount; row += 1) {
    const wanted = row < columns.rowCount && isWanted(row);
    if (wanted) start ??= row;
    else if (start !== null) {
      yield sliceColumns(columns, start, row);
      start = null;
    }
  }
}

/** Slices of a chart while they are filled. */
type Slices = {
  readonly fromUs: number;
  readonly sliceUs: number;
  readonly frames: Float64Array;
  readonly known: Float64Array;
  readonly sum: Float64Array;
  readonly least: Float64Array;
  readonly greatest: Float64Array;
};

/** A block of observations counts for the slice in which it begins: below this many blocks a slice, single rows are counted. */
const minBlocksPerSlice = 4;
/** Rows of one block at 60 fps last this long, us. */
const blockUs = 4_300_000;

/** Latency and frames of a stream in equal slices of time; null for a stream without observations. */
export async function readChart(
  query: Query,
  filter: ObservationFilter,
  sliceCount: number,
): Promise<StreamChart | null> {
  const [range] = await query(
    "select min(from_us) as from_us, max(until_us) as until_us from chunk where run_id = $1 and stream = $2",
    [filter.runId, filter.stream],
  );
  if (range === undefined || range["from_us"] === null) return null;
  const fromUs = filter.fromUs ?? Number(range["from_us"]);
  const untilUs = filter.untilUs ?? Number(range["until_us"]) + 1;
  const sliceUs = Math.max(1, Math.ceil((untilUs - fromUs) / sliceCount));
  const slices = createSlices(fromUs, sliceUs, sliceCount);
  if (sliceUs >= minBlocksPerSlice * blockUs) {
    for await (const row of chunksOf(query, filter, ["latency_blocks"])) addBlocks(slices, readBlocks(row));
  } else {
    for await (const row of chunksOf(query, filter, ["display_time_us", "latency_ms"])) {
      addRows(slices, readColumns(row, ["displayTimeUs", "latencyMs"]));
    }
  }
  return toChart(slices);
}

function createSlices(fromUs: number, sliceUs: number, sliceCount: number): Slices {
  const zeros = (): Float64Array => new Float64Array(sliceCount);
  return {
    fromUs,
    sliceUs,
    frames: zeros(),
    known: zeros(),
    sum: zeros(),
    least: zeros().fill(Number.POSITIVE_INFINITY),
    greatest: zeros().fill(Number.NEGATIVE_INFINITY),
  };
}

function addBlocks(slices: Slices, blocks: Float64Array): void {
  for (let at = 0; at < blocks.length; at += numbersPerBlock) {
    const [atUs = 0, frames = 0, known = 0, least = 0, greatest = 0, sum = 0] = blocks.subarray(at);
    addStretch(slices, atUs, { frames, known, least, greatest, sum });
  }
}

function addRows(slices: Slices, columns: SomeColumns<"displayTimeUs" | "latencyMs">): void {
  for (let row = 0; row < columns.rowCount; row += 1) {
    const latencyMs = columns.latencyMs[row] ?? Number.NaN;
    const isKnown = !Number.isNaN(latencyMs);
    addStretch(slices, columns.displayTimeUs[row] ?? 0, {
      frames: 1,
      known: isKnown ? 1 : 0,
      least: latencyMs,
      greatest: latencyMs,
      sum: isKnown ? latencyMs : 0,
    });
  }
}

type Stretch = {
  readonly frames: number;
  readonly known: number;
  readonly least: number;
  readonly greatest: number;
  readonly sum: number;
};

function addStretch(slices: Slices, atUs: number, stretch: Stretch): void {
  const slice = Math.floor((atUs - slices.fromUs) / slices.sliceUs);
  if (slice < 0 || slice >= slices.frames.length) return;
  slices.frames[slice] = (slices.frames[slice] ?? 0) + stretch.frames;
  if (stretch.known === 0) return;
  slices.known[slice] = (slices.known[slice] ?? 0) + stretch.known;
  slices.sum[slice] = (slices.sum[slice] ?? 0) + stretch.sum;
  slices.least[slice] = Math.min(slices.least[slice] ?? 0, stretch.least);
  slices.greatest[slice] = Math.max(slices.greatest[slice] ?? 0, stretch.greatest);
}

function toChart(slices: Slices): StreamChart {
  const known = [...slices.known];
  const orNull = (values: Float64Array): readonly (number | null)[] =>
    known.map((count, slice) => (count === 0 ? null : (values[slice] ?? null)));
  return {
    fromUs: slices.fromUs,
    sliceUs: slices.sliceUs,
    frameCounts: [...slices.frames],
    leastMs: orNull(slices.least),
    meanMs: known.map((count, slice) => (count === 0 ? null : (slices.sum[slice] ?? 0) / count)),
    greatestMs: orNull(slices.greatest),
  };
}
