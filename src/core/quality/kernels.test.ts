import { assert, integer, nat, property } from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";

import { type KernelKind, loadKernels } from "../../../bench/parts/load-kernels.ts";
import { type FrameFeatures, psnrDb } from "./frame-features.ts";
import { createFrameScorer } from "./frame-scorer.ts";
import type { Kernels } from "./kernels.ts";
import { plainAdm } from "./plain-adm.fake.kernel.ts";
import { type Picture, paint } from "./plain-picture.fake.kernel.ts";
import { plainMotion, plainMsSsim, plainSquaredError, plainSsim } from "./plain-ssim.fake.kernel.ts";
import { plainVif } from "./plain-vif.fake.kernel.ts";

const kinds: readonly KernelKind[] = ["simd", "scalar"];
let kernels: Readonly<Record<KernelKind, Kernels>>;

beforeAll(async () => {
  kernels = { simd: await loadKernels("simd"), scalar: await loadKernels("scalar") };
});

/** Numbers in 0..1 that look random and follow from the seed. */
function createNoise(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

type Scene = { readonly references: readonly [Picture, Picture, Picture]; readonly received: Picture };

/** Waves with noise, moving from frame to frame; received blurred a little, with noise of its own and other contrast. */
function createScene(across: number, down: number, seed: number): Scene {
  const noise = createNoise(seed);
  const [a, b, c] = [3 + 30 * noise(), 3 + 30 * noise(), noise()];
  const byte = (value: number): number => Math.min(255, Math.max(0, Math.round(value)));
  const reference = (frame: number): Picture =>
    paint(across, down, (x, y) =>
      byte(128 + 110 * Math.sin((x + 3 * frame) / a) * Math.cos((y + x * c) / b) + 60 * c * (noise() - 0.5)),
    );
  const references = [reference(0), reference(1), reference(2)] as const;
  const gain = 0.7 + 0.5 * noise();
  const grain = 40 * noise();
  const received = paint(across, down, (x, y) => {
    const { samples } = references[1];
    const at = y * across + x;
    const mixed = (2 * samples[at]! + samples[Math.max(0, at - 1)]! + samples[Math.max(0, at - across)]!) / 4;
    return byte(128 + gain * (mixed - 128) + grain * (noise() - 0.5));
  });
  return { references, received };
}

const bytes = (picture: Picture): Uint8Array => Uint8Array.from(picture.samples);

function scoreBy(kind: KernelKind, { references, received }: Scene): FrameFeatures {
  const { across: widthPx, down: heightPx } = received;
  const scorer = createFrameScorer(kernels[kind], { widthPx, heightPx, withMsSsim: true });
  if (!scorer.ok) throw new Error(scorer.failure.next);
  const [previous, reference, next] = references;
  return scorer.value.score({
    previousReference: bytes(previous),
    reference: bytes(reference),
    nextReference: bytes(next),
    received: bytes(received),
  });
}

function scorePlainly({ references, received }: Scene): FrameFeatures {
  const [previous, reference, next] = references;
  const motion2 = Math.min(plainMotion(previous, reference), plainMotion(reference, next));
  const features = (vifLimit: number): FrameFeatures["standard"] => {
    const [vifScale0 = 0, vifScale1 = 0, vifScale2 = 0, vifScale3 = 0] = plainVif(
      reference,
      received,
      vifLimit,
    );
    return {
      adm2: plainAdm(reference, received, vifLimit),
      motion2,
      vifScale0,
      vifScale1,
      vifScale2,
      vifScale3,
    };
  };
  const isLarge = Math.min(received.across, received.down) >= 176;
  return {
    standard: features(100),
    neg: features(1),
    psnrYDb: psnrDb(plainSquaredError(reference, received)),
    ssim: plainSsim(reference, received),
    msSsim: isLarge ? plainMsSsim(reference, received) : null,
  };
}

/** The features by which two scorings differ more than they may, each with its two values. */
function differences(actual: FrameFeatures, expected: FrameFeatures, tolerance: number): readonly string[] {
  const flat = ({ standard, neg, ...rest }: FrameFeatures): readonly (readonly [string, number | null])[] => [
    ...Object.entries(standard),
    ...Object.entries(neg).map(([name, value]) => [`${name} NEG`, value] as const),
    ...Object.entries(rest),
  ];
  const found = new Map(flat(actual));
  return flat(expected)
    .map(([name, value]) => [name, value, found.get(name) ?? null] as const)
    .filter(([, due, is]) => (due === null || is === null ? due !== is : !(Math.abs(due - is) < tolerance)))
    .map(([name, due, is]) => `${name}: ${is} for ${due}`);
}

describe("kernels", () => {
  it.each([
    [32, 32],
    [33, 47],
    [64, 35],
    [101, 32],
    [37, 181],
    [177, 176],
    [179, 187],
  ])("a picture of %ix%i has the features that doubles by the book give", (across, down) => {
    const scene = createScene(across, down, across * 1000 + down);
    const expected = scorePlainly(scene);
    for (const kind of kinds) expect(differences(scoreBy(kind, scene), expected, 2e-4)).toEqual([]);
  });

  it("a picture of odd size is brought down before SSIM as doubles by the book do it", () => {
    const scene = createScene(397, 641, 5);
    const expected = plainSsim(scene.references[1], scene.received);
    for (const kind of kinds) expect(scoreBy(kind, scene).ssim).toBeCloseTo(expected, 5);
  });

  it("any small picture has the features that doubles by the book give", () => {
    const size = integer({ min: 32, max: 90 });
    assert(
      property(size, size, nat(), (across, down, seed) => {
        const scene = createScene(across, down, seed);
        expect(differences(scoreBy("simd", scene), scorePlainly(scene), 2e-3)).toEqual([]);
      }),
      { numRuns: 10 },
    );
  });

  it.each([
    [1281, 719],
    [3840, 32],
    [35, 3840],
  ])("SIMD and scalar agree at %ix%i", (across, down) => {
    const scene = createScene(across, down, 7);
    expect(differences(scoreBy("simd", scene), scoreBy("scalar", scene), 2e-5)).toEqual([]);
  });

  it("equal pictures are perfect, whatever is in them", () => {
    const blank = paint(48, 40, () => 0);
    const scene = createScene(48, 40, 3);
    for (const picture of [blank, paint(48, 40, () => 255), scene.references[1]]) {
      const { standard, neg, ...rest } = scoreBy("simd", {
        references: [picture, picture, picture],
        received: picture,
      });
      for (const { motion2, ...features } of [standard, neg]) {
        expect(motion2).toBe(0);
        for (const value of Object.values(features)) expect(value).toBeCloseTo(1, 5);
      }
      expect(rest.psnrYDb).toBe(60);
      expect(rest.ssim).toBeCloseTo(1, 6);
    }
  });

  it("a frame is scored without taking memory, and one size leaves nothing behind for the next", () => {
    const small = createScene(70, 50, 1);
    const large = createScene(200, 180, 2);
    const first = scoreBy("simd", small);
    const largeFeatures = scoreBy("simd", large);
    const { byteLength } = kernels.simd.memory.buffer;
    expect(scoreBy("simd", small)).toEqual(first);
    expect(scoreBy("simd", large)).toEqual(largeFeatures);
    expect(kernels.simd.memory.buffer.byteLength).toBe(byteLength);
  });
});
