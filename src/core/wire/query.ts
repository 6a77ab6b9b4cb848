import * as v from "valibot";

import { fail, reason, succeed, type Failure, type Result } from "../failure.ts";

/** One query key of a page: how its text is checked and read, how it is written, and a line for the documentation. */
export type QueryField<Setup> = {
  readonly key: string;
  readonly help: string;
  /** The key may be given several times: its texts are read and written as lines, which no address can hold. */
  readonly isRepeated?: true;
  /** The key's text may be a secret: no refusal quotes it. */
  readonly isSecret?: true;
  /** Reads the key's text into the setup's fields that it stands for. */
  readonly schema: v.GenericSchema<string, Partial<Setup>>;
  /** Writes the setup's fields as the key's text. */
  readonly show: (setup: Setup) => string;
};

/** Reads query text (with or without the `?`) over defaults; an unknown, repeated or bad key is refused by its name. */
export function readQuery<Setup>(
  fields: readonly QueryField<Setup>[],
  defaults: Setup,
  query: string,
): Result<Setup> {
  const pairs = splitQuery(query);
  if (!pairs.ok) return pairs;
  const parts: Partial<Setup>[] = [];
  for (const [key, texts] of gather(pairs.value)) {
    const field = fields.find((candidate) => candidate.key === key);
    if (field === undefined) return fail(unknownKey(key, fields));
    if (texts.length > 1 && field.isRepeated !== true)
      return fail(refuse(key, "is given twice", `Give ${key} once.`));
    const read = readField(field, texts.join("\n"));
    if (!read.ok) return read;
    parts.push(read.value);
  }
  return succeed(Object.assign({}, defaults, ...parts) as Setup);
}

/** Reads the text of one key into the fields that it stands for; several texts of a repeated key stand on lines. */
export function readKey<Setup>(
  fields: readonly QueryField<Setup>[],
  key: string,
  text: string,
): Result<Partial<Setup>> {
  const field = fields.find((candidate) => candidate.key === key);
  return field === undefined ? fail(unknownKey(key, fields)) : readField(field, text);
}

function readField<Setup>(field: QueryField<Setup>, text: string): Result<Partial<Setup>> {
  const read = v.safeParse(field.schema, text);
  if (read.success) return succeed(read.output);
  const complaint = field.isSecret === true ? "is not as it has to be" : `cannot be "${text.slice(0, 40)}"`;
  return fail(refuse(field.key, complaint, `What ${field.key} takes: ${field.help}.`));
}

/** Writes the keys that differ from the defaults, without the `?`; empty when nothing does. */
export function writeQuery<Setup>(
  fields: readonly QueryField<Setup>[],
  defaults: Setup,
  setup: Setup,
): string {
  return fields
    .filter((field) => field.show(setup) !== field.show(defaults))
    .flatMap((field) => {
      const texts = field.isRepeated === true ? field.show(setup).split("\n") : [field.show(setup)];
      return texts.map((text) => `${field.key}=${encodeURIComponent(text)}`);
    })
    .join("&");
}

/** The texts of each key, in the order in which the keys first came. */
function gather(pairs: readonly (readonly [string, string])[]): ReadonlyMap<string, readonly string[]> {
  const texts = new Map<string, readonly string[]>();
  for (const [key, text] of pairs) texts.set(key, [...(texts.get(key) ?? []), text]);
  return texts;
}

function splitQuery(query: string): Result<readonly (readonly [string, string])[]> {
  const plain = query.startsWith("?") ? query.slice(1) : query;
  try {
    return succeed(
      plain
        .split("&")
        .filter((part) => part !== "")
        .map((part) => {
          const equals = part.indexOf("=");
          const [key, text] = equals < 0 ? [part, ""] : [part.slice(0, equals), part.slice(equals + 1)];
          return [decode(key), decode(text)] as const;
        }),
    );
  } catch (error) {
    return fail({
      kind: "refused-input",
      what: "reading the address",
      where: plain.slice(0, 80),
      next: "A % in the address is not followed by two hexadecimal digits: copy the link again.",
      cause: reason(error),
    });
  }
}

function decode(text: string): string {
  return decodeURIComponent(text.replaceAll("+", " "));
}

function unknownKey<Setup>(key: string, fields: readonly QueryField<Setup>[]): Failure {
  const known = fields.map((field) => field.key).join(", ");
  return refuse(key.slice(0, 40), "is not a key of this page", `The keys are ${known}.`);
}

function refuse(key: string, complaint: string, next: string): Failure {
  return {
    kind: "refused-input",
    what: `The address was refused: ${key} ${complaint}`,
    where: `key ${key}`,
    next,
  };
}
