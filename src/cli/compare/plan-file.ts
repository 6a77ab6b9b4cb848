import { readFile, stat } from "node:fs/promises";

import { LineCounter, parseDocument, type Document } from "yaml";

import { fail, reason, succeed, type Failure, type Result } from "../../core/failure.ts";
import { checkPlan, type Plan } from "../../core/plan/plan.ts";
import type { PlanProblem } from "../../core/plan/problem.ts";
import type { Environment } from "../../core/plan/secrets.ts";

/** A plan and the text it was read from. */
export type PlanFile = { readonly plan: Plan; readonly text: string };

/** Plans are written by people: what is longer is none. */
const maxBytes = 1_000_000;

/** Reads and checks a plan in YAML or JSON; the failure names every problem with its line. */
export async function readPlanFile(path: string, environment: Environment): Promise<Result<PlanFile>> {
  const text = await readText(path);
  return text.ok ? readPlanText(text.value, path, environment) : text;
}

async function readText(path: string): Promise<Result<string>> {
  try {
    const { size } = await stat(path);
    if (size > maxBytes) return fail(refused(path, `It has ${size} bytes; a plan has at most ${maxBytes}.`));
    return succeed(await readFile(path, "utf8"));
  } catch (error) {
    return fail({ ...refused(path, "Give the path of a plan that can be read."), cause: reason(error) });
  }
}

/**
 * Reads and checks a plan's text.
 * @param path what the failure calls it
 * @param environment where secrets come from; null where none is needed, for a plan that was measured
 */
export function readPlanText(text: string, path: string, environment: Environment | null): Result<PlanFile> {
  const lines = new LineCounter();
  // A few references are of use; a tower of them is an attack on whoever reads it (billion laughs).
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: true });
  const [error] = document.errors;
  if (error !== undefined) {
    const [{ line, col } = { line: 1, col: 1 }] = error.linePos ?? [];
    const [words = ""] = error.message.split(" at line", 1);
    return fail(refused(`${path}:${line}:${col}: ${words}`, "Correct the YAML there."));
  }
  const parsed = toPlain(document);
  if (!parsed.ok) return fail(refused(path, parsed.words));
  const read = checkPlan(parsed.value, environment);
  if (read.ok) return succeed({ plan: read.plan, text });
  const told = read.problems.map((problem) => `${path}:${placeOf(document, lines, problem)}`);
  const count = told.length === 1 ? "this" : `these ${told.length} problems`;
  return fail(
    refused(told.join("\n  "), `Correct ${count}; public/plan.schema.json lets an editor help with that.`),
  );
}

type Plain = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly words: string };

function toPlain(document: Document): Plain {
  try {
    return { ok: true, value: document.toJS({ maxAliasCount: 100 }) };
  } catch (error) {
    return { ok: false, words: `Write it without so many references. (${reason(error)})` };
  }
}

/** Line of the innermost part of a problem's path that is there, and the problem itself. */
function placeOf(document: Document, lines: LineCounter, { path, words }: PlanProblem): string {
  const name = path.length === 0 ? "the plan" : path.join(".");
  for (let length = path.length; length >= 0; length -= 1) {
    const node: unknown = document.getIn(path.slice(0, length), true);
    const range = typeof node === "object" && node !== null && "range" in node ? node.range : null;
    if (Array.isArray(range) && typeof range[0] === "number")
      return `${lines.linePos(range[0]).line}: ${name} ${words}`;
  }
  return `1: ${name} ${words}`;
}

function refused(where: string, next: string): Failure {
  return { kind: "refused-input", what: "Reading the plan", where, next };
}
