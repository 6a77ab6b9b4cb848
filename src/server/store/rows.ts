import { measured, missing } from "../../core/measured.ts";
import type { Measure } from "../../core/runs/run.ts";
import type { Row } from "./database.ts";

/** What a run's matrix sets, as `key=value` with blanks between; empty without a matrix. */
export const settingsSql: string = `coalesce((select string_agg((setting->>'key') || '=' || (setting->>'value'), ' ' order by place)
  from jsonb_array_elements(run.head->'settings') with ordinality as settings (setting, place)), '')`;

/** Name of a run's network conditions. */
export const networkSql: string = "(run.head->'conditions'->'asked'->>'name')";

/** A measure from a row with `key`, `unit`, `value`, `bound` and `why`. */
export function toMeasure(row: Row): Measure {
  const { key, unit, value, bound, why } = row;
  return {
    key: String(key),
    unit: String(unit),
    figure: value === null ? missing(String(why)) : measured(Number(value), Number(bound)),
  };
}
