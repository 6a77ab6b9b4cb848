import { basename } from "node:path";

import { succeed, type Failure, type Result } from "../../core/failure.ts";
import type { FrameSource } from "../../core/quality/frame-source.ts";
import { createLastingSource } from "../../core/quality/lasting-source.ts";
import { noVideo, type LumaTarget, type VideoFacts } from "../../core/quality/video-facts.ts";
import { readMarkerInPlace } from "./read-marker.ts";

/** Luma frames as they are decoded. */
export type LumaStream = {
  /** The next frame; null after the last one, however often it is asked. */
  readonly next: () => Promise<Uint8Array | null>;
  /** What the decoder complained of so far, line by line. */
  readonly complaints: () => readonly string[];
  /** After the last frame: why the decoder itself broke down; null where it came to the file's end. */
  readonly brokenBy: () => string | null;
  readonly close: () => void;
};

/** Opens the video at a path. */
export type OpenPath = (path: string) => Promise<Result<OpenedVideo>>;

/** A video whose facts are known, and that is decoded when asked. Whoever opened it closes it. */
export type OpenedVideo = {
  readonly facts: VideoFacts;
  readonly decoder: string;
  /** Decodes it once, every picture brought to `target`. */
  readonly decode: (target: LumaTarget) => LumaStream;
  readonly close: () => void;
};

function brokenDown(where: string, cause: string): Failure {
  const next = "Try again with other programs closed, for memory may be short, or with another ffmpeg.";
  return { kind: "ended-early", what: "Decoding the video", where, next, cause };
}

/** What is done about the markers of a video's frames: they cost time, and are read where they may be needed. */
export type MarkerUse = "read-markers" | "leave-markers";

/** Frames of a video for a run. A decoder that breaks down is started anew, once. */
export function toSource(
  path: string,
  video: OpenedVideo,
  target: LumaTarget,
  markers: MarkerUse,
  open: OpenPath,
): FrameSource {
  return createLastingSource(sourceOf(path, video, target, markers), async () => {
    const again = await open(path);
    return again.ok ? succeed(sourceOf(path, again.value, target, markers)) : again;
  });
}

function sourceOf(path: string, video: OpenedVideo, target: LumaTarget, markers: MarkerUse): FrameSource {
  const name = basename(path);
  const stream = video.decode(target);
  let index = -1;
  let failure: Failure | null = null;
  return {
    name,
    facts: video.facts,
    decoder: () => video.decoder,
    next: async () => {
      const data = await stream.next();
      if (data === null) {
        const cause = stream.brokenBy();
        if (cause !== null) failure = brokenDown(path, cause);
        else if (index < 0) failure = noVideo(path, false, stream.complaints().join(" "));
        return null;
      }
      index += 1;
      const { widthPx, heightPx } = target;
      const luma = { data, widthPx, heightPx, strideBytes: widthPx };
      return { index, luma, marker: markers === "read-markers" ? readMarkerInPlace(luma) : null };
    },
    end: () => ({
      failure,
      notes: failure === null ? damageNotes(name, index + 1, stream.complaints()) : [],
    }),
    close: () => {
      stream.close();
      video.close();
    },
  };
}

function damageNotes(name: string, frameCount: number, complaints: readonly string[]): readonly string[] {
  const [first] = complaints;
  if (first === undefined) return [];
  return [`${name}: the file is damaged; ${frameCount} frames could be decoded (${first.trim()})`];
}

/** Opens both videos or neither. */
export async function openBoth(
  open: OpenPath,
  paths: readonly [reference: string, received: string],
): Promise<Result<readonly [OpenedVideo, OpenedVideo]>> {
  const reference = await open(paths[0]);
  if (!reference.ok) return reference;
  const received = await open(paths[1]);
  if (received.ok) return succeed([reference.value, received.value]);
  reference.value.close();
  return received;
}
