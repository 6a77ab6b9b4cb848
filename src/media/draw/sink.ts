import { generateTrack } from "./breakout-box.ts";
import type { PictureSource } from "./source.ts";

/** Where finished frames become a track. */
export type FrameSink = {
  readonly track: MediaStreamTrack;
  /** To be transferred to the worker, which then writes frames unseen by the page; null: give them to `take`. */
  readonly writable: WritableStream<VideoFrame> | null;
  /** As `PictureSource` has it. */
  readonly follow: PictureSource["follow"];
  /** Shows a frame and closes it. */
  readonly take: (frame: VideoFrame) => void;
  readonly close: () => void;
};

/** Makes a sink for frames of one size: a track generator where there is one, else a canvas that is captured. */
export function createSink(widthPx: number, heightPx: number): FrameSink | null {
  const generated = generateTrack();
  if (generated !== null) {
    return {
      track: generated,
      writable: generated.writable,
      follow: null,
      take: (frame) => frame.close(),
      close: () => generated.stop(),
    };
  }
  return createCanvasSink(widthPx, heightPx);
}

function createCanvasSink(widthPx: number, heightPx: number): FrameSink | null {
  const canvas = document.createElement("canvas");
  canvas.width = widthPx;
  canvas.height = heightPx;
  const context = canvas.getContext("2d", { alpha: false });
  // 0: a frame is captured when asked for, so that each is sent once.
  const stream = canvas.captureStream(0);
  const [track] = stream.getVideoTracks();
  if (context === null || track === undefined) return null;
  const followers = new Set<(frame: VideoFrame) => void>();
  return {
    track,
    writable: null,
    follow: (take) => {
      followers.add(take);
      return () => followers.delete(take);
    },
    take: (frame) => {
      for (const follower of followers) follower(frame.clone());
      context.drawImage(frame, 0, 0);
      frame.close();
      requestFrame(track);
      requestFrame(stream);
    },
    close: () => track.stop(),
  };
}

/** The specification has it on the track, Firefox on the stream (W3C mediacapture-fromelement, CanvasCaptureMediaStreamTrack). */
function requestFrame(captured: object): void {
  if ("requestFrame" in captured && typeof captured.requestFrame === "function") captured.requestFrame();
}
