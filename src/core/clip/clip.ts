import * as v from "valibot";

import type { PictureRect, PictureSize } from "../marker/layout.ts";

/** A video file that a sender sends, over and over: with a frame id, what makes its picture again. */
export type ClipFacts = {
  /** As the sender's device calls it. */
  readonly name: string;
  readonly sizeBytes: number;
  /** SHA-256 of the whole file, 64 hexadecimal digits in lower case. */
  readonly sha256: string;
  /** When its first picture is shown, us of the file's own clock. */
  readonly startUs: number;
  /** From there to the end of its last picture, us. */
  readonly lengthUs: number;
};

/** Longest name that is told, characters: facts are small. */
const maxNameLength = 120;

/** Checks what a sender tells of its file. */
export const clipFactsSchema: v.GenericSchema<unknown, ClipFacts> = v.strictObject({
  name: v.pipe(v.string(), v.maxLength(maxNameLength)),
  sizeBytes: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
  startUs: v.pipe(v.number(), v.safeInteger()),
  lengthUs: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
});

/** A file's name as it is told. */
export function toClipName(name: string): string {
  return name.length <= maxNameLength ? name : `${name.slice(0, maxNameLength - 1)}…`;
}

/** When in a file something is shown. */
export type ClipTimes = Pick<ClipFacts, "startUs" | "lengthUs">;

/** Where in a frame's time the file is looked at, 0..1: on no instant where pictures change, whole ratios of rates given. */
const lookAt = 0.29;

/**
 * The instant of the file that a frame shows, us of the file's clock; within the frame's time, so that rounding decides nothing. After the end the file begins again. Frame ids alone count: a sender that falls behind shows the
 * file slower, and leaves nothing out.
 */
export function clipTimeUs({ startUs, lengthUs }: ClipTimes, frameId: number, fps: number): number {
  return startUs + (Math.floor(((frameId + lookAt) * 1_000_000) / fps) % lengthUs);
}

function evenRound(value: number): number {
  return 2 * Math.round(value / 2);
}

/** The largest place of a picture's own shape in the middle of a frame, all of it even: chroma has half the samples. */
export function fitEven(shown: PictureSize, frame: PictureSize): PictureRect {
  const scale = Math.min(frame.widthPx / shown.widthPx, frame.heightPx / shown.heightPx);
  const widthPx = Math.max(2, Math.min(frame.widthPx, evenRound(shown.widthPx * scale)));
  const heightPx = Math.max(2, Math.min(frame.heightPx, evenRound(shown.heightPx * scale)));
  return {
    xPx: 2 * Math.floor((frame.widthPx - widthPx) / 4),
    yPx: 2 * Math.floor((frame.heightPx - heightPx) / 4),
    widthPx,
    heightPx,
  };
}
