/** The server's sense of time and its only timer, handed in so that tests can hold both. */
export type ServerClock = {
  /** Monotonic milliseconds; the zero means nothing. */
  readonly nowMs: () => number;
  /** Integer microseconds since the Unix epoch on the server's anchored monotonic clock: what clock exchanges compare with. */
  readonly epochUs: () => number;
  /** Calls `task` again and again until the returned function is called. */
  readonly every: (periodMs: number, task: () => void) => () => void;
};

/** This machine's clock. It does not follow corrections of the wall clock after the process began, so offsets to it do not jump. */
export const systemClock: ServerClock = {
  nowMs: () => performance.now(),
  epochUs: () => Math.round((performance.timeOrigin + performance.now()) * 1000),
  every: (periodMs, task) => {
    const timer = setInterval(task, periodMs);
    timer.unref();
    return () => clearInterval(timer);
  },
};
