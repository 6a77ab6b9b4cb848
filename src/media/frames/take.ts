import type { UnreadReason } from "../../core/timeline/observation.ts";
import { hasOwnName, isStillBefore, keyOfDisplayed, keyOfTaken, stampUsOf } from "./frame-key.ts";
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

/** What came of taking a frame from the element. */
export type ElementTake =
  /** On its way to the worker under this key. */
  | { readonly kind: "sent"; readonly frameKey: number }
  /** It is the one that was taken last. */
  | { readonly kind: "same" }
  /** The element does not show yet what the callback speaks of: to be asked for again. */
  | { readonly kind: "early" }
  | { readonly kind: "none"; readonly why: UnreadReason };

/**
 * Makes a frame of what the element shows now and gives it to the worker.
 * @param displayed the latest requestVideoFrameCallback
 * @param nowMs page clock; in the callback itself, the time that it is told
 * @param lastKey of the frame taken last; null before the first
 */
export function sendElementFrame(
  worker: ReadWorker,
  video: HTMLVideoElement,
  streamId: number,
  displayed: VideoFrameCallbackMetadata,
  nowMs: number,
  lastKey: number | null,
): ElementTake {
  let frame: VideoFrame;
  try {
    frame = new VideoFrame(video);
  } catch {
    // Browsers refuse once or twice while a stream starts ("invalid source state"), and always for protected streams.
    return { kind: "none", why: "unavailable" };
  }
  const names = { timestamp: frame.timestamp, rtpTimestamp: rtpTimestampOf(frame) };
  if (!hasOwnName(names, displayed) && isStillBefore(nowMs, displayed)) {
    frame.close();
    return { kind: "early" };
  }
  const frameKey = keyOfTaken(names, displayed);
  if (frameKey === lastKey) {
    frame.close();
    return { kind: "same" };
  }
  const isTheDisplayed = frameKey === keyOfDisplayed(displayed);
  const presentationTimeUs = isTheDisplayed ? stampUsOf(displayed) : frame.timestamp;
  worker.send({ kind: "frame", streamId, frameKey, presentationTimeUs, frame }, [frame]);
  return { kind: "sent", frameKey };
}
