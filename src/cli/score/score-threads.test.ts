import { EventEmitter } from "node:events";

import { afterEach, expect, it } from "vitest";

import { succeed } from "../../core/failure.ts";
import type { ScoreRequest } from "../../core/quality/score-request.ts";
import { startScoreThreads, type ScoreThreads, type ScoringThread } from "./score-threads.ts";

const request: ScoreRequest = {
  references: { kind: "pictures", before: null, frames: [], after: null },
  received: [null, null],
  withMsSsim: false,
};

let threads: ScoreThreads | null = null;

/** Starts one thread; the first `brokenCount` of those that come to be started break down over what they are given. */
function start(brokenCount: number): { readonly threads: ScoreThreads; readonly startedCount: () => number } {
  let startedCount = 0;
  const startOne = (): ScoringThread => {
    startedCount += 1;
    const isBroken = startedCount <= brokenCount;
    const thread = new EventEmitter();
    const answer = ({ received }: ScoreRequest): void => {
      if (isBroken) thread.emit("error", new Error("out of memory"));
      if (isBroken) thread.emit("exit");
      const frames = received.map(() => null);
      thread.emit("message", succeed({ frames, scaledBy: null, tookMs: 0, kernels: "simd" }));
    };
    return Object.assign(thread, {
      postMessage: (asked: ScoreRequest) => void setImmediate(answer, asked),
      terminate: async () => thread.emit("exit"),
    });
  };
  threads = startScoreThreads(1, startOne);
  return { threads, startedCount: () => startedCount };
}

afterEach(() => threads?.close());

it("a thread that breaks down is replaced, and its frames are scored", async () => {
  const run = start(1);
  const answers = await Promise.all([run.threads.score(request), run.threads.score(request)]);
  expect(answers).toMatchObject([{ ok: true }, { ok: true }]);
  expect(run.startedCount()).toBe(2);
});

it("frames that break two threads fail, and those after them are scored", async () => {
  const run = start(2);
  expect(await run.threads.score(request)).toMatchObject({ failure: { cause: "out of memory" } });
  expect(await run.threads.score(request)).toMatchObject({ ok: true });
});

it("threads that are closed are not replaced", async () => {
  const run = start(0);
  const answer = run.threads.score(request);
  await new Promise((resolve) => process.nextTick(resolve));
  await run.threads.close();
  expect(await answer).toMatchObject({ failure: { kind: "ended-early" } });
  expect(run.startedCount()).toBe(1);
});
