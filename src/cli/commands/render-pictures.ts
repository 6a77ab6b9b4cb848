import { fail, succeed, type Failure, type Result } from "../../core/failure.ts";
import type { PictureSize } from "../../core/marker/layout.ts";
import type { Planes } from "../../core/scene/planes.ts";
import { createPlainScene, createScene } from "../../core/scene/scene.ts";
import { decodeArgs, startFfmpeg } from "./render-ffmpeg.ts";
import { isFrameRate, isPictureSize, type FrameRate, type RenderOptions } from "./render-options.ts";
import { createByteReader, readY4mHeader } from "./render-y4m.ts";

/** Pictures to draw the marker over, one after the other. Whoever opened them closes them. */
export type Pictures = {
  readonly size: PictureSize;
  readonly frameRate: FrameRate;
  /** Known beforehand, or null where the video ends when it ends. */
  readonly frameCount: number | null;
  /** Fills the planes with the next picture; false after the last one. */
  readonly next: (frameId: number, planes: Planes) => Promise<boolean>;
  /** Why there were no more, when that was not the end; to be asked after `next` was false. */
  readonly failure: () => Promise<Failure | null>;
  readonly close: () => void;
};

/** Opens what the options ask for: the scene, or the user's own video. */
export async function openPictures(options: RenderOptions): Promise<Result<Pictures>> {
  return options.over === null ? succeed(openScene(options)) : openVideo(options, options.over);
}

function openScene({ scene, seed, size, frameRate, durationS }: RenderOptions): Pictures {
  if (size === null || frameRate === null || durationS === null)
    throw new Error("a scene has no size, rate or length of its own");
  const painter = scene === "builtin" ? createScene({ ...size, seed }) : createPlainScene();
  const frameCount = Math.max(1, Math.round((durationS * frameRate.frameCount) / frameRate.perS));
  return {
    size,
    frameRate,
    frameCount,
    next: async (frameId, planes) => {
      if (frameId >= frameCount) return false;
      painter.paint(frameId, planes);
      return true;
    },
    failure: async () => null,
    close: () => undefined,
  };
}

async function openVideo(options: RenderOptions, source: string): Promise<Result<Pictures>> {
  const { size, frameRate, durationS } = options;
  const what = "Reading the video to draw over";
  const args = decodeArgs({ source, size, frameRate, durationS });
  const decoder = await startFfmpeg(options.ffmpeg, args, what, source);
  if (!decoder.ok) return decoder;
  const { child, ended, kill } = decoder.value;
  child.stdin?.end();
  if (child.stdout === null) throw new Error("ffmpeg was started without pipes");
  const bytes = createByteReader(child.stdout);
  const line = await bytes.line();
  const header = line === null ? null : readY4mHeader(line);
  const refused = header === null ? ((await ended) ?? noPictures(source)) : refusalOf(header, source);
  if (header === null || refused !== null) {
    kill();
    return fail(refused ?? noPictures(source));
  }
  const { widthPx, heightPx } = header;
  return succeed({
    size: { widthPx, heightPx },
    frameRate: header.frameRate,
    frameCount: null,
    next: async (_frameId, planes) => {
      const head = await bytes.line();
      return head !== null && head.startsWith("FRAME") && bytes.readInto(planes.bytes);
    },
    failure: () => ended,
    close: kill,
  });
}

function noPictures(where: string): Failure {
  return {
    kind: "refused-input",
    what: "Reading the video to draw over",
    where,
    next: "ffmpeg found no picture in it: choose another video.",
  };
}

function refusalOf(header: PictureSize & { readonly frameRate: FrameRate }, where: string): Failure | null {
  const { widthPx, heightPx, frameRate } = header;
  const base = { kind: "refused-input", what: "Reading the video to draw over", where } as const;
  if (!isPictureSize(header)) {
    const next = `Its pictures are ${widthPx}x${heightPx}; give a size that can be marked, such as --size 1280x720.`;
    return { ...base, next };
  }
  if (isFrameRate(frameRate)) return null;
  const fps = (frameRate.frameCount / frameRate.perS).toFixed(2);
  return { ...base, next: `It has ${fps} frames per second; give 1 to 60, such as --fps 30.` };
}
