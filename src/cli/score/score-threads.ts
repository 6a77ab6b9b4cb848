import { availableParallelism } from "node:os";
import type { Worker } from "node:worker_threads";

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

function ask(thread: Worker, request: ScoreRequest): Promise<Result<ScoreAnswer>> {
  return new Promise((resolve) => {
    const onAnswer = (answer: Result<ScoreAnswer>): void => {
      thread.off("error", onError);
      resolve(answer);
    };
    const onError = (error: Error): void => {
      thread.off("message", onAnswer);
      resolve(crashed(error.message));
    };
    thread.once("message", onAnswer);
    thread.once("error", onError);
    thread.postMessage(request);
  });
}

/** How many threads keep this machine busy. */
export function usualThreadCount(): number {
  return Math.min(16, availableParallelism());
}

/** Starts `count` threads. */
export function startScoreThreads(count: number): ScoreThreads {
  const threads = Array.from({ length: count }, () => startThread("score-thread", null));
  const free = [...threads];
  const waiting: ((thread: Worker) => void)[] = [];
  const take = async (): Promise<Worker> =>
    free.pop() ?? (await new Promise<Worker>((resolve) => waiting.push(resolve)));
  const giveBack = (thread: Worker): void => {
    const next = waiting.shift();
    if (next === undefined) free.push(thread);
    else next(thread);
  };
  return {
    count,
    score: async (request) => {
      const thread = await take();
      try {
        return await ask(thread, request);
      } finally {
        giveBack(thread);
      }
    },
    close: async () => {
      await Promise.all(threads.map((thread) => thread.terminate()));
    },
  };
}
