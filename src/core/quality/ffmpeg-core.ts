import type { Result } from "../failure.ts";
import { lumaArgs, probeArgs, readProbe, type LumaTarget, type VideoFacts } from "./video-facts.ts";

/** A device of Emscripten's file system. */
type DeviceOperations = {
  readonly open: (stream: { seekable: boolean }) => void;
  readonly write: (stream: unknown, buffer: Uint8Array, offset: number, length: number) => number;
};

/** What is used of Emscripten's file system. */
type Files = {
  readonly filesystems: { readonly WORKERFS: unknown };
  readonly mkdir: (path: string) => unknown;
  readonly mount: (type: unknown, options: { readonly files: readonly unknown[] }, path: string) => unknown;
  readonly makedev: (major: number, minor: number) => number;
  readonly registerDevice: (device: number, operations: DeviceOperations) => void;
  readonly mkdev: (path: string, device: number) => unknown;
  readonly readFile: (path: string, options: { readonly encoding: "utf8" }) => string;
};

/**
 * The program of `@ffmpeg/core` as its own script starts it. Calls block until they are done. Whoever has WebAssembly starts it and
 * hands it in; it is a program of its own, run with arguments and files like ffmpeg's binary.
 */
export type FfmpegCore = {
  readonly exec: (...args: readonly string[]) => number;
  readonly ffprobe: (...args: readonly string[]) => number;
  readonly reset: () => void;
  readonly setLogger: (log: (line: { readonly type: string; readonly message: string }) => void) => void;
  readonly FS: Files;
};

/** The version of ffmpeg inside of `@ffmpeg/core` 0.12.10, as it states it itself. */
export const ffmpegCoreLabel = "ffmpeg.wasm (@ffmpeg/core 0.12.10, ffmpeg 5.1.4)";

/** A video opened in the program. */
export type CoreVideo = {
  readonly probe: () => Result<VideoFacts>;
  /**
   * Decodes it all and hands on frame after frame, before it returns; each is the taker's to keep.
   * @returns what the program complained of, line by line
   */
  readonly decode: (
    facts: VideoFacts,
    target: LumaTarget,
    onFrame: (luma: Uint8Array<ArrayBuffer>) => void,
  ) => readonly string[];
};

/** Lines that are kept of what the program complains of; a damaged file can bring thousands. */
const keptLineCount = 20;
const folder = "/video";
const frames = "/frames";

/** Cuts a stream of bytes into frames. */
function createFrameCutter(
  frameBytes: number,
  onFrame: (luma: Uint8Array<ArrayBuffer>) => void,
): (bytes: Uint8Array) => void {
  let frame = new Uint8Array(frameBytes);
  let filledBytes = 0;
  return (bytes) => {
    let taken = 0;
    while (taken < bytes.length) {
      const part = bytes.subarray(taken, taken + frameBytes - filledBytes);
      frame.set(part, filledBytes);
      taken += part.length;
      filledBytes += part.length;
      if (filledBytes < frameBytes) return;
      onFrame(frame);
      frame = new Uint8Array(frameBytes);
      filledBytes = 0;
    }
  };
}

/**
 * Opens a video in a program that has none yet.
 * @param file a `File`, or what can stand for one: `name`, `size`, `slice`; it is read piece by piece, never whole
 */
export function openInCore(core: FfmpegCore, file: { readonly name: string }, name: string): CoreVideo {
  const { FS } = core;
  const path = `${folder}/${file.name}`;
  let complaints: string[] = [];
  let takeBytes: ((bytes: Uint8Array) => void) | null = null;
  core.setLogger(({ type, message }) => {
    // "Aborted()" is how the program's exit shows.
    const isComplaint = type === "stderr" && message !== "Aborted()" && message !== "";
    if (isComplaint && complaints.length < keptLineCount) complaints.push(message);
  });
  FS.mkdir(folder);
  FS.mount(FS.filesystems.WORKERFS, { files: [file] }, folder);
  const device = FS.makedev(70, 0);
  FS.registerDevice(device, {
    open: (stream) => Object.assign(stream, { seekable: false }),
    write: (_stream, buffer, offset, length) => {
      takeBytes?.(new Uint8Array(buffer.buffer, buffer.byteOffset + offset, length));
      return length;
    },
  });
  FS.mkdev(frames, device);
  return {
    probe: () => {
      complaints = [];
      core.ffprobe(...probeArgs, "-o", "/facts.json", path);
      core.reset();
      return readProbe(FS.readFile("/facts.json", { encoding: "utf8" }), name, complaints.join(" "));
    },
    decode: (facts, target, onFrame) => {
      complaints = [];
      takeBytes = createFrameCutter(target.widthPx * target.heightPx, onFrame);
      core.exec(...lumaArgs(facts, target, path, frames));
      core.reset();
      return complaints;
    },
  };
}
