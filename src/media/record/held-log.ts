import type { Measured } from "../../core/measured.ts";
import type { Observation } from "../../core/timeline/observation.ts";

/** An observation waits at most this long for its latency: what is measured has to be on disk within 2 s. */
const longestHoldUs = 1_500_000;

/** Hands observations on in order, each with its latency. */
export type HeldLog = {
  readonly add: (observation: Observation) => void;
  /** Hands on all that is held, its latency known or not. */
  readonly flush: () => void;
  /** Forgets what is held. */
  readonly clear: () => void;
};

/**
 * Holds the first observations back until the clocks are compared, so that their latency is written down as well.
 * @param latencyOf latency as known now; unknown before the first clock exchange
 * @param append takes each observation, in the order they came
 */
export function createHeldLog(
  latencyOf: (observation: Observation) => Measured,
  append: (observation: Observation, latency: Measured) => void,
): HeldLog {
  let held: Observation[] = [];
  const handOn = (mustGo: (observation: Observation) => boolean): void => {
    let goneCount = 0;
    for (const observation of held) {
      const latency = latencyOf(observation);
      if (!latency.known && !mustGo(observation)) break;
      append(observation, latency);
      goneCount += 1;
    }
    held = goneCount === held.length ? [] : held.slice(goneCount);
  };
  return {
    add: (observation) => {
      held.push(observation);
      handOn(
        (older) => !older.reading.read || observation.displayTimeUs - older.displayTimeUs > longestHoldUs,
      );
    },
    flush: () => handOn(() => true),
    clear: () => {
      held = [];
    },
  };
}
