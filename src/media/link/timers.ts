/** Timers as an adapter, so that what waits can be tested without waiting. */
export type Timers = {
  /** Monotonic, ms, any zero. */
  readonly nowMs: () => number;
  /** Calls once after a while; the answer cancels it. */
  readonly after: (delayMs: number, call: () => void) => () => void;
};

/** The browser's (and Node's) own timers. */
export const realTimers: Timers = {
  nowMs: () => performance.now(),
  after: (delayMs, call) => {
    const id = setTimeout(call, delayMs);
    return () => clearTimeout(id);
  },
};
