import { fail, type Result } from "../../core/failure.ts";
import type { ScoreAnswer, ScoreRequest } from "../../core/quality/score-request.ts";
import { createCaller, type CallOptions, type Caller, type JobWorker } from "../workers/call.ts";
import type { ScoreJobs } from "./score.protocol.ts";

/** Workers that score frames side by side. Whoever made the pool closes it. */
export type ScorePool = {
  readonly workerCount: number;
  /**
   * Scores successive frames in the worker that has least to do. Nothing is transferred unless `options` says so: then a worker that
   * crashes is not tried again, else once. An abort takes the worker with it; the next call starts another.
   */
  readonly score: (request: ScoreRequest, options?: CallOptions) => Promise<Result<ScoreAnswer>>;
  readonly close: () => void;
};

/** What a pool is made of. */
export type ScorePoolOptions = {
  /** At least 1. */
  readonly workerCount: number;
  /** Starts a worker; the page's own when not given. */
  readonly start?: () => JobWorker;
};

type Seat = { readonly caller: Caller<ScoreJobs>; waitingCount: number };

function startWorker(): JobWorker {
  return new Worker(new URL("./score.worker.ts", import.meta.url), { type: "module" });
}

/** How many workers a page may keep busy: one for each core, and no more than eight, for each holds whole pictures. */
export function usualWorkerCount(): number {
  return Math.min(8, Math.max(1, navigator.hardwareConcurrency));
}

/** Makes a pool; each worker starts with the first frames it is given. */
export function createScorePool({ workerCount, start = startWorker }: ScorePoolOptions): ScorePool {
  const seats: readonly Seat[] = Array.from({ length: workerCount }, () => ({
    caller: createCaller<ScoreJobs>({ start, what: "scoring pictures" }),
    waitingCount: 0,
  }));

  async function callLeastBusy(request: ScoreRequest, options: CallOptions): Promise<Result<ScoreAnswer>> {
    const [first, ...others] = seats;
    if (first === undefined) throw new Error("a pool without workers");
    const seat = others.reduce((best, each) => (each.waitingCount < best.waitingCount ? each : best), first);
    seat.waitingCount += 1;
    try {
      return await seat.caller.call("score", request, options);
    } finally {
      seat.waitingCount -= 1;
    }
  }

  let isClosed = false;
  return {
    workerCount,
    score: async (request, options = {}) => {
      const result = await callLeastBusy(request, options);
      const mayRetry = !isClosed && (options.transfer ?? []).length === 0;
      if (result.ok || result.failure.kind !== "ended-early" || !mayRetry) return result;
      const again = await callLeastBusy(request, options);
      return again.ok ? again : fail(again.failure);
    },
    close: () => {
      isClosed = true;
      for (const { caller } of seats) caller.close();
    },
  };
}
