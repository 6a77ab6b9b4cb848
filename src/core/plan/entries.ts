import * as v from "valibot";

import { dimensionPatterns, dimensionWords, readIn, type Dimension } from "./quantity.ts";

type Entries = Readonly<Record<string, v.GenericSchema>>;

/** Words for what is wrong with a map's keys. */
export function mapWords(keys: readonly string[]): (issue: v.BaseIssue<unknown>) => string {
  return ({ expected, received }) => {
    if (expected === "never") return `is not a key here; the keys are ${keys.join(", ")}`;
    if (received === "undefined") return "is missing";
    return `takes a map with the keys ${keys.join(", ")}`;
  };
}

/** A map with known keys only; a wrong one is refused with the list of those there are. */
export function section<const Known extends Entries>(
  entries: Known,
): v.StrictObjectSchema<Known, (issue: v.BaseIssue<unknown>) => string> {
  return v.strictObject(entries, mapWords(Object.keys(entries)));
}

/** A quantity as text, read into its base unit: ms, kbit/s, 0..1 or bytes. */
export function quantity(
  dimension: Exclude<Dimension, "number">,
  low: number,
  high: number,
  limits: string,
  about: string,
): v.GenericSchema<string, number> {
  const words = `takes ${dimensionWords[dimension]}`;
  return v.pipe(
    v.string(words),
    v.regex(dimensionPatterns[dimension], words),
    v.description(about),
    v.transform((text) => readIn(dimension, text) ?? Number.NaN),
    v.minValue(low, `is out of bounds: ${limits}`),
    v.maxValue(high, `is out of bounds: ${limits}`),
  );
}

/** A whole number within limits. */
export function count(low: number, high: number): v.GenericSchema<number, number> {
  const words = `takes a whole number from ${low} to ${high}`;
  return v.pipe(v.number(words), v.integer(words), v.minValue(low, words), v.maxValue(high, words));
}

/** One of some words. */
export function oneOf<const Options extends readonly string[]>(
  options: Options,
): v.PicklistSchema<Options, string> {
  return v.picklist(options, `takes one of ${options.join(", ")}`);
}

/** Text of a person's own, on one line. */
export function line(what: string, longest: number): v.GenericSchema<string, string> {
  const words = `takes ${what}, up to ${longest} characters on one line`;
  return v.pipe(
    v.string(words),
    v.minLength(1, words),
    v.maxLength(longest, words),
    v.regex(/^[^\r\n]*$/, words),
  );
}

/** Names that people give to providers and networks. */
export const givenName: v.GenericSchema<string, string> = v.pipe(
  v.string("takes a name"),
  v.regex(
    /^[A-Za-z0-9][A-Za-z0-9_.-]{0,39}$/,
    "is no name: letters, digits, dashes, dots and underscores, 40 at most, a letter or digit first",
  ),
);
