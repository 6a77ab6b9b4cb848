import { readFile } from "node:fs/promises";

import type { Kernels } from "../../core/quality/kernels.ts";
import type { KernelKind } from "../../core/quality/score-request.ts";
import { projectDirectory } from "../place.ts";

/** Node's own, which its types leave to the DOM. */
type Engine = {
  readonly instantiate: (bytes: Uint8Array) => Promise<{ readonly instance: { readonly exports: unknown } }>;
};

/** Every Node that runs this has SIMD. */
export const kernelKind: KernelKind = "simd";

/** A fresh instance of the quality kernels. Rejects where the build has not made them. */
export async function loadKernels(): Promise<Kernels> {
  const bytes = await readFile(`${projectDirectory}src/core/quality/kernels-wasm/${kernelKind}.wasm`);
  const { WebAssembly: engine } = globalThis as unknown as { readonly WebAssembly: Engine };
  const { instance } = await engine.instantiate(bytes);
  return instance.exports as Kernels;
}
