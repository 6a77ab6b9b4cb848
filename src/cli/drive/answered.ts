import type { Failure } from "../../core/failure.ts";

/** Thrown when a browser or a page does not answer in time or at all: the run it belongs to has failed. */
export type PageTrouble = { readonly failure: Failure };

/** How long a browser or a page may take to answer a question that needs no waiting, ms. */
export const answerWithinMs = 10_000;

function hung(where: string): Failure {
  return {
    kind: "timed-out",
    what: "Measuring",
    where: `${where} does not answer`,
    next: "The run is tried again as the plan says. If it goes on, look at the machine's load.",
  };
}

/** Waits for an answer; one that does not come in time rejects with `PageTrouble`. @param where who is asked, in the user's words */
export async function answered<Answer>(
  asked: Promise<Answer>,
  limitMs: number,
  where: string,
): Promise<Answer> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const trouble: PageTrouble = { failure: hung(where) };
    // oxlint-disable-next-line prefer-promise-reject-errors -- a failure is plain data
    timer = setTimeout(() => reject(trouble), limitMs);
  });
  // Its failure after the limit is of no more interest.
  asked.catch(() => undefined);
  try {
    return await Promise.race([asked, late]);
  } finally {
    clearTimeout(timer);
  }
}
