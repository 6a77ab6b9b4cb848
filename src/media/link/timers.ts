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

/** Waits; abort rejects with the signal's reason. */
export function waitFor(timers: Timers, delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => {
      cancel();
      reject(signal.reason as Error);
    };
    const cancel = timers.after(delayMs, () => {
      signal.removeEventListener("abort", onAbort);
      resolve();
    });
    signal.addEventListener("abort", onAbort, { once: true });
  });
}
