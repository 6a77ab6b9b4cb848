import { reason, type Failure } from "../../core/failure.ts";

/** Codes of errors that pass when the database is back: classes 08, 53, 57 and 58 of PostgreSQL's, and the network's own. */
const awayCodes =
  /^(?:08|57P|58|53[0-3]|XX000|ECONN|EPIPE|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOENT|EACCES)/;
const awayWords =
  /connection terminated|timeout exceeded|timed out|not queryable|closed|terminating connection/i;
const fullWords = /no space left|disk full|ENOSPC|disk quota/i;

function codeOf(error: unknown): string {
  const { code } = (typeof error === "object" && error !== null ? error : {}) as { readonly code?: unknown };
  return typeof code === "string" ? code : "";
}

/** Whether an error says that there is no room left on a disk. */
export function isDiskFull(error: unknown): boolean {
  return ["ENOSPC", "EDQUOT", "53100"].includes(codeOf(error)) || fullWords.test(reason(error));
}

/**
 * Puts what a database threw into words. Null for what no waiting mends: a bug, which the caller throws on.
 * @param where the database, for people
 */
export function failureOfDatabase(error: unknown, where: string): Failure | null {
  const what = "Using the database of runs";
  const cause = reason(error);
  if (isDiskFull(error)) {
    return { kind: "denied", what, where, cause, next: "The disk is full: free some space, then try again." };
  }
  if (awayCodes.test(codeOf(error)) || awayWords.test(cause)) {
    return {
      kind: "unreachable",
      what,
      where,
      cause,
      next: "The database does not answer. What is measured meanwhile is kept on this disk and stored when it is back.",
    };
  }
  return null;
}
