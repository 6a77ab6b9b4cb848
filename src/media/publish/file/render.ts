import { fail, reason, succeed, unreachable, type Failure, type Result } from "../../../core/failure.ts";
import type { CodecName } from "../../../core/wire/setup.ts";
import type { FileKind, RenderFacts, RenderPlan, RenderReply, RenderRequest } from "./render.protocol.ts";

export type { FileKind, RenderFacts, RenderPlan };

/** A marked file that was made in the page. */
export type RenderedFile = { readonly blob: Blob; readonly facts: RenderFacts };

/** How far a rendering is. */
export type RenderProgress = { readonly doneCount: number; readonly frameCount: number };

/** Makes a marked file. */
export type RenderFile = (
  plan: RenderPlan,
  onProgress: (progress: RenderProgress) => void,
  signal: AbortSignal,
) => Promise<Result<RenderedFile>>;

/** Files are held in memory until they are saved: no more than this, bytes. */
const maxFileBytes = 1_000_000_000;

const codecsOf: Readonly<Record<FileKind, readonly [best: CodecName, ...rest: CodecName[]]>> = {
  mp4: ["h264", "vp9", "av1"],
  webm: ["vp9", "vp8", "av1"],
};

/** The codec asked for where such a file can hold it, else the one that most players of it have. */
export function codecIn(kind: FileKind, asked: CodecName): CodecName {
  const choices = codecsOf[kind];
  return choices.find((codec) => codec === asked) ?? choices[0];
}

/**
 * Renders a file in a worker, as fast as this device encodes and frame by frame: none is left out. Abort rejects with
 * `signal.reason` and leaves nothing behind.
 */
export const renderFile: RenderFile = async (plan, onProgress, signal) => {
  signal.throwIfAborted();
  if (!("VideoEncoder" in globalThis)) return fail(noWebCodecs);
  if (plan.durationS * plan.bitrateKbps * 125 > maxFileBytes) return fail(tooLarge(plan));
  const worker = new Worker(new URL("./render.worker.ts", import.meta.url), { type: "module" });
  try {
    return await new Promise<Result<RenderedFile>>((resolve, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
      worker.addEventListener("error", ({ message }) => resolve(fail(crashed(message))));
      worker.addEventListener("message", ({ data }: MessageEvent<RenderReply>) => {
        if (data.type === "progress") onProgress(data);
        else resolve(toResult(data));
      });
      const request: RenderRequest = { type: "render", plan };
      worker.postMessage(request);
    });
  } finally {
    worker.terminate();
  }
};

function toResult(reply: Exclude<RenderReply, { type: "progress" }>): Result<RenderedFile> {
  switch (reply.type) {
    case "failed":
      return fail(reply.failure);
    case "done":
      return succeed({
        blob: new Blob([reply.file], { type: reply.facts.type }),
        facts: reply.facts,
      });
    default:
      return unreachable(reply);
  }
}

const what = "Rendering the file";

const noWebCodecs: Failure = {
  kind: "unsupported",
  what: "This browser cannot encode video for a page (no WebCodecs)",
  where: "this browser",
  next: "Use a current Chromium, Chrome, Edge, Firefox or Safari over https or on localhost, or the command line: streamgauge render.",
};

function tooLarge({ durationS, bitrateKbps }: RenderPlan): Failure {
  const megabytes = Math.round((durationS * bitrateKbps) / 8000);
  return {
    kind: "refused-input",
    what,
    where: `${durationS} s at ${bitrateKbps} kbit/s are ${megabytes} MB`,
    next: `A page holds ${maxFileBytes / 1_000_000} MB: choose a shorter length or a lower bitrate, or use the command line: streamgauge render.`,
  };
}

function crashed(message: string): Failure {
  return {
    kind: "ended-early",
    what: "The worker that renders the file broke down",
    where: "this browser",
    next: "Try a shorter length or a smaller size.",
    cause: reason(message),
  };
}
