import { addressOf } from "../claim.ts";
import { playCapture } from "../screen/play-capture.ts";
import type { Open } from "../way.ts";

/** Plays what a camera sees; the one at the back of a phone where there are two. */
export const playCamera: Open = async (target, options, signal) => {
  signal.throwIfAborted();
  const url = addressOf(target, ["camera:"]);
  if (!url.ok) return url;
  return playCapture(
    () =>
      navigator.mediaDevices.getUserMedia({
        video: {
          facingMode: "environment",
          width: { ideal: 1920 },
          height: { ideal: 1080 },
          frameRate: { ideal: 60 },
        },
      }),
    "a camera",
    options,
    signal,
  );
};
