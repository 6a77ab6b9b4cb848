import * as v from "valibot";

import type { QueryField } from "./query.ts";

/** A whole number as text, within limits. */
export function whole(low: number, high: number): v.GenericSchema<string, number> {
  return v.pipe(v.string(), v.regex(/^\d{1,9}$/), v.transform(Number), v.minValue(low), v.maxValue(high));
}

/** `1` or `0`. */
const flag: v.GenericSchema<string, boolean> = v.pipe(
  v.string(),
  v.picklist(["0", "1"]),
  v.transform((text) => text === "1"),
);

/** A key that is `1` or `0`, and the setup's field that it stands for. */
export function flagField<Name extends string>(
  key: string,
  name: Name,
  help: string,
): QueryField<Readonly<Record<Name, boolean>>> {
  return {
    key,
    help,
    schema: v.pipe(
      flag,
      v.transform((on) => ({ [name]: on }) as Record<Name, boolean>),
    ),
    show: (setup) => (setup[name] ? "1" : "0"),
  };
}

/** A key that is a whole number within limits, and the setup's field that it stands for. */
export function wholeField<Name extends string>(
  key: string,
  name: Name,
  [low, high]: readonly [low: number, high: number],
  help: string,
): QueryField<Readonly<Record<Name, number>>> {
  return {
    key,
    help,
    schema: v.pipe(
      whole(low, high),
      v.transform((count) => ({ [name]: count }) as Record<Name, number>),
    ),
    show: (setup) => String(setup[name]),
  };
}
