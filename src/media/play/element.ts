import type { TransportSample } from "../../core/timeline/transport.ts";

/** What a video element itself counts. */
export function sampleElement(video: HTMLVideoElement): TransportSample {
  const { totalVideoFrames, droppedVideoFrames } = video.getVideoPlaybackQuality();
  return {
    atMs: performance.now(),
    framesDecodedCount: totalVideoFrames,
    framesDroppedCount: droppedVideoFrames,
  };
}

/** End of the buffered stretch in which an instant lies, s; null when it lies in none. */
export function bufferEndS(buffered: TimeRanges, atS: number): number | null {
  for (let index = 0; index < buffered.length; index += 1) {
    if (buffered.start(index) <= atS + 0.1 && buffered.end(index) >= atS) return buffered.end(index);
  }
  return null;
}

/** Whether the picture moves, as far as an element tells: it neither stands, nor waits for media, nor is at its end. */
export function isPlaying({ paused, ended, readyState, HAVE_FUTURE_DATA }: HTMLVideoElement): boolean {
  return !paused && !ended && readyState >= HAVE_FUTURE_DATA;
}

/** Takes whatever plays out of an element. */
export function detach(video: HTMLVideoElement): void {
  video.pause();
  video.srcObject = null;
  video.removeAttribute("src");
  video.load();
}

/** Begins to play; browsers that refuse even a muted start are told by the element standing still, which the reader sees. */
export function play(video: HTMLVideoElement): void {
  // Rejects when a later load takes the place of this one.
  void video.play().catch(() => undefined);
}
