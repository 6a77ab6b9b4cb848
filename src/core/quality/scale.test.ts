import { spawnSync } from "node:child_process";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import type { PictureSize } from "../marker/layout.ts";
import { createScaler } from "./scale.ts";

/** Luma of one frame of a clip, after a filter of ffmpeg. */
function frameBy(filter: string, { widthPx, heightPx }: PictureSize, input: Uint8Array | null): Uint8Array {
  const size = `${widthPx}x${heightPx}`;
  const clip = join(import.meta.dirname, "cases/pattern360.ref.mp4");
  const from =
    input === null ? ["-i", clip] : ["-f", "rawvideo", "-pix_fmt", "yuv420p", "-s", size, "-i", "-"];
  const args = [
    "-v",
    "error",
    ...from,
    "-frames:v",
    "1",
    "-vf",
    `${filter},format=yuv420p,extractplanes=y`,
    "-f",
    "rawvideo",
    "-",
  ];
  const { status, stdout, stderr } = spawnSync("ffmpeg", args, {
    maxBuffer: 2 ** 28,
    ...(input === null ? {} : { input: withChroma(input, widthPx, heightPx) }),
  });
  if (status !== 0) throw new Error(stderr.toString());
  return stdout;
}

function withChroma(luma: Uint8Array, widthPx: number, heightPx: number): Uint8Array {
  const whole = new Uint8Array(luma.length + 2 * Math.ceil(widthPx / 2) * Math.ceil(heightPx / 2)).fill(128);
  whole.set(luma);
  return whole;
}

function largestDifference(a: Uint8Array, b: Uint8Array): number {
  return a.reduce((largest, sample, index) => Math.max(largest, Math.abs(sample - (b[index] ?? 256))), 0);
}

const scaled = (from: PictureSize, to: PictureSize, source: Uint8Array): Uint8Array => {
  const target = new Uint8Array(to.widthPx * to.heightPx);
  createScaler(from, to).scale(source, target);
  return target;
};

describe("scaler", () => {
  it.each([
    [320, 180, 640, 360],
    [640, 360, 426, 240],
    [426, 240, 640, 360],
    [640, 360, 100, 60],
    [641, 359, 643, 361],
    [640, 360, 640, 200],
  ])(
    "%ix%i to %ix%i is ffmpeg's bicubic to the bit, and within a level of its fast one",
    (w, h, toW, toH) => {
      const from = { widthPx: w, heightPx: h };
      const to = { widthPx: toW, heightPx: toH };
      const source = frameBy(`scale=${w}:${h}:flags=bilinear`, from, null);
      const found = scaled(from, to, source);
      const exact = frameBy(`scale=${toW}:${toH}:flags=bicubic+accurate_rnd`, from, source);
      const fast = frameBy(`scale=${toW}:${toH}:flags=bicubic`, from, source);
      expect(found).toHaveLength(exact.length);
      expect(largestDifference(found, exact)).toBe(0);
      expect(largestDifference(found, fast)).toBeLessThanOrEqual(toW < w / 4 ? 2 : 1);
    },
  );

  it.each([
    [32, 32, 3840, 32],
    [33, 3840, 32, 32],
    [32, 32, 32, 32],
  ])("a flat picture stays flat from %ix%i to %ix%i", (widthPx, heightPx, toW, toH) => {
    for (const level of [0, 1, 77, 255]) {
      const source = new Uint8Array(widthPx * heightPx).fill(level);
      const target = scaled({ widthPx, heightPx }, { widthPx: toW, heightPx: toH }, source);
      expect(new Set(target)).toEqual(new Set([level]));
    }
  });
});
