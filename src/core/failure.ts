/** What sort of failure a user met; status codes, exit codes and wording are tables over this union. */
export type FailureKind =
  | "refused-input"
  | "unreachable"
  | "unsupported"
  | "denied"
  | "timed-out"
  | "ended-early";

/** An expected failure as plain data, so that it crosses workers, sockets and disk unchanged. Bugs throw instead. */
export type Failure = {
  readonly kind: FailureKind;
  /** What was being attempted, in the user's words. */
  readonly what: string;
  /** URL, device, file or field, secrets removed. */
  readonly where: string;
  /** What the user can do next. */
  readonly next: string;
  /** The machine's own words, for the log; absent when there are none. */
  readonly cause?: string;
};

/** Either a value or an expected failure. */
export type Result<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly failure: Failure };

/** Wraps a value as a success. */
export function succeed<Value>(value: Value): Result<Value> {
  return { ok: true, value };
}

/** Wraps a failure as a result of any value type. */
export function fail(failure: Failure): { readonly ok: false; readonly failure: Failure } {
  return { ok: false, failure };
}

/** Turns any thrown thing into words that are never empty (some browsers leave `message` blank). */
export function reason(thrown: unknown): string {
  if (thrown instanceof Error) return thrown.message === "" ? thrown.name : thrown.message;
  if (typeof thrown === "string" && thrown !== "") return thrown;
  return "an unnamed error";
}

/** Ends a switch over a union: compiles only when every case is handled. Throws if reached. */
export function unreachable(value: never): never {
  throw new Error(`unreachable case: ${JSON.stringify(value)}`);
}
