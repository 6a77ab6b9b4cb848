import { spawn } from "node:child_process";
import { once } from "node:events";
import { dirname, join } from "node:path";

import { fail, succeed, type Result } from "../../core/failure.ts";
import type { PictureSize } from "../../core/marker/layout.ts";
import { lumaArgs, noVideo, probeArgs, readProbe, type VideoFacts } from "../../core/quality/video-facts.ts";
import { createByteReader } from "../commands/render-y4m.ts";
import type { OpenedVideo } from "./open-video.ts";

/** ffmpeg on this machine. */
export type FfmpegBinary = { readonly ffmpeg: string; readonly ffprobe: string; readonly label: string };

type Said = { readonly out: string; readonly err: string; readonly isThere: boolean };

/** Runs a program to its end; what it says is kept up to a bound. */
async function say(program: string, args: readonly string[]): Promise<Said> {
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"] });
  let out = "";
  let err = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (out = (out + text).slice(0, 1_000_000)));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (err = (err + text).slice(0, 4000)));
  try {
    await once(child, "close");
    return { out, err, isThere: true };
  } catch {
    // There is no such program.
    return { out, err, isThere: false };
  }
}

/** Looks for ffmpeg with ffprobe beside it; null where one of them is missing. `path` is a name in PATH or a file. */
export async function findFfmpeg(path: string): Promise<FfmpegBinary | null> {
  const directory = dirname(path);
  const ffprobe = directory === "." ? "ffprobe" : join(directory, "ffprobe");
  const [version, other] = await Promise.all([say(path, ["-version"]), say(ffprobe, ["-version"])]);
  if (!version.isThere || !other.isThere) return null;
  const number = /^ffmpeg version (\S+)/u.exec(version.out)?.[1];
  return number === undefined ? null : { ffmpeg: path, ffprobe, label: `ffmpeg ${number}` };
}

/** Frames whose bytes wait in memory: each shared, so that threads need no copy. */
function newFrame(lumaBytes: number): Uint8Array {
  return new Uint8Array(new SharedArrayBuffer(lumaBytes));
}

function linesOf(text: string): readonly string[] {
  return text.split("\n").filter((line) => line.trim() !== "");
}

function decodeWith(
  binary: FfmpegBinary,
  path: string,
  facts: VideoFacts,
  size: PictureSize,
): {
  readonly next: () => Promise<Uint8Array | null>;
  readonly complaints: () => readonly string[];
  readonly close: () => void;
} {
  const args = lumaArgs(facts, size, `file:${path}`, "pipe:1");
  const child = spawn(binary.ffmpeg, args, { stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (said = (said + text).slice(0, 4000)));
  const bytes = createByteReader(child.stdout);
  return {
    next: async () => {
      const frame = newFrame(size.widthPx * size.heightPx);
      return (await bytes.readInto(frame)) ? frame : null;
    },
    complaints: () => linesOf(said),
    close: () => void child.kill("SIGKILL"),
  };
}

/** Opens a video with ffmpeg's binary. */
export async function openWithBinary(binary: FfmpegBinary, path: string): Promise<Result<OpenedVideo>> {
  const probed = await say(binary.ffprobe, [...probeArgs, `file:${path}`]);
  if (!probed.isThere) return fail(noVideo(path, false, `${binary.ffprobe} does not start`));
  const facts = readProbe(probed.out, path, probed.err.trim());
  if (!facts.ok) return facts;
  return succeed({
    facts: facts.value,
    decoder: binary.label,
    decode: (size) => decodeWith(binary, path, facts.value, size),
    close: () => undefined,
  });
}
