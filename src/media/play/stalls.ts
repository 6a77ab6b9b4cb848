import { toPageMs, type PageMs } from "../../core/clock/instants.ts";

/** The part of a video element whose stalls are watched. */
export type Stallable = Pick<
  HTMLVideoElement,
  "addEventListener" | "removeEventListener" | "seeking" | "paused"
>;

/** Shorter waits are no stall: elements say `waiting` for an instant when they begin or loop, ms. */
export const leastStallMs = 50;

/**
 * Tells each stretch in which an element that had begun to play waited for media (HTML, `waiting` to `playing`).
 * The answer ends it; a stall that goes on then is not told.
 */
export function watchStalls(
  video: Stallable,
  nowMs: () => number,
  tell: (atMs: PageMs, durationMs: number) => void,
): () => void {
  let hasPlayed = false;
  let sinceMs: number | null = null;
  const onWaiting = (): void => {
    if (hasPlayed && !video.seeking && !video.paused) sinceMs ??= nowMs();
  };
  const onPlaying = (): void => {
    hasPlayed = true;
    const beganMs = sinceMs;
    sinceMs = null;
    if (beganMs !== null && nowMs() - beganMs >= leastStallMs) tell(toPageMs(beganMs), nowMs() - beganMs);
  };
  const onEmptied = (): void => {
    // A new load by the way itself: its wait belongs to the trouble that made it necessary.
    hasPlayed = false;
    sinceMs = null;
  };
  video.addEventListener("waiting", onWaiting);
  video.addEventListener("playing", onPlaying);
  video.addEventListener("emptied", onEmptied);
  return () => {
    video.removeEventListener("waiting", onWaiting);
    video.removeEventListener("playing", onPlaying);
    video.removeEventListener("emptied", onEmptied);
  };
}
