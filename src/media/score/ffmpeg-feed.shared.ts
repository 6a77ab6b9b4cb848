import { fail, succeed, type Failure, type Result } from "../../core/failure.ts";
import { ffmpegCoreLabel } from "../../core/quality/ffmpeg-core.ts";
import type { LumaTarget, VideoFacts } from "../../core/quality/video-facts.ts";
import type { DecodeUrls } from "./decode.protocol.ts";
import { createChange, type FeedVideo, type LumaFeed } from "./feed.shared.ts";
import type { FfmpegReport, FfmpegRequest } from "./ffmpeg.protocol.ts";

/** Decoded frames that may wait. */
const roomCount = 6;
/** Bytes of frames that may pile up where there is no shared memory to hold the decoder back with. */
const unheldBytes = 1_000_000_000;

function broken(where: string, cause: string): Failure {
  return {
    kind: "ended-early",
    what: "decoding with ffmpeg.wasm",
    where,
    next: "Try again with other pages closed, for memory may be short, or try another file.",
    cause,
  };
}

function tooLong(where: string): Failure {
  return {
    kind: "unsupported",
    what: "decoding with ffmpeg.wasm",
    where,
    next: "Open this page by HTTPS or as localhost: without that, browsers share no memory, and only short videos can be decoded.",
  };
}

function isTooLong({ frameCount, widthPx, heightPx }: VideoFacts): boolean {
  return frameCount === null || frameCount * widthPx * heightPx > unheldBytes;
}

/** What a feed needs of the worker; `Worker` has it. */
export type FfmpegWorker = {
  readonly addEventListener: (
    kind: "message" | "messageerror" | "error",
    listener: (event: { readonly data?: unknown; readonly message?: string }) => void,
  ) => void;
};

/**
 * Frames as the worker sends them; `next` rejects once it breaks down.
 * @param room as `FfmpegRequest` has it
 */
export function feedFrom(worker: FfmpegWorker, room: Int32Array | null, target: LumaTarget): LumaFeed {
  const waiting: Uint8Array[] = [];
  const change = createChange();
  let complaints: readonly string[] = [];
  let isEnded = false;
  let why: string | null = null;
  worker.addEventListener("message", (event) => {
    const data = event.data as FfmpegReport;
    if (data.kind === "frame") waiting.push(data.luma);
    if (data.kind === "end") ({ complaints } = data);
    if (data.kind === "broken") ({ why } = data);
    isEnded ||= data.kind === "end" || data.kind === "broken";
    change.happened();
  });
  const breakDown = (cause: string): void => {
    why = cause;
    isEnded = true;
    change.happened();
  };
  worker.addEventListener("error", ({ message = "" }) =>
    breakDown(message || "its worker ended without a word"),
  );
  worker.addEventListener("messageerror", () => breakDown("a decoded frame could not be handed over"));
  return {
    next: async () => {
      await change.until(() => waiting.length > 0 || isEnded);
      const data = waiting.shift();
      if (data === undefined && why !== null) throw new Error(why);
      if (data === undefined) return null;
      if (room !== null) {
        Atomics.add(room, 0, 1);
        Atomics.notify(room, 0);
      }
      const { widthPx, heightPx } = target;
      return { data, widthPx, heightPx, strideBytes: widthPx };
    },
    complaints: () => complaints,
  };
}

/** Opens a video with ffmpeg.wasm in a worker of its own, which blocks while it decodes. */
export async function openWithFfmpeg(file: File, urls: DecodeUrls): Promise<Result<FeedVideo>> {
  const worker = new Worker(new URL("./ffmpeg.worker.ts", import.meta.url), { type: "module" });
  const post = (request: FfmpegRequest): void => worker.postMessage(request);
  const shared = globalThis.crossOriginIsolated ? new SharedArrayBuffer(4) : null;
  const room = shared === null ? null : new Int32Array(shared).fill(roomCount);
  const facts = await new Promise<Result<VideoFacts>>((resolve) => {
    worker.onerror = (event): void => resolve(fail(broken(file.name, event.message)));
    worker.onmessage = ({ data }: MessageEvent<FfmpegReport>): void => {
      if (data.kind === "facts") resolve(data.facts);
      if (data.kind === "broken") resolve(fail(broken(file.name, data.why)));
    };
    const { ffmpegScript: scriptUrl, ffmpegWasm: wasmUrl } = urls;
    post({ kind: "start", file, scriptUrl, wasmUrl, room: shared });
  });
  if (!facts.ok || (room === null && isTooLong(facts.value))) {
    worker.terminate();
    return facts.ok ? fail(tooLong(file.name)) : facts;
  }
  return succeed({
    facts: facts.value,
    decoder: ffmpegCoreLabel,
    decode: (target) => {
      const feed = feedFrom(worker, room, target);
      post({ kind: "decode", facts: facts.value, target });
      return feed;
    },
    close: () => worker.terminate(),
  });
}
