import { createOffsetEstimator, nextPingDelayMs, type OffsetEstimator } from "../../core/clock/estimator.ts";
import { sampleOf, usualResolutionMs } from "../../core/clock/exchange.ts";
import type { ClockOffset } from "../../core/clock/offset.ts";
import type { Timers } from "./timers.ts";

/** Questions whose answers are still waited for; older ones are forgotten. */
const maxOpenCount = 32;

/** Wait while there is no road to ask over, ms. */
const noRoadDelayMs = 500;

/** Options of a clock exchange with one other clock. */
export type ClockExchangeOptions = {
  /** Our anchored clock, epoch us. */
  readonly nowUs: () => number;
  /** Step of our clock, us (`clockStepUs`). */
  readonly stepUs: number;
  readonly timers: Timers;
  /** Sends one question with our clock; false when it cannot go now. */
  readonly ask: (t1Us: number) => boolean;
  /** Ours minus theirs, each time an answer has come. */
  readonly onOffset: (offset: ClockOffset) => void;
};

/** What the other side answered: our `t1Us` again, received at `t2Us` and answered at `t3Us` on its clock. */
export type ClockAnswer = {
  readonly t1Us: number;
  readonly t2Us: number;
  readonly t3Us: number;
  /** Step of the other clock, us; absent where it is finer than ours can be, as a server's is. */
  readonly stepUs?: number;
};

/** Keeps asking another clock for its time. Whoever made it closes it. */
export type ClockExchanger = {
  /** Call at once when the answer arrives. False when nobody asked. */
  readonly answer: (answer: ClockAnswer) => boolean;
  /** Asks at once and quickly for a while, as at the start: after the road was renewed. */
  readonly hurry: () => void;
  readonly read: () => ClockOffset | null;
  readonly close: () => void;
};

/** Begins to ask at once. */
export function createClockExchange(options: ClockExchangeOptions): ClockExchanger {
  const { nowUs, timers, onOffset } = options;
  const estimator: OffsetEstimator = createOffsetEstimator();
  let open: readonly number[] = [];
  let askedCount = 0;
  let cancel: (() => void) | null = null;
  const ask = (): void => {
    const t1Us = nowUs();
    const asked = options.ask(t1Us);
    if (asked) {
      open = [...open, t1Us].slice(-maxOpenCount);
      askedCount += 1;
    }
    cancel = timers.after(asked ? nextPingDelayMs(askedCount) : noRoadDelayMs, ask);
  };
  ask();
  return {
    answer: ({ t1Us, t2Us, t3Us, stepUs = 0 }) => {
      const t4Us = nowUs();
      if (!open.includes(t1Us)) return false;
      open = open.filter((other) => other !== t1Us);
      const sample = sampleOf(
        { t1Us, t2Us, t3Us, t4Us },
        Math.max(usualResolutionMs, options.stepUs / 1000, stepUs / 1000),
      );
      if (sample === null) return true;
      estimator.add(sample);
      const offset = estimator.read(t4Us);
      if (offset !== null) onOffset(offset);
      return true;
    },
    hurry: () => {
      cancel?.();
      askedCount = 0;
      ask();
    },
    read: () => estimator.read(nowUs()),
    close: () => cancel?.(),
  };
}
