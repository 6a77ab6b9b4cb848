import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import type { Kernels } from "../../src/core/quality/kernels.ts";

/** With SIMD, or the scalar build that stands in where there is none. */
export type KernelKind = "simd" | "scalar";

const root = join(import.meta.dirname, "../..");
let isBuilt = false;

function build(): void {
  if (isBuilt) return;
  const script = join(root, "deploy/build-kernels.mjs");
  const { status } = spawnSync(process.execPath, [script], { stdio: ["ignore", 2, 2] });
  if (status !== 0) throw new Error("the quality kernels do not compile");
  isBuilt = true;
}

/** A fresh instance of the quality kernels, compiled from their sources if these have changed. */
export async function loadKernels(kind: KernelKind): Promise<Kernels> {
  build();
  const bytes = readFileSync(join(root, `src/core/quality/kernels-wasm/${kind}.wasm`));
  const { instance } = await WebAssembly.instantiate(bytes);
  return instance.exports as unknown as Kernels;
}
