import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

import type { PictureSize } from "../../src/core/marker/layout.ts";
import type { FfmpegCore } from "../../src/core/quality/ffmpeg-core.ts";
import { median } from "../../src/core/statistics/quantile.ts";
import { cpuMs } from "./time-calls.ts";

type Core = FfmpegCore & {
  readonly FS: { readonly writeFile: (path: string, bytes: Uint8Array) => void };
};
type Script = { readonly default: (options: { readonly wasmBinary: Uint8Array }) => Promise<Core> };

async function startCore(): Promise<Core> {
  // The script takes a browser's worker for granted.
  Object.assign(globalThis, { self: { location: { href: import.meta.url } } });
  const { resolve } = createRequire(import.meta.url);
  const script = resolve("@ffmpeg/core").replace("umd", "esm");
  const { default: create } = (await import(pathToFileURL(script).href)) as Script;
  return create({ wasmBinary: readFileSync(resolve("@ffmpeg/core/wasm")) });
}

function joined(frames: readonly Uint8Array[], count: number): Uint8Array {
  const [first = new Uint8Array()] = frames;
  const bytes = new Uint8Array(count * first.length);
  for (let index = 0; index < count; index += 1) {
    bytes.set(frames[index % frames.length] ?? first, index * first.length);
  }
  return bytes;
}

/** Frames a second of processor time of ffmpeg.wasm's own filters over the same luma, one thread, start-up of the program taken off. */
export async function timeWasmFilters(
  { widthPx, heightPx }: PictureSize,
  frames: readonly Uint8Array[],
  received: readonly Uint8Array[],
  count: number,
): Promise<Readonly<Record<"ssim" | "psnr", number>>> {
  const core = await startCore();
  core.setLogger(() => undefined);
  core.FS.writeFile("/made", joined(frames, count));
  core.FS.writeFile("/got", joined(received, count));
  const raw = `-f rawvideo -pix_fmt gray -s ${widthPx}x${heightPx} -i`.split(" ");
  const timeMs = (filter: string, frameCount: number): number => {
    const beganMs = cpuMs();
    const args = [...raw, "/got", ...raw, "/made", "-frames:v", String(frameCount)];
    core.exec(...args, "-lavfi", filter, "-f", "null", "-");
    core.reset();
    return cpuMs() - beganMs;
  };
  const fps = (filter: string): number => {
    timeMs(filter, 2);
    const frameMs = Array.from(
      { length: 3 },
      () => (timeMs(filter, count) - timeMs(filter, 1)) / (count - 1),
    );
    return 1000 / Math.max(0.001, median(frameMs));
  };
  return { ssim: fps("ssim"), psnr: fps("psnr") };
}
