import type { UnreadReason } from "../../core/timeline/observation.ts";
import { keyOfDisplayed, keyOfTaken, stampUsOf } from "./frame-key.ts";
import { rtpTimestampOf } from "./rtp.shared.ts";
import type { ReadWorker } from "./worker-host.ts";

/** Not in TypeScript's DOM library: W3C draft "MediaStreamTrack Insertable Media Processing using Streams". */
type TrackProcessor = new (options: {
  readonly track: MediaStreamTrack;
  /** Frames held while the reader is busy; beyond it the oldest goes. */
  readonly maxBufferSize?: number;
}) => { readonly readable: ReadableStream<VideoFrame> };

/** Frames of a track that may wait for the reader while the machine is busy; few enough for a hardware decoder to go on. */
const trackBufferFrames = 8;

function trackProcessor(): TrackProcessor | null {
  const { MediaStreamTrackProcessor } = globalThis as {
    readonly MediaStreamTrackProcessor?: TrackProcessor;
  };
  return MediaStreamTrackProcessor ?? null;
}

/** Gives every frame of a track to the worker. False where this browser cannot: then frames come from the element. */
export function sendTrack(worker: ReadWorker, track: MediaStreamTrack, streamId: number): boolean {
  const Processor = trackProcessor();
  if (Processor === null || !worker.isRunning() || track.kind !== "video" || track.readyState === "ended")
    return false;
  const { readable } = new Processor({ track, maxBufferSize: trackBufferFrames });
  worker.send({ kind: "track", streamId, frames: readable }, [readable]);
  return true;
}

/**
 * Makes a frame of what the element shows, during a requestVideoFrameCallback, and gives it to the worker.
 * @returns why there is no frame, or null when it is on its way
 */
export function sendElementFrame(
  worker: ReadWorker,
  video: HTMLVideoElement,
  streamId: number,
  displayed: VideoFrameCallbackMetadata,
): UnreadReason | null {
  let frame: VideoFrame;
  try {
    frame = new VideoFrame(video);
  } catch {
    // Browsers refuse once or twice while a stream starts ("invalid source state"), and always for protected streams.
    return "unavailable";
  }
  const names = { timestamp: frame.timestamp, rtpTimestamp: rtpTimestampOf(frame) };
  const frameKey = keyOfTaken(names, displayed);
  const isTheDisplayed = frameKey === keyOfDisplayed(displayed);
  const presentationTimeUs = isTheDisplayed ? stampUsOf(displayed) : frame.timestamp;
  worker.send({ kind: "frame", streamId, frameKey, presentationTimeUs, frame }, [frame]);
  return null;
}
