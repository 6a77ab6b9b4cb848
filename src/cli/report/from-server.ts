import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { createGunzip } from "node:zlib";

import * as v from "valibot";

import { fail, reason, succeed, type Failure, type Result } from "../../core/failure.ts";
import type { LatencyTrace } from "../../core/report/report.ts";
import { toColumns } from "../../core/runs/observation-columns.ts";
import { readJournalLine, type RunFileLine } from "../../core/runs/read-journal.ts";
import type { Comparison, Run, RunEnd, RunHead } from "../../core/runs/run.ts";
import { comparisonListSchema, runListSchema, runsPath, type ListedRun } from "../../core/wire/runs.ts";
import { addLatencies, pointsOf, type LatenciesMs } from "../compare/latencies.ts";
import { readListedPast } from "./past-from-server.ts";
import type { ComparisonSource, SourcedComparison } from "./source.ts";

/** Longest wait for an answer to begin and end, ms: a run of hours is some hundred megabytes. */
const patienceMs = 120_000;
/** Runs asked for at once. */
const pageLength = 500;

const what = "Reading runs from the server";

/** A server's runs, by its API. */
type Api = { readonly origin: string; readonly token: string | null };

/** Reads comparisons from a server, which is asked at once whether it is there and lets us in. */
export async function openServerSource(
  origin: string,
  token: string | null,
): Promise<Result<ComparisonSource>> {
  const api: Api = { origin, token };
  const find: ComparisonSource["find"] = async (wanted) => {
    const query = wanted === null ? "" : `?wanted=${encodeURIComponent(wanted)}`;
    const list = await getJson(api, `/comparisons${query}`, comparisonListSchema);
    return list.ok ? succeed(list.value.comparisons) : list;
  };
  const first = await find("");
  if (!first.ok) return first;
  return succeed({
    find,
    read: (id) => readComparison(api, id),
    past: (plan, comparisonId) =>
      readListedPast({ find, runsOf: (id, keys) => runsOf(api, id, keys) }, plan, comparisonId),
    close: async () => undefined,
  });
}

async function get({ origin, token }: Api, path: string): Promise<Result<Response>> {
  const where = `${origin}${runsPath}${path}`;
  try {
    const headers = token === null ? {} : { Authorization: `Bearer ${token}` };
    const response = await fetch(where, { headers, signal: AbortSignal.timeout(patienceMs) });
    return response.ok ? succeed(response) : fail(refusedBy(response.status, where));
  } catch (error) {
    const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
    const next = "Start it, or give the address that it printed.";
    return fail({ kind: "unreachable", what, where, next, cause: reason(cause) });
  }
}

function refusedBy(status: number, where: string): Failure {
  const isDenied = status === 401 || status === 403;
  return {
    kind: isDenied ? "denied" : "unreachable",
    what,
    where,
    cause: `it answered ${status}`,
    next: isDenied
      ? 'Give its token in STREAMGAUGE_TOKEN: it is in the file "token" of its data directory.'
      : "See that it is a Streamgauge server of this version, and that its log has no more of it.",
  };
}

async function getJson<Value>(
  api: Api,
  path: string,
  schema: v.GenericSchema<unknown, Value>,
): Promise<Result<Value>> {
  const response = await get(api, path);
  if (!response.ok) return response;
  const read = v.safeParse(v.pipe(v.string(), v.parseJson(), schema), await response.value.text());
  return read.success ? succeed(read.output) : fail(notUnderstood(api, path, read.issues[0].message));
}

function notUnderstood({ origin }: Api, path: string, cause: string): Failure {
  const next = "See that it is a Streamgauge server of this version.";
  return { kind: "refused-input", what, where: `${origin}${runsPath}${path}`, next, cause };
}

/** Every attempt of a comparison as it is listed, with the measures of these keys. */
async function runsOf(api: Api, id: string, keys: readonly string[]): Promise<Result<readonly ListedRun[]>> {
  const runs: ListedRun[] = [];
  for (;;) {
    const measures = encodeURIComponent(keys.join(","));
    const path = `?comparison=${id}&order=ascending&limit=${pageLength}&offset=${runs.length}&measures=${measures}`;
    const page = await getJson(api, path, runListSchema);
    if (!page.ok) return page;
    runs.push(...page.value.runs);
    if (page.value.runs.length < pageLength) return succeed(runs);
  }
}

/** One run as its file tells it. */
type FileRun = {
  comparison: Comparison | null;
  head: RunHead | null;
  end: RunEnd | null;
  readonly latenciesMs: Map<number, LatenciesMs>;
};

function takeLine(run: FileRun, line: RunFileLine): void {
  if (line.kind === "comparison") run.comparison = line.comparison;
  if (line.kind === "begin") run.head = line.run;
  if (line.kind === "end") run.end = line.end;
  if (line.kind !== "observations") return;
  const own = run.latenciesMs.get(line.stream) ?? new Map<number, number[]>();
  addLatencies(own, toColumns(Buffer.from(line.rows, "base64"), line.firstIndex));
  run.latenciesMs.set(line.stream, own);
}

async function readRunFile(api: Api, id: string): Promise<Result<FileRun>> {
  const path = `/${id}/file`;
  const response = await get(api, path);
  if (!response.ok) return response;
  const run: FileRun = { comparison: null, head: null, end: null, latenciesMs: new Map() };
  const packed = Readable.from(response.value.body ?? []);
  try {
    for await (const text of createInterface({ input: packed.compose(createGunzip()) })) {
      const read = readJournalLine(text);
      if (!read.ok) return fail(notUnderstood(api, path, read.why));
      takeLine(run, read.line);
    }
    return succeed(run);
  } catch (error) {
    return fail(notUnderstood(api, path, reason(error)));
  }
}

function tracesOf({ id: runId, outcome, results }: Run, { latenciesMs }: FileRun): readonly LatencyTrace[] {
  if (outcome.kind !== "measured") return [];
  return results.map(({ number, provider }) => ({
    runId,
    provider,
    points: pointsOf(latenciesMs.get(number) ?? new Map<number, number[]>()),
  }));
}

async function readComparison(api: Api, id: string): Promise<Result<SourcedComparison | null>> {
  const listed = await runsOf(api, id, []);
  if (!listed.ok) return listed;
  const runs: Run[] = [];
  const traces: LatencyTrace[] = [];
  let comparison: Comparison | null = null;
  for (const { id: runId } of listed.value) {
    const file = await readRunFile(api, runId);
    if (!file.ok) return file;
    const { head, end } = file.value;
    comparison ??= file.value.comparison;
    if (head === null || end === null) continue;
    const run: Run = { ...head, ...end };
    runs.push(run);
    traces.push(...tracesOf(run, file.value));
  }
  if (comparison === null) return succeed(null);
  const inOrder = runs.toSorted((one, other) => one.endedAtUs - other.endedAtUs);
  return succeed({ comparison, runs: inOrder, openCount: listed.value.length - runs.length, traces });
}
