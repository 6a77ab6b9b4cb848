import { findFfmpeg, openWithBinary } from "../../src/cli/score/binary-source.ts";
import { toSource, type OpenPath } from "../../src/cli/score/open-video.ts";
import type { PictureSize } from "../../src/core/marker/layout.ts";
import { createFramesScorer } from "../../src/core/quality/score-frames.ts";
import type { ScoreReport } from "../../src/core/quality/score-report.ts";
import { scoreSceneRun } from "../../src/core/quality/score-scene.ts";
import { createScoreMap } from "../../src/core/quality/vmaf.ts";
import { loadKernels } from "./load-kernels.ts";

/** Scores a file of the built-in scene against the scene painted again: decoded by ffmpeg, scored in this process. */
export async function scoreAgainstScene(path: string, seed: number, size: PictureSize): Promise<ScoreReport> {
  const binary = await findFfmpeg("ffmpeg");
  if (binary === null) throw new Error("ffmpeg is missing");
  const open: OpenPath = (each) => openWithBinary(binary, each);
  const opened = await open(path);
  if (!opened.ok) throw new Error(opened.failure.next);
  const received = toSource(path, opened.value, { ...size, matrix: "bt709" }, "read-markers", open);
  const kernels = { load: () => loadKernels("simd"), kernels: "simd", nowMs: () => 0 } as const;
  const report = await scoreSceneRun({
    map: createScoreMap(null),
    withMsSsim: false,
    score: createFramesScorer(kernels),
    parallelCount: 1,
    onProgress: () => undefined,
    received,
    remade: { kind: "scene", scene: { scene: "builtin", seed, ...size } },
    frameRateFps: 30,
    runNumber: null,
  });
  received.close();
  if (!report.ok) throw new Error(`${report.failure.what}: ${report.failure.next}`);
  return report.value;
}
