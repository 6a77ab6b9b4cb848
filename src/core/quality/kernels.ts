import type { PictureSize } from "../marker/layout.ts";

/**
 * What the compiled kernels offer, over their own linear memory. Whoever has WebAssembly makes an instance of
 * kernels-wasm/simd.wasm or scalar.wasm and hands its exports in; they import nothing. One instance serves one picture size at a
 * time.
 */
export type Kernels = {
  /** The memory the planes and results stand in. Its buffer is another one after `layout`. */
  readonly memory: { readonly buffer: ArrayBufferLike };
  /** Lays memory out for a picture size. Bytes in use, or 0 where memory cannot be had. */
  readonly layout: (widthPx: number, heightPx: number) => number;
  /** Where the luma of slot 0..3 goes: `widthPx` bytes a row, rows without padding. */
  readonly plane: (slot: number) => number;
  /** Where `vif`, `adm` and `msSsim` leave their numbers, 12 f64 at most. */
  readonly results: () => number;
  /** Numerators of scales 0..3, the same under gain limit 1, denominators. */
  readonly vif: (referenceSlot: number, receivedSlot: number) => void;
  /** Numerator, numerator under gain limit 1, denominator of adm2. */
  readonly adm: (referenceSlot: number, receivedSlot: number) => void;
  /** Mean absolute difference of two blurred pictures. */
  readonly motion: (slotA: number, slotB: number) => number;
  /** Mean squared error, exact. */
  readonly squaredError: (slotA: number, slotB: number) => number;
  /** Mean SSIM. */
  readonly ssim: (referenceSlot: number, receivedSlot: number) => number;
  /** Contrast-structure means of five scales, then the whole mean of the coarsest. */
  readonly msSsim: (referenceSlot: number, receivedSlot: number) => void;
};

/** Puts a luma plane into a slot. Throws when its length is not that of the size laid out. */
export function putPlane(kernels: Kernels, slot: number, plane: Uint8Array, size: PictureSize): void {
  const sampleCount = size.widthPx * size.heightPx;
  if (plane.length !== sampleCount) {
    throw new Error(`a luma plane of ${plane.length} samples where ${sampleCount} are due`);
  }
  new Uint8Array(kernels.memory.buffer, kernels.plane(slot), sampleCount).set(plane);
}

/** The first `count` numbers that the last call of a kernel left. */
export function readResults(kernels: Kernels, count: number): readonly number[] {
  return Array.from(new Float64Array(kernels.memory.buffer, kernels.results(), count));
}
