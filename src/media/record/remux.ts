import scriptPath from "@ffmpeg/core?url";
import wasmPath from "@ffmpeg/core/wasm?url";
import { FFFSType, FFmpeg } from "@ffmpeg/ffmpeg";

import { fail, reason, succeed, type Failure, type Result } from "../../core/failure.ts";

/** What is put into one file whole, in the memory of ffmpeg.wasm: larger recordings are downloaded as they came. */
const largestBytes = 500_000_000;
/** Lines of ffmpeg's own words that are kept, for the failure's cause. */
const keptLineCount = 5;

/**
 * Puts a recording into an MP4 that every player can seek in, with its index first. Nothing is encoded again: the pictures are
 * the bytes that were received. ffmpeg.wasm does it in a worker of its own, which ends with the call.
 * @param recording segments as they came, one after the other (MPEG-TS, fragmented MP4)
 */
export async function toIndexedMp4(recording: Blob): Promise<Result<Blob>> {
  if (recording.size > largestBytes) return fail(tooLarge(recording.size));
  const ffmpeg = new FFmpeg();
  const lines: string[] = [];
  ffmpeg.on("log", ({ message }) => lines.push(message));
  try {
    await ffmpeg.load({
      coreURL: new URL(scriptPath, location.href).href,
      wasmURL: new URL(wasmPath, location.href).href,
    });
    await ffmpeg.createDir("/kept");
    await ffmpeg.mount(FFFSType.WORKERFS, { blobs: [{ name: "received", data: recording }] }, "/kept");
    const copy = ["-map", "0:v:0", "-c", "copy", "-movflags", "+faststart", "/indexed.mp4"];
    const code = await ffmpeg.exec(["-i", "/kept/received", ...copy]);
    if (code !== 0) return fail(refused(lines.slice(-keptLineCount).join(" ")));
    const bytes = await ffmpeg.readFile("/indexed.mp4");
    return succeed(new Blob([bytes as Uint8Array<ArrayBuffer>], { type: "video/mp4" }));
  } catch (error) {
    return fail(refused(reason(error)));
  } finally {
    ffmpeg.terminate();
  }
}

function tooLarge(bytes: number): Failure {
  return {
    kind: "refused-input",
    what: "making an MP4 of the recording",
    where: `${Math.round(bytes / 1e6)} MB`,
    next: `A page has room for ${largestBytes / 1e6} MB: download it as it was received, and let ffmpeg do it with -c copy.`,
  };
}

function refused(cause: string): Failure {
  return {
    kind: "ended-early",
    what: "making an MP4 of the recording",
    where: "ffmpeg.wasm",
    next: "Download it as it was received: ffmpeg and most players take that.",
    cause,
  };
}
