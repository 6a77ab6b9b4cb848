import { closeSync, openSync, readFileSync, readSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { basename } from "node:path";
import { pathToFileURL } from "node:url";
import { parentPort, workerData } from "node:worker_threads";

import { type CoreVideo, type FfmpegCore, openInCore } from "../../core/quality/ffmpeg-core.ts";
import type { CoreJob, CoreReport, CoreRequest } from "./core-frames.ts";

type CreateCore = (options: { readonly wasmBinary: Uint8Array }) => Promise<FfmpegCore>;
/** A piece of a file, read only when its bytes are asked for. */
type Piece = { readonly size: number; readonly bytes: () => ArrayBuffer };

const { path, room } = workerData as CoreJob;
const roomLeft = new Int32Array(room);

function post(report: CoreReport, transfer: readonly ArrayBuffer[] = []): void {
  parentPort?.postMessage(report, transfer);
}

/** The file as the program's file system expects one of a browser. */
function openFile(): {
  readonly name: string;
  readonly size: number;
  slice: (from: number, to: number) => Piece;
} {
  const handle = openSync(path, "r");
  process.once("exit", () => closeSync(handle));
  const { size } = statSync(path);
  return {
    name: basename(path),
    size,
    slice: (from, to) => {
      const length = Math.max(0, Math.min(to, size) - from);
      const bytes = (): ArrayBuffer => {
        const piece = new Uint8Array(length);
        readSync(handle, piece, 0, length, from);
        return piece.buffer;
      };
      return { size: length, bytes };
    },
  };
}

/** What the program's script takes for granted in a browser's worker. */
const workerGlobals = {
  self: { location: { href: import.meta.url } },
  FileReaderSync: function FileReaderSync(this: { readAsArrayBuffer?: (piece: Piece) => ArrayBuffer }): void {
    this.readAsArrayBuffer = (piece) => piece.bytes();
  },
};

async function startCore(): Promise<FfmpegCore> {
  Object.assign(globalThis, workerGlobals);
  const { resolve } = createRequire(import.meta.url);
  // Found by CommonJS's rules, which lead to the build beside: the modules' one is what `import` takes.
  const script = resolve("@ffmpeg/core").replace("umd", "esm");
  const wasm = resolve("@ffmpeg/core/wasm");
  const { default: create } = (await import(pathToFileURL(script).href)) as { readonly default: CreateCore };
  return create({ wasmBinary: readFileSync(wasm) });
}

function decode(video: CoreVideo, { facts, target }: CoreRequest): void {
  const complaints = video.decode(facts, target, (luma) => {
    // Waits where frames are not taken as fast as they are decoded.
    while (Atomics.load(roomLeft, 0) <= 0) Atomics.wait(roomLeft, 0, 0);
    Atomics.sub(roomLeft, 0, 1);
    post({ kind: "frame", luma }, [luma.buffer]);
  });
  post({ kind: "end", complaints });
}

const video = openInCore(await startCore(), openFile(), path);
post({ kind: "facts", facts: video.probe() });
parentPort?.once("message", (request: CoreRequest) => decode(video, request));
