import * as v from "valibot";

import { succeed, type Result } from "../../core/failure.ts";
import { remarksSchema, runIdSchema } from "../../core/runs/read-journal.ts";
import {
  queryTextSchema,
  runQuerySchema,
  runsPath,
  type ComparisonList,
  type Imported,
} from "../../core/wire/runs.ts";
import { answerEmpty, answerJson, refusal, refuse, type Refusal } from "../hls-origin/answer.ts";
import { listRuns } from "../store/list-runs.ts";
import { findComparisons } from "../store/read-comparison.ts";
import { readChoices, readRun, readTrend } from "../store/read-run.ts";
import { answerChart, answerFile, answerObservations } from "./downloads.ts";
import { answer, checkQuery, notFound, readText, refuseInput, wholeNumber, type Route } from "./exchange.ts";
import { importRunFile } from "./import-file.ts";
import { runMetrics, serverMetrics, type ServerCounts } from "./metrics.ts";

/** The route of a path below `/api/runs`, or why there is none. */
export function routeOf(method: string, path: string): Route | Refusal {
  const verb = method === "HEAD" ? "GET" : method;
  const fixed: Readonly<Record<string, Verbs>> = {
    "": { GET: answerList, POST: answerImport },
    "/choices": { GET: answerChoices },
    "/comparisons": { GET: answerComparisons },
    "/trend": { GET: answerTrend },
  };
  const verbs = fixed[path] ?? verbsOfRun(path);
  return verbs === null ? notFound("a run at this address", path) : byVerb(verb, verbs);
}

type Verbs = Readonly<Record<string, Route>>;

const runPath =
  /^\/(?<id>[^/]+)(?:\/(?<part>file|streams\/(?<stream>\d{1,4})\/(?<what>chart|observations\.csv|observations\.parquet)))?$/;

function verbsOfRun(path: string): Verbs | null {
  const { id, part, stream, what } = runPath.exec(path)?.groups ?? {};
  if (id === undefined || !v.is(runIdSchema, id)) return null;
  if (part === undefined) return { GET: answerRun(id), PATCH: changeRemarks(id), DELETE: deleteRun(id) };
  const number = Number(stream);
  switch (what) {
    case "chart":
      return { GET: answerChart(id, number) };
    case "observations.csv":
      return { GET: answerObservations(id, number, "csv") };
    case "observations.parquet":
      return { GET: answerObservations(id, number, "parquet") };
    case undefined:
    default:
      return { GET: answerFile(id) };
  }
}

function byVerb(verb: string, routes: Verbs): Route | Refusal {
  const route = Object.hasOwn(routes, verb) ? routes[verb] : undefined;
  if (route !== undefined) return route;
  const next = `Use ${Object.keys(routes).join(" or ")}.`;
  return refusal(405, { kind: "refused-input", what: `Answering ${verb} for runs`, where: runsPath, next });
}

const answerList: Route = async (exchange) => {
  const asked = checkQuery(exchange, runQuerySchema);
  if (asked !== null) answer(exchange, await exchange.store.ask((query) => listRuns(query, asked)));
};

const answerChoices: Route = async (exchange) => answer(exchange, await exchange.store.ask(readChoices));

const wantedSchema = v.strictObject({ wanted: v.exactOptional(queryTextSchema) });

/** Comparisons by id, the beginning of one, or name. */
const answerComparisons: Route = async (exchange) => {
  const asked = checkQuery(exchange, wantedSchema);
  if (asked === null) return;
  const { wanted = null } = asked;
  const found = await exchange.store.ask((query) => findComparisons(query, wanted));
  const list: Result<ComparisonList> = found.ok ? succeed({ comparisons: found.value }) : found;
  answer(exchange, list);
};

const trendSchema = v.strictObject({
  measure: v.pipe(v.string(), v.regex(/^[\w.-]{1,80}$/, "Give the key of a measure, such as latency.p95")),
  provider: v.exactOptional(queryTextSchema),
  plan: v.exactOptional(queryTextSchema),
  settings: v.exactOptional(queryTextSchema),
  network: v.exactOptional(queryTextSchema),
  limit: v.optional(v.pipe(wholeNumber, v.minValue(1), v.maxValue(5000)), "500"),
});

const answerTrend: Route = async (exchange) => {
  const asked = checkQuery(exchange, trendSchema);
  if (asked === null) return;
  const { measure: key, provider = null, plan = null, settings = null, network = null, limit } = asked;
  const wanted = { key, provider, plan, settings, network, limit };
  answer(exchange, await exchange.store.ask((query) => readTrend(query, wanted)));
};

function answerRun(id: string): Route {
  return async (exchange) => answer(exchange, await exchange.store.ask((query) => readRun(query, id)), id);
}

const remarksText = v.pipe(v.string(), v.parseJson(), remarksSchema);

function changeRemarks(id: string): Route {
  return async (exchange) => {
    const read = v.safeParse(remarksText, await readText(exchange.request));
    if (!read.success) {
      const [issue] = read.issues;
      refuseInput(
        exchange,
        "Reading note and tags",
        v.getDotPath(issue) ?? "the body",
        `Send {"note": "...", "tags": ["..."]}: ${issue.message}.`,
      );
      return;
    }
    const { note, tags } = read.output;
    const changed = await exchange.store.ask((query) =>
      query("update run set note = $2, tags = $3 where run_id = $1 returning run_id", [
        id,
        note,
        [...new Set(tags)],
      ]),
    );
    if (changed.ok && changed.value.length > 0) answerEmpty(exchange.response, 204);
    else answer(exchange, changed.ok ? { ok: true, value: null } : changed, id);
  };
}

function deleteRun(id: string): Route {
  return async (exchange) => {
    const gone = await exchange.store.change(async (query) => {
      // Its journal may still be written or read.
      await query(
        "insert into deleted_run (run_id) select run_id from run where run_id = $1 on conflict do nothing",
        [id],
      );
      const rows = await query("delete from run where run_id = $1 returning comparison_id", [id]);
      await query(
        "delete from comparison where comparison_id = $1 and not exists (select from run where run.comparison_id = comparison.comparison_id)",
        [String(rows[0]?.["comparison_id"])],
      );
      return rows.length;
    });
    if (gone.ok && gone.value > 0) answerEmpty(exchange.response, 204);
    else answer(exchange, gone.ok ? { ok: true, value: null } : gone, id);
  };
}

const answerImport: Route = async (exchange) => {
  const { store, request, response } = exchange;
  const opened = await store.open();
  // A database that is away takes it later: what counts is that the file is on disk.
  if (!opened.ok && opened.failure.kind !== "unreachable") {
    refuse(request, response, refusal(503, opened.failure));
    return;
  }
  const imported = await importRunFile(request, store.journalDirectory);
  if (!imported.ok) {
    refuse(
      request,
      response,
      refusal(imported.failure.kind === "refused-input" ? 400 : 503, imported.failure),
    );
    return;
  }
  const runIds = imported.value;
  await store.ask((query) => query("delete from deleted_run where run_id = any($1::text[])", [runIds]));
  const state = await store.keeper.takeUp();
  const stored = await store.ask((query) =>
    query("select run_id from run where run_id = any($1::text[])", [runIds]),
  );
  const isWhole = state.failure === null && stored.ok;
  if (isWhole && stored.value.length < runIds.length) {
    const why = state.complaints.at(-1) ?? "the database did not take it";
    refuseInput(exchange, "Importing a run file", "the file", `Export it anew: ${why}.`);
    return;
  }
  const body: Imported = { runIds };
  answerJson(response, isWhole ? 201 : 202, body);
};

/** Answers `/metrics`: without the database, what the server knows of itself. */
export function answerMetrics(about: {
  readonly version: string;
  readonly counts: () => ServerCounts;
}): Route {
  return async ({ store, response }) => {
    const runs = await store.ask(runMetrics);
    const { journalCount, brokenCount } = store.keeper.state();
    const journals = { journals: journalCount, journals_broken: brokenCount };
    const own = serverMetrics(about.version, { ...about.counts(), ...journals }, runs.ok);
    response.setHeader("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
    response.setHeader("Cache-Control", "no-store");
    response.end(own + (runs.ok ? runs.value : ""));
  };
}
