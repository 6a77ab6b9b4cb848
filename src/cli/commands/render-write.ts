import { once } from "node:events";
import { createWriteStream } from "node:fs";
import type { Writable } from "node:stream";

import { fail, succeed, type Failure, type Result } from "../../core/failure.ts";
import { encodeArgs, startFfmpeg } from "./render-ffmpeg.ts";
import type { RenderOptions } from "./render-options.ts";
import type { Pictures } from "./render-pictures.ts";
import { writeY4mHeader, y4mFrameHead } from "./render-y4m.ts";

/** Takes finished pictures. */
export type PictureSink = {
  /** Resolves once the bytes are used and may be painted over; false when nothing more can be taken. */
  readonly write: (bytes: Uint8Array) => Promise<boolean>;
  /** Resolves when the file is whole, or with why it is not. */
  readonly finish: () => Promise<Failure | null>;
  /** Ends at once; what was written is of no use. */
  readonly abort: () => void;
};

/** Opens the encoder, or for `y4m` the file itself. `target` is a path or `-`. */
export async function openSink(
  options: RenderOptions,
  pictures: Pictures,
  target: string,
  comment: string,
): Promise<Result<PictureSink>> {
  const { size, frameRate } = pictures;
  if (options.codec === null || options.format === "y4m") {
    const stream = target === "-" ? process.stdout : createWriteStream(target);
    return succeed(y4mSink(stream, writeY4mHeader({ ...size, frameRate }), options.out));
  }
  const args = encodeArgs({
    size,
    frameRate,
    codec: options.codec,
    format: options.format,
    rate: options.rate,
    gopFrameCount:
      options.gopFrameCount ?? Math.max(1, Math.round((2 * frameRate.frameCount) / frameRate.perS)),
    comment,
    target: target === "-" ? "pipe:1" : target,
  });
  const started = await startFfmpeg(options.ffmpeg, args, "Encoding the video", options.out);
  if (!started.ok) return started;
  const { child, ended, kill } = started.value;
  const { stdin, stdout } = child;
  if (stdin === null || stdout === null) return fail(noPipes(options.ffmpeg));
  // The pictures come from stdin; what is asked for on stdout is passed on, with its back-pressure.
  if (target === "-") stdout.pipe(process.stdout);
  else stdout.resume();
  return succeed({
    write: (bytes) => writeWhole(stdin, bytes),
    finish: async () => {
      stdin.end();
      return ended;
    },
    abort: kill,
  });
}

function noPipes(where: string): Failure {
  return {
    kind: "ended-early",
    what: "Encoding the video",
    where,
    next: "The program gave no pipes: start again.",
  };
}

/** Resolves when the stream has taken the bytes; false when it broke. */
function writeWhole(stream: Writable, bytes: Uint8Array | string): Promise<boolean> {
  return new Promise((resolve) => {
    stream.write(bytes, (error) => resolve(error === null || error === undefined));
  });
}

function y4mSink(stream: Writable, header: string, where: string): PictureSink {
  let broken: NodeJS.ErrnoException | null = null;
  stream.on("error", (error: NodeJS.ErrnoException) => {
    broken = error;
  });
  let isBegun = false;
  const failure = (): Failure | null =>
    broken === null
      ? null
      : {
          kind: broken.code === "EPIPE" ? "ended-early" : "denied",
          what: "Writing the pictures",
          where,
          next: "Check that the place can be written to, has room, and that what reads a pipe goes on reading.",
          cause: broken.message,
        };
  return {
    write: async (bytes) => {
      if (!isBegun && !(await writeWhole(stream, header))) return false;
      isBegun = true;
      if (!(await writeWhole(stream, y4mFrameHead))) return false;
      return writeWhole(stream, bytes);
    },
    finish: async () => {
      if (broken === null && stream !== process.stdout) {
        stream.end();
        await Promise.race([once(stream, "close"), once(stream, "finish")]).catch(() => undefined);
      }
      return failure();
    },
    abort: () => stream.destroy(),
  };
}
