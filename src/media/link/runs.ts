import * as v from "valibot";

import { fail, reason, succeed, type Failure, type Result } from "../../core/failure.ts";
import type { RunRemarks } from "../../core/runs/run.ts";
import {
  importedSchema,
  runChoicesSchema,
  runListSchema,
  runsPath,
  runTrendSchema,
  storedRunSchema,
  streamChartSchema,
  type Imported,
  type RunChoices,
  type RunList,
  type RunTrend,
  type StoredRun,
  type StreamChart,
} from "../../core/wire/runs.ts";

/** What the server answers about runs; `locked` when it wants the token of another device. */
export type Asked<Value> =
  | Result<Value>
  | { readonly ok: false; readonly failure: Failure; readonly locked: true };

/** The page's end of the server's runs. Nothing rejects. */
export type RunsLink = {
  /** @param query as `RunQuery`, in the words of an address */
  readonly list: (query: string) => Promise<Asked<RunList>>;
  readonly choices: () => Promise<Asked<RunChoices>>;
  readonly read: (runId: string) => Promise<Asked<StoredRun>>;
  /** Null for a stream without observations. */
  readonly chart: (runId: string, stream: number, slices: number) => Promise<Asked<StreamChart | null>>;
  /** Of all providers, of all plans where they are null. */
  readonly trend: (measure: string, provider: string | null, plan: string | null) => Promise<Asked<RunTrend>>;
  readonly remark: (runId: string, remarks: RunRemarks) => Promise<Asked<null>>;
  readonly remove: (runId: string) => Promise<Asked<null>>;
  readonly importFile: (file: Blob) => Promise<Asked<Imported>>;
  /** A file of a run: `file`, or `streams/1/observations.csv` and the like. */
  readonly download: (runId: string, part: string) => Promise<Asked<Blob>>;
};

/** The parts of the browser that are used. */
export type RunsAdapters = {
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  /** The token typed on this device; empty when none was. */
  readonly token: () => string;
};

/** Longest wait for an answer, ms; files take as long as they take. */
const answerTimeoutMs = 30_000;

/** Makes the link. */
export function createRunsLink({ fetch, token }: RunsAdapters): RunsLink {
  const request = async (
    path: string,
    init: RequestInit,
    timeoutMs: number | null,
  ): Promise<Asked<Response>> => {
    // In a header and never in the address, which is logged and shown.
    const headers = token() === "" ? {} : { Authorization: `Bearer ${token()}` };
    const signal = timeoutMs === null ? null : AbortSignal.timeout(timeoutMs);
    try {
      const response = await fetch(runsPath + path, { ...init, headers, signal });
      return response.ok ? succeed(response) : await readRefusal(response);
    } catch (error) {
      return fail(unreached(error));
    }
  };
  const getJson = async <Value>(
    path: string,
    schema: v.GenericSchema<unknown, Value>,
    init: RequestInit = {},
    timeoutMs: number | null = answerTimeoutMs,
  ): Promise<Asked<Value>> => {
    const asked = await request(path, init, timeoutMs);
    return asked.ok ? readJson(asked.value, schema) : asked;
  };
  const send = async (path: string, init: RequestInit): Promise<Asked<null>> => {
    const asked = await request(path, init, answerTimeoutMs);
    return asked.ok ? succeed(null) : asked;
  };
  return {
    list: (query) => getJson(`?${query}`, runListSchema),
    choices: () => getJson("/choices", runChoicesSchema),
    read: (runId) => getJson(`/${runId}`, storedRunSchema),
    chart: async (runId, stream, slices) => {
      const asked = await request(`/${runId}/streams/${stream}/chart?slices=${slices}`, {}, answerTimeoutMs);
      if (asked.ok) return readJson(asked.value, streamChartSchema);
      return asked.failure.where === runId ? succeed(null) : asked;
    },
    trend: (measure, provider, plan) => {
      const query = new URLSearchParams({
        measure,
        ...(provider === null ? {} : { provider }),
        ...(plan === null ? {} : { plan }),
      });
      return getJson(`/trend?${query.toString()}`, runTrendSchema);
    },
    remark: (runId, remarks) => send(`/${runId}`, { method: "PATCH", body: JSON.stringify(remarks) }),
    remove: (runId) => send(`/${runId}`, { method: "DELETE" }),
    importFile: (file) => getJson("", importedSchema, { method: "POST", body: file }, null),
    download: async (runId, part) => {
      const asked = await request(`/${runId}/${part}`, {}, null);
      if (!asked.ok) return asked;
      try {
        return succeed(await asked.value.blob());
      } catch (error) {
        return fail(unreached(error));
      }
    },
  };
}

const failureSchema = v.object({
  kind: v.picklist(["refused-input", "unreachable", "unsupported", "denied", "timed-out", "ended-early"]),
  what: v.string(),
  where: v.string(),
  next: v.string(),
  cause: v.exactOptional(v.string()),
});

async function readRefusal(response: Response): Promise<Asked<never>> {
  const body: unknown = await response.json().catch(() => null);
  const read = v.safeParse(failureSchema, body);
  const failure: Failure = read.success ? read.output : unexpected(`it answered ${response.status}`);
  return response.status === 401 ? { ok: false, failure, locked: true } : fail(failure);
}

async function readJson<Value>(
  response: Response,
  schema: v.GenericSchema<unknown, Value>,
): Promise<Asked<Value>> {
  try {
    const read = v.safeParse(schema, await response.json());
    if (read.success) return succeed(read.output);
    return fail(unexpected(`${v.getDotPath(read.issues[0]) ?? "the answer"}: ${read.issues[0].message}`));
  } catch (error) {
    return fail(unexpected(reason(error)));
  }
}

function unexpected(cause: string): Failure {
  return {
    kind: "unsupported",
    what: "The server's answer about runs is not understood",
    where: runsPath,
    next: "Page and server may be of different versions: reload the page.",
    cause,
  };
}

function unreached(error: unknown): Failure {
  return {
    kind: "unreachable",
    what: "asking the server for runs",
    where: runsPath,
    next: "Start it again, or see that this device still reaches it.",
    cause: reason(error),
  };
}
