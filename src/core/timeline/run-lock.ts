import type { ReceiverUs } from "../clock/instants.ts";
import type { StreamEvent } from "./event.ts";

/** What a marker's run means for the measures. */
export type RunVerdict = {
  /** Whether the frame belongs to the measured run. */
  readonly isMeasured: boolean;
  /** Whether the measured run changed with this frame. */
  readonly hasChanged: boolean;
  readonly event: StreamEvent | null;
};

/** Decides which run is measured. */
export type RunLock = {
  /** The sender's facts name this run; null: nothing is told. */
  readonly expect: (runNumber: number | null) => void;
  readonly add: (runNumber: number, atUs: ReceiverUs) => RunVerdict;
  readonly runNumber: () => number | null;
  /** Whether a run is or once was the measured one (of the last thousand). */
  readonly wasMeasured: (runNumber: number) => boolean;
};

/** Markers of one other run, without any of the measured run between, after which that run is measured. */
export const switchAfterCount = 5;
/** Markers of another run closer together than this are one burst and give one event. */
const burstGapMs = 1000;
const maxRunCount = 1000;

const same: RunVerdict = { isMeasured: true, hasChanged: false, event: null };

/**
 * Makes a run lock. It locks on the run that facts name, else on the first seen; a marker of the named run switches
 * at once, any other run only after five markers in a row, so that one stray marker (another page in a camera's
 * view) spoils nothing while a sender that began again is followed.
 */
export function createRunLock(): RunLock {
  const runs = new Set<number>();
  let locked: number | null = null;
  let expected: number | null = null;
  let other: { readonly runNumber: number; readonly lastUs: ReceiverUs } | null = null;
  let inRowCount = 0;

  function lockOn(runNumber: number, atUs: ReceiverUs): RunVerdict {
    const previousRunNumber = locked;
    locked = runNumber;
    runs.add(runNumber);
    const oldest = runs.size > maxRunCount ? runs.values().next().value : undefined;
    if (oldest !== undefined) runs.delete(oldest);
    other = null;
    inRowCount = 0;
    return { isMeasured: true, hasChanged: true, event: { kind: "run", atUs, runNumber, previousRunNumber } };
  }

  function refuse(runNumber: number, atUs: ReceiverUs): RunVerdict {
    const isSameBurst =
      other !== null && other.runNumber === runNumber && atUs - other.lastUs < burstGapMs * 1000;
    inRowCount = other?.runNumber === runNumber ? inRowCount + 1 : 1;
    other = { runNumber, lastUs: atUs };
    if (inRowCount >= switchAfterCount) {
      expected = null;
      return lockOn(runNumber, atUs);
    }
    const event: StreamEvent | null = isSameBurst ? null : { kind: "other-run", atUs, runNumber };
    return { isMeasured: false, hasChanged: false, event };
  }

  return {
    expect: (runNumber) => {
      expected = runNumber;
    },
    add: (runNumber, atUs) => {
      if (runNumber === locked) {
        inRowCount = 0;
        return same;
      }
      const isWanted = expected === null ? locked === null : runNumber === expected;
      return isWanted ? lockOn(runNumber, atUs) : refuse(runNumber, atUs);
    },
    runNumber: () => locked,
    wasMeasured: (runNumber) => runs.has(runNumber),
  };
}
