import { basename } from "node:path";

import { succeed, type Failure, type Result } from "../../core/failure.ts";
import type { PictureSize } from "../../core/marker/layout.ts";
import type { FrameSource } from "../../core/quality/frame-source.ts";
import { noVideo, type VideoFacts } from "../../core/quality/video-facts.ts";
import { readMarkerInPlace } from "./read-marker.ts";

/** Luma frames as they are decoded. */
export type LumaStream = {
  /** The next frame; null after the last one, however often it is asked. */
  readonly next: () => Promise<Uint8Array | null>;
  /** What the decoder complained of so far, line by line. */
  readonly complaints: () => readonly string[];
  readonly close: () => void;
};

/** A video whose facts are known, and that is decoded when asked. Whoever opened it closes it. */
export type OpenedVideo = {
  readonly facts: VideoFacts;
  readonly decoder: string;
  /** Decodes it once, every picture brought to `size`. */
  readonly decode: (size: PictureSize) => LumaStream;
  readonly close: () => void;
};

/** Frames of a video for a run; markers are read where they may be needed. */
export function toSource(
  path: string,
  video: OpenedVideo,
  size: PictureSize,
  readsMarkers: boolean,
): FrameSource {
  const name = basename(path);
  const stream = video.decode(size);
  let index = -1;
  let failure: Failure | null = null;
  return {
    name,
    facts: video.facts,
    decoder: () => video.decoder,
    next: async () => {
      const data = await stream.next();
      if (data === null) {
        if (index < 0) failure = noVideo(path, false, stream.complaints().join(" "));
        return null;
      }
      index += 1;
      const luma = { data, ...size, strideBytes: size.widthPx };
      return { index, luma, marker: readsMarkers ? readMarkerInPlace(luma) : null };
    },
    end: () => ({ failure, notes: damageNotes(name, index + 1, stream.complaints()) }),
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
  open: (path: string) => Promise<Result<OpenedVideo>>,
  paths: readonly [reference: string, received: string],
): Promise<Result<readonly [OpenedVideo, OpenedVideo]>> {
  const reference = await open(paths[0]);
  if (!reference.ok) return reference;
  const received = await open(paths[1]);
  if (received.ok) return succeed([reference.value, received.value]);
  reference.value.close();
  return received;
}
