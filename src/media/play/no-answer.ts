import type { Failure } from "../../core/failure.ts";
import type { TroubleKind } from "../../core/timeline/event.ts";
import { showSource } from "../../core/wire/source.ts";
import type { FetchAdapters } from "./bounded-fetch.ts";
import { diagnoseNoAnswer, noAnswerWords, type NoAnswer } from "./diagnose.ts";

/** A play whose requests may get no answer. */
export type Unanswered = {
  readonly url: URL;
  readonly hasPlayed: boolean;
  readonly end: (failure: Failure | null) => void;
  /** Why requests get no answer, while they get none. */
  noAnswer: { readonly why: string; readonly next: string } | null;
};

/** Why a trouble is: what was found out of a server that gives no answer, its own words of every other. */
export function whyOf(
  { noAnswer }: Pick<Unanswered, "noAnswer">,
  trouble: TroubleKind,
  otherwise: string,
): string {
  return trouble === "unreachable" ? (noAnswer?.why ?? otherwise) : otherwise;
}

/** What is found out, and by what. */
export type Question = {
  /** What is attempted, for the failure. */
  readonly what: string;
  /** The address that gave no answer. */
  readonly target: string;
  readonly fetch: FetchAdapters["fetch"];
  readonly signal: AbortSignal;
  /** Called when it has been found out. */
  readonly tell: () => void;
};

/**
 * Finds out why there was no answer, once for each stretch without one. Waiting does not change what a server does not allow: a
 * stream that never played is given up for it. Never rejects.
 */
export async function findOut(playing: Unanswered, question: Question): Promise<void> {
  const { what, target, fetch, signal, tell } = question;
  if (playing.noAnswer !== null) return;
  playing.noAnswer = noAnswerWords.unreachable;
  try {
    const found = await diagnoseNoAnswer(fetch, target, signal);
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
