import { toPageMs, type PageMs } from "../../core/clock/instants.ts";

/** The part of a video element whose stalls are watched. */
export type Stallable = Pick<
  HTMLVideoElement,
  "addEventListener" | "removeEventListener" | "seeking" | "paused"
>;

/** Shorter waits are no stall: elements say `waiting` for an instant when they begin or loop, ms. */
export const leastStallMs = 50;

/**
 * Tells each stretch in which a viewer of an element that had begun to play waited for media (HTML, `waiting` to `playing`).
 * Where the way loads anew (`emptied`) the wait goes on, or begins: it is the viewer's, whatever it was done for. A pause and
 * the end of the media are no waits. The answer ends it; a stall that goes on then is not told.
 */
export function watchStalls(
  video: Stallable,
  nowMs: () => number,
  tell: (atMs: PageMs, durationMs: number) => void,
): () => void {
  // `paused` does not tell a viewer's pause from that of a load, which comes without an event.
  let isWatched = false;
  let sinceMs: number | null = null;
  const onWaiting = (): void => {
    if (isWatched && !video.seeking && !video.paused) sinceMs ??= nowMs();
  };
  const onEmptied = (): void => {
    if (isWatched) sinceMs ??= nowMs();
  };
  const onPlaying = (): void => {
    isWatched = true;
    const beganMs = sinceMs;
    sinceMs = null;
    if (beganMs !== null && nowMs() - beganMs >= leastStallMs) tell(toPageMs(beganMs), nowMs() - beganMs);
  };
  const onPause = (): void => {
    isWatched = false;
    sinceMs = null;
  };
  const listeners = { waiting: onWaiting, emptied: onEmptied, playing: onPlaying, pause: onPause };
  for (const [name, listener] of Object.entries(listeners)) video.addEventListener(name, listener);
  return () => {
    for (const [name, listener] of Object.entries(listeners)) video.removeEventListener(name, listener);
  };
}
