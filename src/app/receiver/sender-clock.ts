import type { ClockOffset } from "../../core/clock/offset.ts";
import type { Failure } from "../../core/failure.ts";
import type { Observation } from "../../core/timeline/observation.ts";
import type { Timeline } from "../../core/timeline/timeline.ts";
import type { StreamFacts } from "../../core/wire/signalling.ts";
import type { PlayTarget } from "../../media/play/way.ts";

/** Follows facts and clock of a run by way of the page's server, until the answer is called. */
export type FollowRun = (
  runNumber: number,
  handlers: {
    readonly onFacts: (facts: StreamFacts) => void;
    readonly onOffset: (offset: ClockOffset) => void;
    readonly onMissing: (failure: Failure) => void;
  },
) => () => void;

/** The clock of whoever drew the markers, on roads without a data channel to them. */
export type SenderClock = {
  readonly see: (observation: Observation) => void;
  /** Why there is none; null while there is one, or it is not known yet that there is none. */
  readonly words: () => string | null;
  readonly close: () => void;
};

/** Frames of another run in a row before its sender is looked for: a stray marker is no other run. */
const surelyAnotherCount = 5;

/**
 * Looks for the sender of the run that is read, and gives its clock to the timeline. A room needs none: its data channel does it.
 */
export function followSender(
  { followRun }: { readonly followRun: FollowRun },
  timeline: Pick<Timeline, "setOffset">,
  target: PlayTarget,
): SenderClock {
  let runNumber: number | null = null;
  let others = 0;
  let words: string | null = null;
  let unfollow: (() => void) | null = null;
  const follow = (next: number): void => {
    unfollow?.();
    if (runNumber !== null) timeline.setOffset("none", null);
    runNumber = next;
    others = 0;
    words = null;
    unfollow = followRun(next, {
      onFacts: (facts) => {
        words = facts.clock === null ? "the sender has not compared its clock with this server's yet" : null;
      },
      onOffset: (offset) => {
        words = null;
        timeline.setOffset("server", offset);
      },
      onMissing: () => {
        words = "clock unknown: the sender is not known to this server";
      },
    });
  };
  return {
    see: ({ reading }) => {
      if (target.kind === "join" || !reading.read) return;
      const { runNumber: seen } = reading.marker;
      others = seen === runNumber ? 0 : others + 1;
      if (runNumber === null || others >= surelyAnotherCount) follow(seen);
    },
    words: () => words,
    close: () => unfollow?.(),
  };
}
