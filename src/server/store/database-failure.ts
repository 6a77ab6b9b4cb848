import { reason, type Failure, type FailureKind } from "../../core/failure.ts";

/**
 * Codes (SQLSTATE, PostgreSQL's appendix A) of errors that are the data's own fault, and stay so however often it is tried:
 * 22 data exception, 23 integrity constraint violation, 54 program limit exceeded.
 */
const dataCodes = /^(?:22|23|54)[\dA-Z]{3}$/;
/** Codes of errors that pass when the database is back: classes 08, 53, 57 and 58 of PostgreSQL's, and the network's own. */
const awayCodes =
  /^(?:08|57P|58|53[0-3]|XX000|ECONN|EPIPE|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOENT|EACCES)/;
/** Codes of a statement that was given up: by our own time limit, by a deadlock, or because another one was first. */
const busyCodes = /^(?:57014|40|55P03|55006)/;
/** Codes of a database that would not have this user, or takes no changes (a standby). */
const refusedCodes = /^(?:28|42501|25006|3D000)/;
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

/** Whether an error says that what was to be stored is itself at fault, so that trying again is of no use. */
export function isDataFault(error: unknown): boolean {
  return dataCodes.test(codeOf(error));
}

/** An error about data that is at fault before any database has seen it, as a database would tell it. */
export function dataFault(error: unknown): Error {
  return Object.assign(new Error(reason(error), { cause: error }), { code: "22000" });
}

const meanwhile = "What is measured meanwhile is kept on this disk and stored when it";

function wordsOf(error: unknown): { readonly kind: FailureKind; readonly next: string } | null {
  if (isDiskFull(error))
    return { kind: "denied", next: "The disk is full: free some space, then try again." };
  const code = codeOf(error);
  if (refusedCodes.test(code))
    return {
      kind: "denied",
      next: `The database refuses: give its user the right to read and change its tables. ${meanwhile} does not.`,
    };
  if (busyCodes.test(code))
    return { kind: "timed-out", next: `The database is too busy. ${meanwhile} is not.` };
  if (awayCodes.test(code) || awayWords.test(reason(error)))
    return { kind: "unreachable", next: `The database does not answer. ${meanwhile} is back.` };
  return null;
}

/**
 * Puts what a database threw into words. Null for what is no matter of the database: data at fault, or a bug.
 * @param where the database, for people
 */
export function failureOfDatabase(error: unknown, where: string): Failure | null {
  const words = isDataFault(error) ? null : wordsOf(error);
  return words === null
    ? null
    : { what: "Using the database of runs", where, cause: reason(error), ...words };
}
