import * as v from "valibot";

/** A whole number as text, within limits. */
export function whole(low: number, high: number): v.GenericSchema<string, number> {
  return v.pipe(v.string(), v.regex(/^\d{1,9}$/), v.transform(Number), v.minValue(low), v.maxValue(high));
}

/** `1` or `0`. */
export const flag: v.GenericSchema<string, boolean> = v.pipe(
  v.string(),
  v.picklist(["0", "1"]),
  v.transform((text) => text === "1"),
);

/** Writes what `flag` reads. */
export function showFlag(on: boolean): string {
  return on ? "1" : "0";
}
