import type { Worker } from "node:worker_threads";

import { fail, succeed, type Failure, type Result } from "../../core/failure.ts";
import { ffmpegCoreLabel } from "../../core/quality/ffmpeg-core.ts";
import type { LumaTarget, VideoFacts } from "../../core/quality/video-facts.ts";
import type { CoreJob, CoreReport, CoreRequest } from "./core-frames.ts";
import type { LumaStream, OpenedVideo } from "./open-video.ts";
import { startThread } from "./threads.ts";

const wordless = "its thread ended without a word";
/** Decoded frames that may wait. */
const roomCount = 8;

function broken(where: string, cause: string): Failure {
  return {
    kind: "ended-early",
    what: "Decoding with ffmpeg.wasm",
    where,
    next: "Install ffmpeg, which needs less memory, or try another file.",
    cause,
  };
}

/**
 * Frames as a decoding thread sends them; where it breaks down, they end and `brokenBy` says why.
 * @param room as the thread was started with
 */
export function streamFrom(
  thread: Pick<Worker, "on" | "postMessage" | "threadId">,
  room: SharedArrayBuffer,
  request: CoreRequest,
): LumaStream {
  const waiting: Uint8Array[] = [];
  const roomLeft = new Int32Array(room);
  let complaints: readonly string[] = [];
  // A thread that is gone already says so by its number, and never again.
  let isEnded = thread.threadId === -1;
  let brokenBy: string | null = isEnded ? wordless : null;
  let wake: (() => void) | null = null;
  const put = (frame: Uint8Array | null): void => {
    if (frame === null) isEnded = true;
    else waiting.push(frame);
    wake?.();
  };
  thread.on("message", (report: CoreReport) => {
    if (report.kind === "frame") put(report.luma);
    if (report.kind !== "end") return;
    ({ complaints } = report);
    put(null);
  });
  thread.on("error", (error) => {
    brokenBy = error.message;
    put(null);
  });
  thread.on("exit", () => {
    if (!isEnded) brokenBy ??= wordless;
    put(null);
  });
  thread.postMessage(request);
  return {
    next: async () => {
      if (waiting.length === 0 && !isEnded) await new Promise<void>((resolve) => (wake = resolve));
      Atomics.add(roomLeft, 0, 1);
      Atomics.notify(roomLeft, 0);
      return waiting.shift() ?? null;
    },
    complaints: () => complaints,
    brokenBy: () => brokenBy,
    close: () => undefined,
  };
}

/** Opens a video with ffmpeg.wasm in a thread of its own, which blocks while it decodes. */
export async function openWithCore(path: string): Promise<Result<OpenedVideo>> {
  const room = new SharedArrayBuffer(4);
  new Int32Array(room)[0] = roomCount;
  const job: CoreJob = { path, room };
  const thread = startThread("decode-thread", job);
  const facts = await new Promise<Result<VideoFacts>>((resolve) => {
    thread.once("error", (error) => resolve(fail(broken(path, error.message))));
    thread.once("exit", () => resolve(fail(broken(path, wordless))));
    thread.once("message", (report: CoreReport) => {
      if (report.kind === "facts") resolve(report.facts);
    });
  });
  if (!facts.ok) {
    await thread.terminate();
    return facts;
  }
  return succeed({
    facts: facts.value,
    decoder: ffmpegCoreLabel,
    decode: (target: LumaTarget) => streamFrom(thread, room, { facts: facts.value, target }),
    close: () => void thread.terminate(),
  });
}
