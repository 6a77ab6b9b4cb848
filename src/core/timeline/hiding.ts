import type { ReceiverUs } from "../clock/instants.ts";
import type { StreamEvent } from "./event.ts";

/** The stretches in which the page was hidden. */
export type Hiding = {
  /** Takes in that the page is hidden, or is seen again. Gives the events of a change; null where there is none. */
  readonly set: (isHidden: boolean, atUs: ReceiverUs) => readonly StreamEvent[] | null;
  /** The last instant at which the page was seen. */
  readonly seenUntilUs: (nowUs: ReceiverUs) => ReceiverUs;
  /** Time hidden since the last reset, the stretch going on included, ms. */
  readonly hiddenMs: (nowUs: ReceiverUs) => number;
  /** Counts from now on; a stretch that goes on goes on. */
  readonly reset: (nowUs: ReceiverUs) => void;
};

/** Begins with a page that is seen. */
export function createHiding(): Hiding {
  let sinceUs: ReceiverUs | null = null;
  let overMs = 0;
  return {
    set: (isHidden, atUs) => {
      const beganUs = sinceUs;
      if (isHidden === (beganUs !== null)) return null;
      sinceUs = isHidden ? atUs : null;
      if (beganUs === null) return [];
      const durationMs = (atUs - beganUs) / 1000;
      overMs += durationMs;
      return [{ kind: "hidden", atUs: beganUs, durationMs }];
    },
    seenUntilUs: (nowUs) => sinceUs ?? nowUs,
    hiddenMs: (nowUs) => overMs + (sinceUs === null ? 0 : (nowUs - sinceUs) / 1000),
    reset: (nowUs) => {
      overMs = 0;
      if (sinceUs !== null) sinceUs = nowUs;
    },
  };
}
