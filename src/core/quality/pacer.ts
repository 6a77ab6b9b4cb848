import type { Steps } from "../steps.ts";

/** Does work step by step within a share of one core. */
export type Pacer = {
  /** Does all steps, one after the other, and rests between them. */
  readonly run: <Value>(steps: Steps<Value>) => Promise<Value>;
  /** Time since the pacer was made less that in which it rested, ms. */
  readonly workedMs: () => number;
};

/** What a pacer is made of. */
export type PacerParts = {
  readonly nowMs: () => number;
  /** Resolves so many ms later; null: it never rests. */
  readonly rest: ((restMs: number) => Promise<void>) | null;
  /** Over 0 to 1; 1 never rests. */
  readonly shareRatio: number;
};

/** A rest is no longer than this: what waits for the work waits for all of its rests, ms. */
const longestRestMs = 500;

/** Makes a pacer; a step that took c ms is followed by a rest of c / share - c. */
export function createPacer({ nowMs, rest, shareRatio }: PacerParts): Pacer {
  const beganMs = nowMs();
  let restedMs = 0;
  let stepBeganMs = beganMs;

  async function restFrom(tookMs: number): Promise<void> {
    if (rest === null || shareRatio >= 1) return;
    const fromMs = nowMs();
    await rest(Math.min(longestRestMs, tookMs / shareRatio - tookMs));
    stepBeganMs = nowMs();
    restedMs += stepBeganMs - fromMs;
  }

  return {
    run: async (steps) => {
      for (;;) {
        const step = steps.next();
        if (step.done === true) return step.value;
        await restFrom(nowMs() - stepBeganMs);
      }
    },
    workedMs: () => nowMs() - beganMs - restedMs,
  };
}
