import type { Setting } from "../runs/run.ts";
import type { PlanProblem } from "./problem.ts";

/** One combination of the matrix: the plan as parsed, with the matrix's values in their places. */
export type Cell = {
  readonly settings: readonly Setting[];
  readonly parsed: unknown;
  /** Why a value cannot be put there; null when all are. */
  readonly refusal: PlanProblem | null;
};

/** Most combinations that are made, whatever else is wrong. */
const maxCellCount = 2000;

type Values = readonly (string | number | boolean)[];
type Choice = readonly (readonly [key: string, value: string | number | boolean])[];

function combine(matrix: Readonly<Record<string, Values>>): readonly Choice[] {
  let choices: readonly Choice[] = [[]];
  for (const [key, values] of Object.entries(matrix)) {
    if (choices.length * values.length > maxCellCount) return [];
    choices = choices.flatMap((choice) => values.map((value) => choice.concat([[key, value]])));
  }
  return choices;
}

/** Puts a value at a path, making the maps on the way; null where something else than a map is on the way. */
function put(parsed: unknown, path: readonly string[], value: unknown): unknown {
  const [head, ...rest] = path;
  if (head === undefined) return value;
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) return null;
  const held = Object.hasOwn(parsed, head) ? (parsed as Readonly<Record<string, unknown>>)[head] : {};
  const inner = put(held, rest, value);
  return inner === null ? null : { ...parsed, [head]: inner };
}

/** Provider names may hold dots; a path names the longest that there is. */
function toPath(parsed: unknown, key: string): readonly string[] {
  const { providers } = (parsed ?? {}) as { readonly providers?: Readonly<Record<string, unknown>> };
  const name = Object.keys(providers ?? {})
    .toSorted((one, other) => other.length - one.length)
    .find((candidate) => key.startsWith(`providers.${candidate}.`));
  if (name === undefined) return key.split(".");
  return ["providers", name, ...key.slice(`providers.${name}.`.length).split(".")];
}

function toCell(parsed: unknown, choice: Choice): Cell {
  const { matrix: _, ...rest } = parsed as Readonly<Record<string, unknown>>;
  const settings = choice.map(([key, value]) => ({ key, value: String(value) }));
  let next: unknown = rest;
  for (const [key, value] of choice) {
    next = put(next, toPath(rest, key), value);
    if (next === null)
      return {
        settings,
        parsed: null,
        refusal: { path: ["matrix", key], words: "leads nowhere in this plan" },
      };
  }
  return { settings, parsed: next, refusal: null };
}

const tooMany: Cell = {
  settings: [],
  parsed: null,
  refusal: { path: ["matrix"], words: `has more than ${maxCellCount} combinations` },
};

/** Settings that belong to the whole plan, not to single runs. */
const wholePlanKeys: ReadonlySet<string> = new Set([
  "name",
  "about",
  "seed",
  "repeats",
  "retries",
  "order",
  "control",
  "matrix",
  "budgets",
]);

/** Every combination of the matrix in a stable order: the first key varies slowest. One cell without a matrix. */
export function planCells(parsed: unknown, matrix: Readonly<Record<string, Values>>): readonly Cell[] {
  const barred = Object.keys(matrix).find((key) => wholePlanKeys.has(key.split(".", 1)[0] ?? ""));
  if (barred !== undefined) {
    const words = "belongs to the plan as a whole and cannot vary within it";
    return [{ settings: [], parsed: null, refusal: { path: ["matrix", barred], words } }];
  }
  const choices = combine(matrix);
  return choices.length === 0 ? [tooMany] : choices.map((choice) => toCell(parsed, choice));
}
