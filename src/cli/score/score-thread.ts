import { parentPort } from "node:worker_threads";

import { createFramesScorer } from "../../core/quality/score-frames.ts";
import type { ScoreRequest } from "../../core/quality/score-request.ts";
import { kernelKind, loadKernels } from "./kernels.ts";

const score = createFramesScorer({ load: loadKernels, kernels: kernelKind, nowMs: () => performance.now() });

// One request at a time comes in; what throws ends the thread, and its owner hears of it.
parentPort?.on("message", (request: ScoreRequest) => {
  void score(request).then((answer) => parentPort?.postMessage(answer));
});
