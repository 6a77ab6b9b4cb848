/** What of a frame matters to whether it may pass. */
export type ValveFrame = { readonly isKey: boolean };

/** Lets frames through while the line takes them, and leaves out whole groups where it does not. */
export type Valve = {
  /** Whether this frame goes out. @param waitingBytes what has not left the page yet */
  readonly lets: (frame: ValveFrame, waitingBytes: number) => boolean;
  /** A new line: it begins with a key frame. */
  readonly reset: () => void;
  /** Frames left out since the start for want of bandwidth. */
  readonly leftOutCount: () => number;
  readonly isShut: () => boolean;
};

/**
 * Makes a valve that shuts at `maxWaitingBytes` and opens at a key frame once half of that has gone: a decoder can do nothing
 * with what follows a frame that is missing.
 */
export function createValve(maxWaitingBytes: number): Valve {
  let state: "fresh" | "open" | "shut" | "settling" = "fresh";
  let leftOutCount = 0;
  return {
    lets: ({ isKey }, waitingBytes) => {
      if (waitingBytes > maxWaitingBytes) state = "shut";
      else if (state === "shut" && waitingBytes <= maxWaitingBytes / 2) state = "settling";
      if (isKey && state !== "shut") state = "open";
      // What came before a line's first key frame was meant for the line before.
      if (state === "shut" || state === "settling") leftOutCount += 1;
      return state === "open";
    },
    reset: () => {
      state = "fresh";
    },
    leftOutCount: () => leftOutCount,
    isShut: () => state === "shut" || state === "settling",
  };
}
