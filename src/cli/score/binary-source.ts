import { spawn } from "node:child_process";
import { once } from "node:events";
import { dirname, join } from "node:path";

import { fail, succeed, type Result } from "../../core/failure.ts";
import {
  lumaArgs,
  noVideo,
  probeArgs,
  readProbe,
  type LumaTarget,
  type VideoFacts,
} from "../../core/quality/video-facts.ts";
import { createByteReader } from "../commands/render-y4m.ts";
import type { LumaStream, OpenedVideo } from "./open-video.ts";

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

/** How the program's end tells that it broke down; null where it came to the file's end, damaged as the file may be. */
function breakdownOf(signal: NodeJS.Signals | null): string | null {
  return signal === null ? null : `ffmpeg was ended by ${signal}`;
}

function decodeWith(binary: FfmpegBinary, path: string, facts: VideoFacts, target: LumaTarget): LumaStream {
  const args = lumaArgs(facts, target, `file:${path}`, "pipe:1");
  const child = spawn(binary.ffmpeg, args, { stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (said = (said + text).slice(0, 4000)));
  const ended = new Promise<string | null>((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("close", (_code, signal) => resolve(breakdownOf(signal)));
  });
  const bytes = createByteReader(child.stdout);
  let brokenBy: string | null = null;
  return {
    next: async () => {
      const frame = newFrame(target.widthPx * target.heightPx);
      if (await bytes.readInto(frame)) return frame;
      brokenBy = await ended;
      return null;
    },
    complaints: () => linesOf(said),
    brokenBy: () => brokenBy,
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
    decode: (target) => decodeWith(binary, path, facts.value, target),
    close: () => undefined,
  });
}
