import { measured, missing } from "../../core/measured.ts";
import type { Measure } from "../../core/runs/run.ts";
import type { Row } from "./database.ts";

/** A measure from a row with `key`, `unit`, `value`, `bound` and `why`. */
export function toMeasure(row: Row): Measure {
  const { key, unit, value, bound, why } = row;
  return {
    key: String(key),
    unit: String(unit),
    figure: value === null ? missing(String(why)) : measured(Number(value), Number(bound)),
  };
}
