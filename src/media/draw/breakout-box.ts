/** MediaStreamTrackProcessor of Chromium: a track's frames as a stream (W3C mediacapture-transform). */
export type TrackProcessor = { readonly readable: ReadableStream<VideoFrame> };
/** MediaStreamTrackGenerator of Chromium: a track made of the frames that are written to it. */
export type TrackGenerator = MediaStreamTrack & { readonly writable: WritableStream<VideoFrame> };

type BreakoutBox = {
  readonly MediaStreamTrackProcessor?: new (init: {
    readonly track: MediaStreamTrack;
    readonly maxBufferSize?: number;
  }) => TrackProcessor;
  readonly MediaStreamTrackGenerator?: new (init: { readonly kind: "video" }) => TrackGenerator;
};

const box: BreakoutBox = globalThis as BreakoutBox;

/** The newest frames of a track; null in browsers without it. */
export function processTrack(track: MediaStreamTrack): TrackProcessor | null {
  const { MediaStreamTrackProcessor: Processor } = box;
  return Processor === undefined ? null : new Processor({ track, maxBufferSize: 1 });
}

/** A track to write frames to; null in browsers without it. */
export function generateTrack(): TrackGenerator | null {
  const { MediaStreamTrackGenerator: Generator } = box;
  return Generator === undefined ? null : new Generator({ kind: "video" });
}
