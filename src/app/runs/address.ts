import * as v from "valibot";

import { runIdSchema } from "../../core/runs/read-journal.ts";
import { runQuerySchema, type RunQuery } from "../../core/wire/runs.ts";

/** What the Runs tab shows, as its address says. */
export type RunsView =
  | { readonly kind: "list"; readonly query: RunQuery }
  | { readonly kind: "run"; readonly runId: string }
  | { readonly kind: "compare"; readonly runIds: readonly string[] }
  | ({ readonly kind: "trend" } & TrendAsked);

/** Which trend is shown; what is null does not restrict. */
export type TrendAsked = {
  readonly measure: string;
  readonly provider: string | null;
  /** Name of a plan. */
  readonly plan: string | null;
};

/** Most runs side by side. */
export const maxCompared = 6;
/** Measures of the list, by key. */
export const listedMeasures: readonly string[] = [
  "latency.p50",
  "latency.p95",
  "frameRate.displayed",
  "loss.ratio",
  "freeze.ratio",
];
/** Runs on one page of the list. */
export const pageLength = 50;

/** Reads the address's query; what is not understood shows the list. */
export function readRunsView(search: string): RunsView {
  const given = Object.fromEntries(new URLSearchParams(search));
  const { run } = given;
  if (run !== undefined && v.is(runIdSchema, run)) return { kind: "run", runId: run };
  const runIds = (given["compare"] ?? "").split(",").filter((id) => v.is(runIdSchema, id));
  if (runIds.length > 0) return { kind: "compare", runIds: runIds.slice(0, maxCompared) };
  if (given["trend"] !== undefined) {
    const { trend: measure, provider = null, plan = null } = given;
    return { kind: "trend", measure, provider, plan };
  }
  const asked = { limit: String(pageLength), measures: listedMeasures.join(","), ...given };
  const read = v.safeParse(runQuerySchema, asked);
  if (read.success) return { kind: "list", query: read.output };
  const plain = { limit: String(pageLength), measures: listedMeasures.join(",") };
  return { kind: "list", query: v.parse(runQuerySchema, plain) };
}

/** The query of a list in the words of an address: what is asked of the server. */
export function writeRunQuery(query: RunQuery): string {
  const words = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    if (value !== "") words.set(key, Array.isArray(value) ? value.join(",") : String(value));
  }
  return words.toString();
}

/** Address of the list with some of its query changed; an empty text takes a filter away. */
export function listAddress(query: RunQuery, change: Partial<RunQuery>): string {
  const next = new URLSearchParams(writeRunQuery({ ...query, offset: 0, ...change }));
  // What every list has needs no words.
  for (const key of ["limit", "measures"]) next.delete(key);
  if (next.get("offset") === "0") next.delete("offset");
  if (next.get("sort") === "started") next.delete("sort");
  if (next.get("order") === "descending") next.delete("order");
  const words = next.toString();
  return words === "" ? "/runs" : `/runs?${words}`;
}

/** Address of one run. */
export function runAddress(runId: string): string {
  return `/runs?run=${runId}`;
}

/** Address of runs side by side. */
export function compareAddress(runIds: readonly string[]): string {
  return `/runs?compare=${runIds.join(",")}`;
}

/** Address of a measure over time. */
export function trendAddress({ measure, provider, plan }: TrendAsked): string {
  const words = new URLSearchParams({
    trend: measure,
    ...(provider === null ? {} : { provider }),
    ...(plan === null ? {} : { plan }),
  });
  return `/runs?${words.toString()}`;
}
