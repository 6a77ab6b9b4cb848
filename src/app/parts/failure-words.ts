import type { Failure, FailureKind } from "../../core/failure.ts";

const verdicts = {
  "refused-input": "was refused",
  unreachable: "did not reach",
  unsupported: "is not possible in this browser",
  denied: "was not allowed",
  "timed-out": "took too long",
  "ended-early": "ended before it should",
} as const satisfies Record<FailureKind, string>;

/**
 * The headline of a failure. What was attempted gets its verdict ("reading the join code" was refused); what is a sentence
 * already, and so begins with a capital, stands as it is.
 */
export function failureTitle({ what, kind }: Failure): string {
  const first = what.charAt(0);
  if (first === first.toUpperCase()) return what;
  return `${first.toUpperCase()}${what.slice(1)}: ${verdicts[kind]}`;
}
