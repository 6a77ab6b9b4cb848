import { toSenderUs } from "../clock/instants.ts";
import type { FrameSource } from "./frame-source.ts";
import type { VideoFacts } from "./video-facts.ts";

/** A video from a script: for each frame the id its marker says, or null where none can be read. */
export type FakeVideo = Partial<VideoFacts> & {
  readonly ids: readonly (number | null)[];
  readonly runNumber?: number;
  /** Luma of a frame; black when not given. */
  readonly luma?: (index: number) => Uint8Array;
};

const facts: VideoFacts = {
  codec: "h264",
  widthPx: 64,
  heightPx: 48,
  pixelFormat: "yuv420p",
  isFullRange: false,
  matrix: "bt601",
  rotationDegrees: 0,
  frameRateFps: 30,
  durationS: null,
  frameCount: null,
  streamIndex: 0,
};

/** Opens a scripted video. */
export function openFakeVideo(name: string, video: FakeVideo): FrameSource {
  const { ids, runNumber = 1, luma, ...own } = video;
  const all = { ...facts, frameCount: ids.length, ...own };
  let index = -1;
  return {
    name,
    facts: all,
    decoder: () => "a script",
    next: async () => {
      index += 1;
      const frameId = ids[index];
      if (frameId === undefined) return null;
      const { widthPx, heightPx } = all;
      const data = luma?.(index) ?? new Uint8Array(widthPx * heightPx);
      const marker = frameId === null ? null : { runNumber, frameId, captureTimeUs: toSenderUs(frameId) };
      return { index, luma: { data, widthPx, heightPx, strideBytes: widthPx }, marker };
    },
    end: () => ({ failure: null, notes: [] }),
    close: () => undefined,
  };
}
