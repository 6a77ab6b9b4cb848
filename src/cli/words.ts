import type { Failure, FailureKind } from "../core/failure.ts";

/** Exit codes by failure: 2 is for what was typed, 1 for what went wrong. */
export const exitCodes: Readonly<Record<FailureKind, number>> = {
  "refused-input": 2,
  unreachable: 1,
  unsupported: 1,
  denied: 1,
  "timed-out": 1,
  "ended-early": 1,
};

/** A failure as a terminal shows it. */
export function tellFailure({ what, where, next, cause }: Failure): string {
  const why = cause === undefined ? "" : ` (${cause})`;
  const doing = `${what.charAt(0).toUpperCase()}${what.slice(1)}`;
  return `${doing} failed: ${where}${why}\n  ${next}`;
}
