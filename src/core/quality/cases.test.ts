import { spawnSync } from "node:child_process";
import { join } from "node:path";

import { expect, it } from "vitest";

import { type KernelKind, loadKernels } from "../../../bench/parts/load-kernels.ts";
import {
  type CaseFigures,
  type CaseFrame,
  casesWithoutClips,
  vmafCases as cases,
} from "../../../bench/parts/vmaf-cases.ts";
import type { FrameFeatures } from "./frame-features.ts";
import { createFrameScorer, createSequenceScorer } from "./frame-scorer.ts";
import { pool } from "./pool.ts";
import { createScoreMap } from "./vmaf.ts";

/** Luma of every frame of a clip, as ffmpeg decodes it. */
function decode(path: string, widthPx: number, heightPx: number): readonly Uint8Array[] {
  const args = ["-v", "error", "-i", path, "-map", "0:v:0", "-vf", "extractplanes=y", "-f", "rawvideo", "-"];
  const { status, stdout, stderr } = spawnSync("ffmpeg", args, { maxBuffer: 2 ** 30 });
  if (status !== 0) throw new Error(stderr.toString());
  const length = widthPx * heightPx;
  return Array.from({ length: stdout.length / length }, (_, index) =>
    stdout.subarray(index * length, (index + 1) * length),
  );
}

async function scoreCase(
  kind: KernelKind,
  directory: string,
  clip: CaseFigures,
): Promise<readonly FrameFeatures[]> {
  const { width: widthPx, height: heightPx } = clip;
  const scorer = createSequenceScorer(await loadKernels(kind), { widthPx, heightPx });
  if (!scorer.ok) throw new Error(scorer.failure.next);
  const references = decode(join(directory, clip.reference), widthPx, heightPx);
  const received = decode(join(directory, clip.distorted), widthPx, heightPx);
  const features = references.map((reference, index) =>
    scorer.value.push(reference, received[index] ?? null),
  );
  return [...features, scorer.value.finish()].filter((frame) => frame !== null);
}

const scoreMap = createScoreMap(null);

/** Our figures under the names and in the order of the case. */
function toCaseFrame(features: FrameFeatures, frame: number): CaseFrame {
  const { adm2, motion2, vifScale0, vifScale1, vifScale2, vifScale3 } = features.standard;
  const { vmaf, vmafNeg } = scoreMap.score(features);
  return {
    frame,
    adm2,
    motion2,
    vif_scale0: vifScale0,
    vif_scale1: vifScale1,
    vif_scale2: vifScale2,
    vif_scale3: vifScale3,
    psnr_y: features.psnrYDb,
    ssim: features.ssim,
    vmaf,
    vmaf_neg: vmafNeg,
  };
}

const frameBounds: Readonly<Record<keyof CaseFrame, number>> = {
  frame: 0,
  adm2: 5e-4,
  motion2: 1e-4,
  vif_scale0: 1e-3,
  vif_scale1: 1e-3,
  vif_scale2: 1e-3,
  vif_scale3: 1e-3,
  psnr_y: 0.01,
  ssim: 1e-3,
  vmaf: 0.05,
  vmaf_neg: 0.05,
};

/** The largest error of each figure over the frames. */
function worstErrors(
  found: readonly CaseFrame[],
  due: readonly CaseFrame[],
): Readonly<Record<string, number>> {
  const names = Object.keys(frameBounds) as readonly (keyof CaseFrame)[];
  const error = (name: keyof CaseFrame): number =>
    Math.max(...due.map((frame, index) => Math.abs(frame[name] - (found[index]?.[name] ?? Number.NaN))));
  return Object.fromEntries(names.map((name) => [name, error(name)]));
}

/** What is further off than it may be: figures of single frames, and pooled means. */
async function faults(kind: KernelKind, directory: string, clip: CaseFigures): Promise<readonly string[]> {
  const features = await scoreCase(kind, directory, clip);
  const frames = features.map(toCaseFrame);
  const ofFrames = Object.entries(worstErrors(frames, clip.frames))
    .filter(([name, error]) => !(error <= frameBounds[name as keyof CaseFrame]))
    .map(([name, error]) => `${name} by ${error}`);
  const ofMeans = (["vmaf", "vmaf_neg"] as const)
    .map((name) => [name, pool(frames.map((frame) => frame[name]))?.mean ?? Number.NaN] as const)
    .filter(([name, mean]) => !(Math.abs(mean - clip.pooledMean[name]) <= 0.02))
    .map(([name, mean]) => `mean ${name}: ${mean}`);
  const missing = features.length === clip.frames.length ? [] : [`${features.length} frames`];
  return [...missing, ...ofFrames, ...ofMeans];
}

it.for([...cases.keys(), ...casesWithoutClips])(
  "%s is scored as libvmaf scores it, frame by frame",
  async (name, { skip }) => {
    const found = cases.get(name) ?? skip("its clips are not here");
    expect(await faults("simd", found.directory, found.clip)).toEqual([]);
  },
);

it("the scalar kernels score as libvmaf does, too", async () => {
  const found = cases.get("cells.h264-crf40");
  if (found === undefined) throw new Error("the case is missing");
  expect(await faults("scalar", found.directory, found.clip)).toEqual([]);
});

it("a frame scored on its own has the features it has in its sequence", async () => {
  const found = cases.get("cells.h264-crf40");
  if (found === undefined) throw new Error("the case is missing");
  const { directory, clip } = found;
  const { width: widthPx, height: heightPx } = clip;
  const inSequence = await scoreCase("simd", directory, clip);
  const references = decode(join(directory, clip.reference), widthPx, heightPx);
  const received = decode(join(directory, clip.distorted), widthPx, heightPx);
  const scorer = createFrameScorer(await loadKernels("simd"), { widthPx, heightPx });
  if (!scorer.ok) throw new Error(scorer.failure.next);
  for (const index of [references.length - 1, 0, 7]) {
    const features = scorer.value.score({
      previousReference: references[index - 1] ?? null,
      reference: references[index] ?? new Uint8Array(),
      nextReference: references[index + 1] ?? null,
      received: received[index] ?? new Uint8Array(),
    });
    expect(features).toEqual(inSequence[index]);
  }
});
