import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";

import * as v from "valibot";

import { runFileType } from "../../core/wire/runs.ts";
import type { Query } from "../store/database.ts";
import { toCsv, toParquet } from "../store/export.ts";
import { readChart, readObservations, type ObservationFilter } from "../store/observations.ts";
import { writeRunFile } from "../store/run-file.ts";
import { answer, checkQuery, wholeNumber, type Exchange, type Route } from "./exchange.ts";

/** A run as one file. */
export function answerFile(id: string): Route {
  return (exchange) =>
    download(exchange, { id, stream: null, type: runFileType, name: `run-${id}.jsonl.gz` }, (query) =>
      Readable.from(writeRunFile(query, id, exchange.nowUs())).compose(createGzip({ level: 6 })),
    );
}

const filterSchema = v.strictObject({
  fromUs: v.exactOptional(wholeNumber),
  untilUs: v.exactOptional(wholeNumber),
  minLatencyMs: v.exactOptional(
    v.pipe(v.string(), v.regex(/^-?\d{1,9}(?:\.\d{1,6})?$/, "Give milliseconds"), v.transform(Number)),
  ),
  slices: v.optional(v.pipe(wholeNumber, v.minValue(1), v.maxValue(5000)), "600"),
});

function toFilter(
  runId: string,
  stream: number,
  asked: v.InferOutput<typeof filterSchema>,
): ObservationFilter {
  const { fromUs = null, untilUs = null, minLatencyMs = null } = asked;
  return { runId, stream, fromUs, untilUs, minLatencyMs };
}

/** Latency and frames of a stream in equal slices of time. */
export function answerChart(id: string, stream: number): Route {
  return async (exchange) => {
    const asked = checkQuery(exchange, filterSchema);
    if (asked === null) return;
    const chart = await exchange.store.ask((query) =>
      readChart(query, toFilter(id, stream, asked), asked.slices),
    );
    answer(exchange, chart, id);
  };
}

/** Observations of a stream for other programs. */
export function answerObservations(id: string, stream: number, form: "csv" | "parquet"): Route {
  return async (exchange) => {
    const asked = checkQuery(exchange, filterSchema);
    if (asked === null) return;
    const type =
      form === "csv" ? "text/csv; charset=utf-8; header=present" : "application/vnd.apache.parquet";
    const name = `run-${id}-${stream}.${form}`;
    await download(exchange, { id, stream, type, name }, (query) => {
      const pieces = readObservations(query, toFilter(id, stream, asked));
      return Readable.from(form === "csv" ? toCsv(pieces) : toParquet(pieces));
    });
  };
}

type Download = {
  readonly id: string;
  /** Null for the whole run. */
  readonly stream: number | null;
  readonly type: string;
  readonly name: string;
};

/** Sends what may be large, as fast as it is taken. */
async function download(
  exchange: Exchange,
  { id, stream, type, name }: Download,
  open: (query: Query) => Readable,
): Promise<void> {
  const { store, request, response } = exchange;
  const sent = await store.ask(async (query) => {
    const rows = await query(
      "select from stream where run_id = $1 and ($2::int is null or stream = $2) limit 1",
      [id, stream],
    );
    if (rows.length === 0) return null;
    response.setHeader("Content-Type", type);
    response.setHeader("Content-Disposition", `attachment; filename="${name}"`);
    response.setHeader("Cache-Control", "no-store");
    if (request.method === "HEAD") response.end();
    else await pipeline(open(query), response);
    return true;
  });
  if (!sent.ok || sent.value === null) answer(exchange, sent, id);
}
