import type { LoggedObservation } from "./observation-row.ts";

/** What stands before the first observation of a JSON export. */
export const jsonHead = '{"format":"streamgauge-observations","version":1,"observations":[\n';

/** What stands between the items of two calls. */
export const jsonSeparator = ",\n";

/** What stands after the last. */
export const jsonTail = "\n]}\n";

/**
 * Observations as items of the export's list: index, the observation's own fields, `latencyMs` as a figure with its bound or
 * the reason why there is none. One item a line.
 * @param firstIndex index of the first of them since the last reset
 */
export function toJsonItems(logged: readonly LoggedObservation[], firstIndex: number): string {
  return logged
    .map(({ observation, latencyMs }, offset) =>
      JSON.stringify({ index: firstIndex + offset, ...observation, latencyMs }),
    )
    .join(jsonSeparator);
}
