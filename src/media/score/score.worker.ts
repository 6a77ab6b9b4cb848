import { createFramesScorer } from "../../core/quality/score-frames.ts";
import { serve } from "../workers/serve.ts";
import { kernelKind, loadKernels } from "./kernels.shared.ts";
import type { ScoreJobs } from "./score.protocol.ts";

const score = createFramesScorer({
  load: loadKernels,
  kernels: kernelKind(),
  nowMs: () => performance.now(),
  rest: (restMs) =>
    new Promise((resolve) => {
      setTimeout(resolve, restMs);
    }),
});

serve<ScoreJobs>(
  {
    listen: (onMessage) => {
      self.onmessage = (event: MessageEvent<unknown>): void => onMessage(event.data);
    },
    post: (answer, transfer) => self.postMessage(answer, { transfer: [...transfer] }),
  },
  { score: async (request) => ({ result: await score(request) }) },
  "scoring pictures",
);
