import { expect, it } from "vitest";

import { succeed } from "../../core/failure.ts";
import type { ScoreRequest } from "../../core/quality/score-request.ts";
import { startFakeWorker, type FakeWorker } from "../workers/worker.fake.ts";
import { createScorePool } from "./pool.ts";
import type { ScoreJobs } from "./score.protocol.ts";

function requestOf(frameCount: number): ScoreRequest {
  return {
    references: { kind: "pictures", before: null, frames: [], after: null },
    received: Array.from({ length: frameCount }, () => null),
    withMsSsim: false,
  };
}

it("frames that a worker crashed over are scored again in another worker", async () => {
  const workers: FakeWorker[] = [];
  const start = (): FakeWorker => {
    const worker = startFakeWorker<ScoreJobs>({
      score: async ({ received }) => ({
        result: succeed({ frames: received.map(() => null), scaledBy: null, tookMs: 0, kernels: "simd" }),
      }),
    });
    workers.push(worker);
    return worker;
  };
  const pool = createScorePool({ workerCount: 2, start });
  const answers = [pool.score(requestOf(3)), pool.score(requestOf(4))];
  await new Promise((resolve) => setImmediate(resolve));
  workers[0]?.crash("out of memory");
  const counts = (await Promise.all(answers)).map((answer) => (answer.ok ? answer.value.frames.length : 0));
  expect(counts).toEqual([3, 4]);
  expect(workers).toHaveLength(3);
  pool.close();
});
