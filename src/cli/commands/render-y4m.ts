import type { Readable } from "node:stream";

import type { PictureSize } from "../../core/marker/layout.ts";
import type { FrameRate } from "./render-options.ts";

/** What the first line of a YUV4MPEG2 stream says (the format's description: mjpegtools, yuv4mpeg(5)). */
export type Y4mHeader = PictureSize & { readonly frameRate: FrameRate };

/** Goes before every frame. */
export const y4mFrameHead: string = "FRAME\n";

/** Writes the first line: progressive, square pixels, chroma between two lines as H.264 has it, limited range. */
export function writeY4mHeader({ widthPx, heightPx, frameRate }: Y4mHeader): string {
  const { frameCount, perS } = frameRate;
  return `YUV4MPEG2 W${widthPx} H${heightPx} F${frameCount}:${perS} Ip A1:1 C420mpeg2 XYSCSS=420MPEG2 XCOLORRANGE=LIMITED\n`;
}

/** Reads the first line; null when it is none, or of another chroma format than 4:2:0 with 8 bits. */
export function readY4mHeader(line: string): Y4mHeader | null {
  const [magic, ...words] = line.split(" ");
  if (magic !== "YUV4MPEG2") return null;
  const valueOf = (letter: string): string => words.find((word) => word.startsWith(letter))?.slice(1) ?? "";
  const [frameCount = 0, perS = 0] = valueOf("F").split(":").map(Number);
  const chroma = valueOf("C");
  const isPlain = chroma === "" || /^420(?:jpeg|mpeg2|paldv)?$/.test(chroma);
  const header = { widthPx: Number(valueOf("W")), heightPx: Number(valueOf("H")) };
  if (!isPlain || !(header.widthPx > 0) || !(header.heightPx > 0) || !(frameCount > 0) || !(perS > 0))
    return null;
  return { ...header, frameRate: { frameCount, perS } };
}

/** Takes lines and exact lengths out of a stream of bytes. */
export type ByteReader = {
  /** The next line without its end; null at the end of the stream. At most 1000 bytes. */
  readonly line: () => Promise<string | null>;
  /** Fills the target; false when the stream ended before it was full. */
  readonly readInto: (target: Uint8Array) => Promise<boolean>;
};

const longestLineBytes = 1000;
const newLine = 0x0a;

/** Makes a reader. It pulls, so a stream that is not read stands still. */
export function createByteReader(stream: Readable): ByteReader {
  const pieces = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  let rest: Buffer = Buffer.alloc(0);
  const more = async (): Promise<boolean> => {
    const next = await pieces.next();
    if (next.done === true) return false;
    rest = rest.length === 0 ? next.value : Buffer.concat([rest, next.value]);
    return true;
  };
  return {
    line: async () => {
      while (!rest.includes(newLine)) {
        if (rest.length > longestLineBytes || !(await more())) return null;
      }
      const end = rest.indexOf(newLine);
      const text = rest.toString("latin1", 0, end);
      rest = rest.subarray(end + 1);
      return text;
    },
    readInto: async (target) => {
      let filled = 0;
      while (filled < target.length) {
        if (rest.length === 0 && !(await more())) return false;
        const length = Math.min(rest.length, target.length - filled);
        target.set(rest.subarray(0, length), filled);
        rest = rest.subarray(length);
        filled += length;
      }
      return true;
    },
  };
}
