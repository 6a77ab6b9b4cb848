import { availableParallelism } from "node:os";

import { fail, type Result } from "../../core/failure.ts";
import type { ScoreAnswer, ScoreRequest } from "../../core/quality/score-request.ts";
import { startThread } from "./threads.ts";

/** Threads that score side by side. Whoever made them closes them. */
export type ScoreThreads = {
  readonly count: number;
  /** Waits for a thread that is free. */
  readonly score: (request: ScoreRequest) => Promise<Result<ScoreAnswer>>;
  readonly close: () => Promise<void>;
};

function crashed(cause: string): Result<never> {
  return fail({
    kind: "ended-early",
    what: "Scoring pictures",
    where: "a thread of this command",
    next: "Try again with fewer --workers; memory may be short.",
    cause,
  });
}

/** What is needed of a thread; Node's `Worker` has it. */
export type ScoringThread = {
  readonly on: ((kind: "message", listener: (answer: Result<ScoreAnswer>) => void) => unknown) &
    ((kind: "error", listener: (error: Error) => void) => unknown) &
    ((kind: "exit", listener: () => void) => unknown);
  readonly postMessage: (request: ScoreRequest) => void;
  readonly terminate: () => Promise<unknown>;
};

/** A thread with at most one request in it. */
type Seat = {
  readonly ask: (request: ScoreRequest) => Promise<Result<ScoreAnswer>>;
  readonly isBroken: () => boolean;
  readonly end: () => Promise<unknown>;
};

function startSeat(start: () => ScoringThread): Seat {
  const thread = start();
  let settle: ((answer: Result<ScoreAnswer>) => void) | null = null;
  let brokenBy: string | null = null;
  thread.on("message", (answer: Result<ScoreAnswer>) => settle?.(answer));
  // A thread may also break before it is asked anything.
  const breakDown = (cause: string): void => {
    brokenBy ??= cause;
    settle?.(crashed(brokenBy));
  };
  thread.on("error", (error) => breakDown(error.message));
  thread.on("exit", () => breakDown("the thread ended without a word"));
  return {
    ask: async (request) => {
      if (brokenBy !== null) return crashed(brokenBy);
      return new Promise((resolve) => {
        settle = resolve;
        thread.postMessage(request);
      });
    },
    isBroken: () => brokenBy !== null,
    end: () => thread.terminate(),
  };
}

/** How many threads keep this machine busy. */
export function usualThreadCount(): number {
  return Math.min(16, availableParallelism());
}

/**
 * Starts `count` threads. One that breaks down is replaced by another, which is given the same request once more.
 * @param start starts a thread; the command's own when not given
 */
export function startScoreThreads(
  count: number,
  start: () => ScoringThread = () => startThread("score-thread", null),
): ScoreThreads {
  const seats = Array.from({ length: count }, () => startSeat(start));
  const free = [...seats];
  let isClosed = false;
  const waiting: ((seat: Seat) => void)[] = [];
  const take = async (): Promise<Seat> =>
    free.pop() ?? (await new Promise<Seat>((resolve) => waiting.push(resolve)));
  const giveBack = (seat: Seat): void => {
    const next = waiting.shift();
    if (next === undefined) free.push(seat);
    else next(seat);
  };
  const replace = (broken: Seat): Seat => {
    const seat = startSeat(start);
    seats[seats.indexOf(broken)] = seat;
    return seat;
  };
  return {
    count,
    score: async (request) => {
      let seat = await take();
      try {
        const answer = await seat.ask(request);
        if (answer.ok || isClosed || !seat.isBroken()) return answer;
        seat = replace(seat);
        return await seat.ask(request);
      } finally {
        giveBack(seat.isBroken() && !isClosed ? replace(seat) : seat);
      }
    },
    close: async () => {
      isClosed = true;
      await Promise.all(seats.map((seat) => seat.end()));
    },
  };
}
