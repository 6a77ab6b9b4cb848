import type { Failure } from "../../core/failure.ts";
import { showSource } from "../../core/wire/source.ts";
import { diagnoseNoAnswer, noAnswerWords, type NoAnswer } from "./diagnose.ts";

/** A play whose requests may get no answer. */
export type Unanswered = {
  readonly url: URL;
  readonly hasPlayed: boolean;
  readonly end: (failure: Failure | null) => void;
  /** Why requests get no answer, while they get none. */
  noAnswer: { readonly why: string; readonly next: string } | null;
};

/**
 * Finds out why there was no answer, once for each stretch without one. Waiting does not change what a server does not allow: a
 * stream that never played is given up for it. Never rejects.
 * @param what is attempted, for the failure
 * @param tell called when it has been found out
 */
export async function findOut(
  playing: Unanswered,
  what: string,
  target: string,
  signal: AbortSignal,
  tell: () => void,
): Promise<void> {
  if (playing.noAnswer !== null) return;
  playing.noAnswer = noAnswerWords.unreachable;
  try {
    const found = await diagnoseNoAnswer((url, init) => fetch(url, init), target, signal);
    playing.noAnswer = noAnswerWords[found];
    if (found !== "unreachable" && !playing.hasPlayed) playing.end(refusedBy(found, what, playing.url));
    tell();
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

/** The failure of a server that answers, but not this page. */
export function refusedBy(found: NoAnswer, what: string, url: URL): Failure {
  const { next, why } = noAnswerWords[found];
  return {
    kind: found === "cors" ? "denied" : "unreachable",
    what,
    where: showSource(url.href),
    next,
    cause: why,
  };
}
