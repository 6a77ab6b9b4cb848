import type { Failure, FailureKind } from "../../core/failure.ts";

const verdicts = {
  "refused-input": "was refused",
  unreachable: "did not reach",
  unsupported: "is not possible in this browser",
  denied: "was not allowed",
  "timed-out": "took too long",
  "ended-early": "ended before it should",
} as const satisfies Record<FailureKind, string>;

/** The headline of a failure: "Reading the join code was refused". */
export function failureTitle(failure: Failure): string {
  return `${failure.what.charAt(0).toUpperCase()}${failure.what.slice(1)}: ${verdicts[failure.kind]}`;
}
