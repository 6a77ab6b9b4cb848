import { setTimeout } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

import { startScoreThreads, usualThreadCount } from "../src/cli/score/score-threads.ts";
import { toSenderUs } from "../src/core/clock/instants.ts";
import type { PictureSize } from "../src/core/marker/layout.ts";
import { type FrameScorer, createFrameScorer } from "../src/core/quality/frame-scorer.ts";
import type { Kernels } from "../src/core/quality/kernels.ts";
import { createReferenceMaker } from "../src/core/quality/reference.ts";
import { createScoreMap } from "../src/core/quality/vmaf.ts";
import { createPlanes } from "../src/core/scene/planes.ts";
import { createScene } from "../src/core/scene/scene.ts";
import type { Bench } from "./bench-type.ts";
import { timeWasmFilters } from "./parts/ffmpeg-wasm.ts";
import { type KernelKind, loadKernels } from "./parts/load-kernels.ts";
import { cpuMs, timeCalls } from "./parts/time-calls.ts";

const sizes: readonly PictureSize[] = [
  { widthPx: 640, heightPx: 360 },
  { widthPx: 1280, heightPx: 720 },
  { widthPx: 1920, heightPx: 1080 },
];

/** Frames of the built-in scene that are scored in turn. */
const frameCount = 6;

type Frames = readonly Uint8Array[];

/** Luma of successive frames of the built-in scene. */
function paintFrames({ widthPx, heightPx }: PictureSize): Frames {
  const scene = createScene({ seed: 1, widthPx, heightPx });
  const planes = createPlanes({ widthPx, heightPx });
  return Array.from({ length: frameCount }, (_, frame) => {
    scene.paint(frame, planes);
    return planes.luma.slice();
  });
}

/** What an encoder might leave of a picture: rows and columns blended two by two, in steps of 4 levels. */
function distort(luma: Uint8Array): Uint8Array {
  return luma.map((sample, index) => ((sample + (luma[index - (index % 2)] ?? sample)) >> 3) << 2);
}

async function makeScorer(kind: KernelKind, size: PictureSize): Promise<readonly [FrameScorer, Kernels]> {
  const kernels = await loadKernels(kind);
  const scorer = createFrameScorer(kernels, size);
  if (!scorer.ok) throw new Error(scorer.failure.next);
  return [scorer.value, kernels];
}

type Timing = { readonly frameMedianMs: number; readonly memoryMb: number };

async function time(kind: KernelKind, size: PictureSize, frames: Frames, count: number): Promise<Timing> {
  const [scorer, kernels] = await makeScorer(kind, size);
  const received = frames.map(distort);
  const { score } = createScoreMap(null);
  const { medianMs } = timeCalls(
    count,
    (call) => {
      // Frame by frame in any order, as live sampling does: both motions are computed for every frame.
      const index = 1 + (call % (frameCount - 2));
      score(
        scorer.score({
          previousReference: frames[index - 1] ?? null,
          reference: frames[index] ?? new Uint8Array(),
          nextReference: frames[index + 1] ?? null,
          received: received[index] ?? new Uint8Array(),
        }),
      );
    },
    cpuMs,
  );
  return { frameMedianMs: medianMs, memoryMb: kernels.memory.buffer.byteLength / 2 ** 20 };
}

/** Frames a second of as many threads as the command starts, side by side. */
async function timeAllThreads(size: PictureSize, frames: Frames, count: number): Promise<number> {
  const planes = frames.map((data) => ({ data, ...size, strideBytes: size.widthPx }));
  const received = frames.map((luma) => ({ data: distort(luma), ...size, strideBytes: size.widthPx }));
  const request = {
    references: { kind: "pictures", before: null, frames: planes, after: null },
    received,
    withMsSsim: false,
  } as const;
  const threads = startScoreThreads(usualThreadCount());
  const requestCount = count * threads.count;
  try {
    // All threads load the kernels and lay out their memory first.
    await Promise.all(Array.from({ length: threads.count }, () => threads.score(request)));
    const beganMs = performance.now();
    await Promise.all(Array.from({ length: requestCount }, () => threads.score(request)));
    return (requestCount * frames.length * 1000) / (performance.now() - beganMs);
  } finally {
    await threads.close();
  }
}

/** How long it takes to make a frame's reference again, marker and all, as a scoring worker does: median, ms. */
function timeReference(size: PictureSize, count: number): number {
  const maker = createReferenceMaker({ scene: "builtin", seed: 1, ...size });
  // Frames far apart, so that every shot of the scene has its share.
  return timeCalls(
    count,
    (frameId) => {
      maker.luma({ runNumber: 1, frameId: frameId * 37, captureTimeUs: toSenderUs(frameId * 33_333) });
    },
    cpuMs,
  ).medianMs;
}

/** Memory in buffers once all that can be given back is: what was collected is given back a little later. */
async function keptBytes(): Promise<number> {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  for (let round = 0; round < 3; round += 1) {
    collect();
    await setTimeout(50);
  }
  return process.memoryUsage().arrayBuffers;
}

/** Memory that the maker of references keeps, MB. */
async function referenceMemoryMb(size: PictureSize): Promise<number> {
  const before = await keptBytes();
  const maker = createReferenceMaker({ scene: "builtin", seed: 1, ...size });
  const moreBytes = (await keptBytes()) - before;
  // Used after the count, so that it is there while it is counted.
  maker.planes({ runNumber: 1, frameId: 0, captureTimeUs: toSenderUs(0) });
  return moreBytes / 2 ** 20;
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}

/** How many frames in a second of its own time one worker scores: VMAF default, NEG and phone, PSNR and SSIM, motion on both sides. */
export const bench: Bench = {
  name: "quality",
  about:
    "VMAF, NEG, PSNR and SSIM of single frames, per second of processor time: SIMD and scalar kernels, the scene made again, and ffmpeg.wasm's ssim and psnr in one run; all threads by the wall's clock; memory",
  run: async ({ quick, progress }) => {
    // Before there is anything else that memory could be given back of.
    const referencesMb: number[] = [];
    for (const size of sizes) referencesMb.push(await referenceMemoryMb(size));
    const rows = [];
    for (const [index, size] of sizes.entries()) {
      const label = `${size.widthPx}x${size.heightPx}`;
      progress(`  ${label}`);
      const frames = paintFrames(size);
      const simd = await time("simd", size, frames, quick ? 10 : 40);
      const scalar = await time("scalar", size, frames, quick ? 5 : 15);
      const filters = await timeWasmFilters(size, frames, frames.map(distort), quick ? 48 : 96);
      const referenceMs = timeReference(size, quick ? 20 : 100);
      const simdFps = 1000 / simd.frameMedianMs;
      rows.push({
        size: label,
        simdFps: rounded(simdFps),
        allThreadsFps: rounded(await timeAllThreads(size, frames, quick ? 2 : 6)),
        threadCount: usualThreadCount(),
        scalarFps: rounded(1000 / scalar.frameMedianMs),
        simdToScalarRatio: rounded(scalar.frameMedianMs / simd.frameMedianMs),
        ffmpegWasmSsimFps: rounded(filters.ssim),
        ffmpegWasmPsnrFps: rounded(filters.psnr),
        vmafToWasmSsimRatio: Math.round((simdFps / filters.ssim) * 1000) / 1000,
        vmafToWasmPsnrRatio: Math.round((simdFps / filters.psnr) * 1000) / 1000,
        referenceFps: rounded(1000 / referenceMs),
        referenceToScoringRatio: rounded(simd.frameMedianMs / referenceMs),
        memoryMb: rounded(simd.memoryMb),
        memoryWithSceneMb: rounded(simd.memoryMb + (referencesMb[index] ?? 0)),
      });
    }
    return { rows };
  },
};
