import type { IncomingMessage, ServerResponse } from "node:http";

import * as v from "valibot";

import type { Result } from "../../core/failure.ts";
import { runsPath } from "../../core/wire/runs.ts";
import { answerJson, refusal, refuse, type Refusal } from "../hls-origin/answer.ts";
import type { RunStore } from "../store/store.ts";

/** One request on its way to its answer. */
export type Exchange = {
  readonly store: RunStore;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly nowUs: () => number;
};

/** Answers a request. */
export type Route = (exchange: Exchange) => Promise<void>;

/** Refuses what is not there. */
export function notFound(what: string, where: string): Refusal {
  const next = "It was deleted, or is in another store. The list of runs has all that there are.";
  return refusal(404, { kind: "refused-input", what: `Finding ${what}`, where, next });
}

/** Answers with what the store gave, or with its failure; `null` is not there. */
export function answer<Value>(
  { request, response }: Exchange,
  asked: Result<Value>,
  where: string = runsPath,
): void {
  if (!asked.ok) refuse(request, response, refusal(503, asked.failure));
  else if (asked.value === null) refuse(request, response, notFound("the run", where));
  else answerJson(response, 200, asked.value);
}

/** Refuses what was sent. */
export function refuseInput(
  { request, response }: Exchange,
  what: string,
  where: string,
  next: string,
): void {
  refuse(request, response, refusal(400, { kind: "refused-input", what, where, next }));
}

function queryOf({ request }: Exchange): Readonly<Record<string, string>> {
  return Object.fromEntries(new URL(request.url ?? "/", "http://localhost").searchParams);
}

/** Checks a query; when it is refused, answers so and gives null. */
export function checkQuery<Value>(exchange: Exchange, schema: v.GenericSchema<unknown, Value>): Value | null {
  const read = v.safeParse(schema, queryOf(exchange));
  if (read.success) return read.output;
  const [issue] = read.issues;
  refuseInput(exchange, "Reading the query", v.getDotPath(issue) ?? runsPath, `${issue.message}.`);
  return null;
}

/** A whole number as it stands in a query. */
export const wholeNumber: v.GenericSchema<unknown, number> = v.pipe(
  v.string(),
  v.regex(/^\d{1,16}$/, "Give a whole number"),
  v.transform(Number),
);

const maxBodyBytes = 200_000;

/** The text of a small body; what is larger is cut, and so refused by who reads it. */
export async function readText(request: IncomingMessage): Promise<string> {
  let text = "";
  request.setEncoding("utf8");
  for await (const chunk of request as AsyncIterable<string>) {
    text += chunk;
    if (text.length > maxBodyBytes) return "";
  }
  return text;
}
