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

/** A thread with at most one request in it. */
type Seat = {
  readonly ask: (request: ScoreRequest) => Promise<Result<ScoreAnswer>>;
  readonly end: () => Promise<unknown>;
};

function startSeat(): Seat {
  const thread = startThread("score-thread", null);
  let settle: ((answer: Result<ScoreAnswer>) => void) | null = null;
  let brokenBy: string | null = null;
  thread.on("message", (answer: Result<ScoreAnswer>) => settle?.(answer));
  // A thread may also break before it is asked anything.
  thread.on("error", (error) => {
    brokenBy = error.message;
    settle?.(crashed(brokenBy));
  });
  return {
    ask: async (request) => {
      if (brokenBy !== null) return crashed(brokenBy);
      return new Promise((resolve) => {
        settle = resolve;
        thread.postMessage(request);
      });
    },
    end: () => thread.terminate(),
  };
}

/** How many threads keep this machine busy. */
export function usualThreadCount(): number {
  return Math.min(16, availableParallelism());
}

/** Starts `count` threads. */
export function startScoreThreads(count: number): ScoreThreads {
  const seats = Array.from({ length: count }, startSeat);
  const free = [...seats];
  const waiting: ((seat: Seat) => void)[] = [];
  const take = async (): Promise<Seat> =>
    free.pop() ?? (await new Promise<Seat>((resolve) => waiting.push(resolve)));
  const giveBack = (seat: Seat): void => {
    const next = waiting.shift();
    if (next === undefined) free.push(seat);
    else next(seat);
  };
  return {
    count,
    score: async (request) => {
      const seat = await take();
      try {
        return await seat.ask(request);
      } finally {
        giveBack(seat);
      }
    },
    close: async () => {
      await Promise.all(seats.map((seat) => seat.end()));
    },
  };
}
