import type { Plan } from "../../core/plan/plan.ts";
import { fillSecrets, secretNames, type Environment } from "../../core/plan/secrets.ts";
import { mayHoldSecret } from "../../core/plan/settings.ts";

/** Gives a value back with every secret in its texts replaced by the name of its variable. */
export type Redact = <Value>(value: Value) => Value;

/** Shorter texts are no secrets, and stand in much that is none. */
const leastLength = 4;
/** Shorter values of an address's query are settings. */
const leastQueryLength = 6;
/** Parts of a path that are as long may be a stream's key. */
const leastPathPartLength = 12;

/** Fields that name things by words of the plan's or of this program's own: a secret that is such a word must not break them. */
const ownFields: ReadonlySet<string> = new Set([
  "id",
  "runId",
  "comparisonId",
  "provider",
  "kind",
  "state",
  "phase",
  "trouble",
  "road",
  "key",
  "unit",
  "via",
  "rows",
  "settings",
  "machine",
  "comparison",
]);

/** What tells of a secret: itself, as an address has it, and where it is an address what others print of that. */
function piecesOf(value: string): readonly string[] {
  const pieces = [value, encodeURIComponent(value)];
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(value) || !URL.canParse(value)) return pieces;
  const { pathname, search, searchParams } = new URL(value);
  const bare = value.replace(/^[^/]*\/\//, "");
  const parts = pathname.split("/").filter((part) => part.length >= leastPathPartLength);
  const written = search
    .slice(1)
    .split("&")
    .map((pair) => pair.slice(pair.indexOf("=") + 1));
  const query = [...searchParams.values(), ...written].filter((text) => text.length >= leastQueryLength);
  const path = pathname.length > 1 ? [bare.replace(/[?#].*$/s, "")] : [];
  return [...pieces, bare, ...path, ...parts, ...query];
}

/** The secrets that a plan's providers are given by the environment, the longest text first. */
function secretsOf({ cells }: Plan, environment: Environment): readonly (readonly [string, string])[] {
  const texts = cells.flatMap(({ providers }) =>
    providers.flatMap(({ publish, play }) =>
      [...(publish ?? []), ...play].flatMap(([key, text]) => (mayHoldSecret(key) ? [text] : [])),
    ),
  );
  const byPiece = new Map<string, string>();
  for (const text of new Set(texts)) {
    const filled = fillSecrets(text, environment);
    for (const name of secretNames(text))
      for (const piece of piecesOf(environment[name] ?? "")) byPiece.set(piece, `\${${name}}`);
    // An address of which only a part is secret is printed without the query that holds it.
    if (filled.ok && secretNames(text).length > 0) byPiece.set(filled.text, text);
  }
  return [...byPiece]
    .filter(([piece]) => piece.length >= leastLength)
    .toSorted(([one], [other]) => other.length - one.length);
}

/** Makes what takes a plan's secrets out of all that is kept, reported and printed. */
export function createRedact(plan: Plan, environment: Environment): Redact {
  const secrets = secretsOf(plan, environment);
  const redactText = (text: string): string =>
    secrets.reduce((left, [piece, name]) => left.replaceAll(piece, () => name), text);
  const redactAny = (value: unknown): unknown => {
    if (typeof value === "string") return redactText(value);
    if (Array.isArray(value)) return value.map(redactAny);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, part]) => [key, ownFields.has(key) ? part : redactAny(part)]),
    );
  };
  // What has no secrets need not be walked through twice a second.
  return (value) => (secrets.length === 0 ? value : (redactAny(value) as typeof value));
}
