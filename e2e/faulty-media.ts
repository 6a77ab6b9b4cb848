import { spawn } from "node:child_process";
import { once } from "node:events";
import { buffer } from "node:stream/consumers";

import { render } from "./marked-media.ts";

/** What is wrong with a stream of marked frames whose ids count from 0. Plain data: it goes into a page too. */
export type Faults = {
  readonly fps: number;
  readonly frameCount: number;
  /** Ids that are never shown. */
  readonly dropped: readonly number[];
  /** Ids that are shown again in place of the one that follows them. */
  readonly repeated: readonly number[];
  /** Ids that are shown after the one that follows them. */
  readonly swapped: readonly number[];
};

/** Ids in the order in which they are shown. */
export function shownOrder({ frameCount, dropped, repeated, swapped }: Faults): readonly number[] {
  const order = Array.from({ length: frameCount }, (_, id) => (repeated.includes(id - 1) ? id - 1 : id));
  for (const id of swapped) order.splice(id, 2, id + 1, id);
  return order.filter((id) => !dropped.includes(id));
}

/** A picture that stands still: the frame after `id` is shown later by so many frame intervals. */
export type Hold = { readonly id: number; readonly frameCount: number };

/** Makes an MP4 (H.264) of frames with known faults: rendered one by one, put in another order, and encoded then. */
export async function makeFaultyFile(path: string, faults: Faults, hold: Hold): Promise<void> {
  const { fps, frameCount } = faults;
  const size = { widthPx: 320, heightPx: 180 };
  const shape = ["--scene", "marker", "--size", `${size.widthPx}x${size.heightPx}`, "--fps", String(fps)];
  const raw = await render([
    ...shape,
    "--duration",
    String(frameCount / fps),
    "--format",
    "y4m",
    "--out",
    "-",
  ]);
  const headByteCount = raw.indexOf("\n") + 1;
  const pictureByteCount = size.widthPx * size.heightPx * 1.5;
  const frameByteCount = "FRAME\n".length + pictureByteCount;
  const order = shownOrder(faults);
  const pictures = order.map((id) => {
    const end = headByteCount + (id + 1) * frameByteCount;
    return raw.subarray(end - pictureByteCount, end);
  });
  const heldFrom = order.lastIndexOf(hold.id);
  const times = `setpts=round((N+gt(N\\,${heldFrom})*${hold.frameCount})/${fps}/TB)`;
  const input = [
    "-f",
    "rawvideo",
    "-pixel_format",
    "yuv420p",
    "-video_size",
    "320x180",
    "-framerate",
    String(fps),
  ];
  const output = [
    "-vf",
    times,
    "-vsync",
    "passthrough",
    "-c:v",
    "libx264",
    "-bf",
    "0",
    "-pix_fmt",
    "yuv420p",
  ];
  const ffmpeg = spawn("ffmpeg", ["-v", "error", "-y", ...input, "-i", "pipe:0", ...output, path], {
    stdio: ["pipe", "ignore", "pipe"],
  });
  const said = buffer(ffmpeg.stderr);
  ffmpeg.stdin.end(Buffer.concat(pictures));
  const [code] = (await once(ffmpeg, "close")) as [number | null];
  if (code !== 0) throw new Error(`ffmpeg made no file: ${String(await said)}`);
}

/**
 * A script to go before that of the worker which draws a sender's pictures: what it hands to the encoder then has the faults, its media
 * times rise all the same, and no more frames come than before, which a browser that sends would leave out.
 */
export function faultyWriter({ fps, dropped, repeated, swapped }: Faults): string {
  return `{
    const { halfMs, dropped, repeated, swapped } = ${JSON.stringify({ halfMs: 500 / fps, dropped, repeated, swapped })};
    const write = WritableStreamDefaultWriter.prototype.write;
    const stamped = (frame, { timestamp }) => {
      const made = new VideoFrame(frame, { timestamp });
      frame.close();
      return made;
    };
    let id = -1;
    let kept = null;
    WritableStreamDefaultWriter.prototype.write = function (frame) {
      id += 1;
      const before = kept;
      kept = swapped.includes(id) ? frame : repeated.includes(id) ? frame.clone() : null;
      if (swapped.includes(id)) return Promise.resolve();
      if (dropped.includes(id)) {
        frame.close();
        return Promise.resolve();
      }
      if (repeated.includes(id - 1)) {
        const again = stamped(before, frame);
        frame.close();
        return write.call(this, again);
      }
      if (swapped.includes(id - 1)) {
        const [first, late] = [new VideoFrame(frame, { timestamp: before.timestamp }), stamped(before, frame)];
        frame.close();
        setTimeout(() => write.call(this, late), halfMs);
        return write.call(this, first);
      }
      return write.call(this, frame);
    };
  }`;
}
