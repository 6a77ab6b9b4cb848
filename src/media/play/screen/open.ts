import { addressOf } from "../claim.ts";
import type { Open } from "../way.ts";
import { playCapture } from "./play-capture.ts";

/** Plays a tab, window or screen that the user picks, at the rate at which it is drawn. */
export const playScreen: Open = async (target, options, signal) => {
  signal.throwIfAborted();
  const url = addressOf(target, ["screen:"]);
  if (!url.ok) return url;
  return playCapture(
    () => navigator.mediaDevices.getDisplayMedia({ video: { frameRate: 60 }, audio: false }),
    "a shared tab or window",
    options,
    signal,
  );
};
