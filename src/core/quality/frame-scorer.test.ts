import { beforeEach, describe, expect, it } from "vitest";

import { loadKernels } from "../../../bench/parts/load-kernels.ts";
import { createFrameScorer, createSequenceScorer } from "./frame-scorer.ts";
import type { Kernels } from "./kernels.ts";

const size = { widthPx: 48, heightPx: 32 };
const plane = (shift: number): Uint8Array =>
  Uint8Array.from(
    { length: 48 * 32 },
    (_, index) => (((index % 48) + shift) * 5 + Math.floor(index / 48) * 3) % 256,
  );

describe("scorers", () => {
  let kernels: Kernels;
  beforeEach(async () => {
    kernels = await loadKernels("simd");
  });

  it.each([
    [31, 100],
    [100, 31],
    [3841, 100],
    [3840, 2161],
    [2400, 3840],
    [100.5, 100],
    [Number.NaN, 100],
  ])("pictures of %fx%f are refused", (widthPx, heightPx) => {
    const refused = { ok: false, failure: { kind: "refused-input" } };
    expect(createFrameScorer(kernels, { widthPx, heightPx })).toMatchObject(refused);
    expect(createSequenceScorer(kernels, { widthPx, heightPx })).toMatchObject(refused);
  });

  it("short memory is a failure the user can read", () => {
    const short = { ...kernels, layout: () => 0 };
    expect(createFrameScorer(short, size)).toMatchObject({ ok: false, failure: { kind: "unsupported" } });
  });

  it("a frame that was never displayed has no score, and its reference still moves", () => {
    const scorer = createSequenceScorer(kernels, size);
    if (!scorer.ok) throw new Error(scorer.failure.next);
    const { push, finish } = scorer.value;
    expect(push(plane(0), plane(0))).toBeNull();
    expect(push(plane(4), null)?.standard.motion2).toBe(0);
    expect(push(plane(4), plane(5))).toBeNull();
    expect(push(plane(9), plane(9))?.standard.motion2).toBe(0);
    expect(finish()?.standard.motion2).toBeGreaterThan(0);
    expect(finish()).toBeNull();
  });

  it("a sequence after another begins without motion", () => {
    const scorer = createSequenceScorer(kernels, size);
    if (!scorer.ok) throw new Error(scorer.failure.next);
    const { push, finish } = scorer.value;
    push(plane(0), plane(0));
    push(plane(30), plane(30));
    finish();
    expect(push(plane(9), plane(9))).toBeNull();
    expect(finish()?.standard.motion2).toBe(0);
  });

  it("a plane of another size is a bug, not a score", () => {
    const scorer = createFrameScorer(kernels, size);
    if (!scorer.ok) throw new Error(scorer.failure.next);
    const pair = { previousReference: null, reference: plane(0), nextReference: null };
    expect(() => scorer.value.score({ ...pair, received: new Uint8Array(7) })).toThrow("7 samples");
  });
});
