import ffmpegScriptPath from "@ffmpeg/core?url";
import ffmpegWasmPath from "@ffmpeg/core/wasm?url";
import finderWasmPath from "zxing-wasm/reader/zxing_reader.wasm?url";

import { fail, succeed, type Failure, type Result } from "../../core/failure.ts";
import type { DecodedFrame, FrameSource, SourceEnd } from "../../core/quality/frame-source.ts";
import { createLastingSource } from "../../core/quality/lasting-source.ts";
import type { LumaTarget, VideoFacts } from "../../core/quality/video-facts.ts";
import type { DecodeReport, DecodeRequest, DecoderChoice, MarkerReadingWish } from "./decode.protocol.ts";

/** A video whose facts are known and that is decoded when asked. Whoever opened it closes it. */
export type OpenedVideo = {
  readonly name: string;
  readonly facts: VideoFacts;
  /** What decodes it. */
  readonly decoder: string;
  /** Decodes it once, in another worker where the first breaks down; brought to `target` where ffmpeg.wasm decodes it. Closing the source closes the video. */
  readonly decode: (target: LumaTarget, markers: MarkerReadingWish) => FrameSource;
  readonly close: () => void;
};

/** Bytes of frames of one video that may be on their way. */
const roomBytes = 48_000_000;

function absolute(path: string): string {
  return new URL(path, location.href).href;
}

function crashed(where: string, cause: string): Failure {
  return {
    kind: "ended-early",
    what: "decoding the video",
    where,
    next: "Try again with other pages closed, for memory may be short, or try another file.",
    ...(cause === "" ? {} : { cause }),
  };
}

/** A decoding worker, its reports one after the other. */
type Decoding = {
  readonly post: (request: DecodeRequest) => void;
  readonly next: () => Promise<DecodeReport>;
  readonly close: () => void;
};

function startDecoding(name: string, signal: AbortSignal): Decoding {
  const worker = new Worker(new URL("./decode.worker.ts", import.meta.url), { type: "module" });
  const reports: DecodeReport[] = [];
  let wake: (() => void) | null = null;
  const put = (report: DecodeReport): void => {
    reports.push(report);
    wake?.();
  };
  worker.onmessage = ({ data }: MessageEvent<DecodeReport>): void => put(data);
  const breakDown = (cause: string): void => put({ kind: "end", failure: crashed(name, cause), notes: [] });
  worker.onerror = (event): void => breakDown(event.message);
  worker.onmessageerror = (): void => breakDown("a decoded frame could not be handed over");
  const stop = (): void => {
    worker.terminate();
    wake?.();
  };
  signal.addEventListener("abort", stop, { once: true });
  return {
    post: (request) => worker.postMessage(request),
    next: async () => {
      for (;;) {
        signal.throwIfAborted();
        const report = reports.shift();
        if (report !== undefined) return report;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
    close: () => {
      signal.removeEventListener("abort", stop);
      worker.terminate();
    },
  };
}

function toSource(video: Pick<OpenedVideo, "name" | "facts" | "decoder">, decoding: Decoding): FrameSource {
  let decoder = video.decoder;
  let end: SourceEnd | null = null;
  const next = async (): Promise<DecodedFrame | null> => {
    while (end === null) {
      const report = await decoding.next();
      if (report.kind === "frame") {
        decoding.post({ kind: "more" });
        return report.frame;
      }
      if (report.kind === "decoder") ({ decoder } = report);
      if (report.kind === "end") end = { failure: report.failure, notes: report.notes };
    }
    return null;
  };
  return {
    name: video.name,
    facts: video.facts,
    decoder: () => decoder,
    next,
    end: () => end ?? { failure: null, notes: [] },
    close: decoding.close,
  };
}

async function openOnce(
  file: File,
  choice: DecoderChoice,
  signal: AbortSignal,
): Promise<Result<OpenedVideo>> {
  const decoding = startDecoding(file.name, signal);
  const urls = {
    finderWasm: absolute(finderWasmPath),
    ffmpegScript: absolute(ffmpegScriptPath),
    ffmpegWasm: absolute(ffmpegWasmPath),
  };
  decoding.post({ kind: "open", file, choice, urls });
  const report = await decoding.next();
  if (report.kind !== "opened" || !report.facts.ok) {
    decoding.close();
    if (report.kind === "opened" && !report.facts.ok) return report.facts;
    return fail((report.kind === "end" ? report.failure : null) ?? crashed(file.name, ""));
  }
  const video = { name: file.name, facts: report.facts.value, decoder: report.decoder };
  return succeed({
    ...video,
    decode: (target, markers) => {
      const roomCount = Math.min(24, Math.max(3, Math.floor(roomBytes / (target.widthPx * target.heightPx))));
      decoding.post({ kind: "decode", target, markers, roomCount });
      return toSource(video, decoding);
    },
    close: decoding.close,
  });
}

/** Opens a video in a worker of its own. Rejects only when it is aborted, which closes the worker at any time. */
export async function openVideo(
  file: File,
  choice: DecoderChoice,
  signal: AbortSignal,
): Promise<Result<OpenedVideo>> {
  const opened = await openOnce(file, choice, signal);
  if (!opened.ok) return opened;
  return succeed({
    ...opened.value,
    decode: (target, markers) =>
      createLastingSource(opened.value.decode(target, markers), async () => {
        const again = await openOnce(file, choice, signal);
        return again.ok ? succeed(again.value.decode(target, markers)) : again;
      }),
  });
}
