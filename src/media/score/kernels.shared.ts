import type { Kernels } from "../../core/quality/kernels.ts";
import type { KernelKind } from "../../core/quality/score-request.ts";

/** The smallest module with a SIMD instruction (i8x16.splat): valid only where the browser has SIMD. */
const simdProbe: Uint8Array<ArrayBuffer> = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98,
  11,
]);

const urls: Readonly<Record<KernelKind, URL>> = {
  simd: new URL("../../core/quality/kernels-wasm/simd.wasm", import.meta.url),
  scalar: new URL("../../core/quality/kernels-wasm/scalar.wasm", import.meta.url),
};

/** Which build this browser can run. */
export function kernelKind(): KernelKind {
  return WebAssembly.validate(simdProbe) ? "simd" : "scalar";
}

let compiling: Promise<WebAssembly.Module> | null = null;

/** A fresh instance of the quality kernels, fetched and compiled once. Rejects where the file cannot be had. */
export async function loadKernels(): Promise<Kernels> {
  compiling ??= WebAssembly.compileStreaming(fetch(urls[kernelKind()]));
  try {
    const instance = await WebAssembly.instantiate(await compiling);
    return instance.exports as unknown as Kernels;
  } catch (thrown) {
    compiling = null;
    throw thrown;
  }
}
