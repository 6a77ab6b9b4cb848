import { reason } from "../../core/failure.ts";
import { type CoreVideo, type FfmpegCore, openInCore } from "../../core/quality/ffmpeg-core.ts";
import type { FfmpegReport, FfmpegRequest } from "./ffmpeg.protocol.ts";

/** The script of `@ffmpeg/core`, which is loaded from its own file and starts its program. */
type CoreScript = {
  readonly default: (options: {
    readonly instantiateWasm: (
      imports: WebAssembly.Imports,
      done: (instance: WebAssembly.Instance) => void,
    ) => object;
  }) => Promise<FfmpegCore>;
};

let video: CoreVideo | null = null;
let roomLeft: Int32Array | null = null;

function post(report: FfmpegReport, transfer: Transferable[] = []): void {
  self.postMessage(report, { transfer });
}

async function startCore(scriptUrl: string, wasmUrl: string): Promise<FfmpegCore> {
  const module = await WebAssembly.compileStreaming(fetch(wasmUrl));
  const { default: create } = (await import(/* @vite-ignore */ scriptUrl)) as CoreScript;
  return create({
    instantiateWasm: (imports, done) => {
      // Compiled already, and in a worker: to wait here costs nobody anything.
      const instance = new WebAssembly.Instance(module, imports);
      done(instance);
      return instance.exports;
    },
  });
}

function decode({ facts, target }: Extract<FfmpegRequest, { kind: "decode" }>): void {
  if (video === null) throw new Error("nothing was opened");
  const complaints = video.decode(facts, target, (luma) => {
    if (roomLeft !== null) {
      while (Atomics.load(roomLeft, 0) <= 0) Atomics.wait(roomLeft, 0, 0);
      Atomics.sub(roomLeft, 0, 1);
    }
    post({ kind: "frame", luma }, [luma.buffer]);
  });
  post({ kind: "end", complaints });
}

async function answer(request: FfmpegRequest): Promise<void> {
  try {
    if (request.kind === "decode") {
      decode(request);
      return;
    }
    const { file, scriptUrl, wasmUrl, room } = request;
    roomLeft = room === null ? null : new Int32Array(room);
    video = openInCore(await startCore(scriptUrl, wasmUrl), file, file.name);
    post({ kind: "facts", facts: video.probe() });
  } catch (thrown) {
    post({ kind: "broken", why: reason(thrown) });
  }
}

self.onmessage = (event: MessageEvent<FfmpegRequest>): void => void answer(event.data);
