import type { Measured } from "../../src/core/measured.ts";

/** What was measured; null where it is not known. */
export function valueOf(figure: Measured): number | null {
  return figure.known ? figure.value : null;
}
