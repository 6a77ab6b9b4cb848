import { toPageMs } from "../../core/clock/instants.ts";
import { leastStallMs } from "../../core/timeline/stalls.ts";
import type { RoadEvent } from "./way.ts";

/** The part of a video element whose stalls are watched. */
export type Stallable = Pick<
  HTMLVideoElement,
  "addEventListener" | "removeEventListener" | "seeking" | "paused"
>;

/**
 * Tells each stretch in which a viewer of an element that had begun to play waited for media (HTML, `waiting` to `playing`):
 * that it waits, and once it is over a stall, or that it was none. Where the way loads anew (`emptied`) the wait goes on, or
 * begins: it is the viewer's, whatever it was done for. A pause and the end of the media are no waits. The answer ends it; a
 * stall that goes on then goes on where it was told.
 */
export function watchStalls(
  video: Stallable,
  nowMs: () => number,
  tell: (event: RoadEvent) => void,
): () => void {
  // `paused` does not tell a viewer's pause from that of a load, which comes without an event.
  let isWatched = false;
  let sinceMs: number | null = null;
  const wait = (): void => {
    if (sinceMs !== null || !isWatched) return;
    sinceMs = nowMs();
    tell({ kind: "waiting", atMs: toPageMs(sinceMs), isOver: false });
  };
  const onWaiting = (): void => {
    if (!video.seeking && !video.paused) wait();
  };
  const drop = (): void => {
    if (sinceMs !== null) tell({ kind: "waiting", atMs: toPageMs(nowMs()), isOver: true });
    sinceMs = null;
  };
  const onPlaying = (): void => {
    isWatched = true;
    if (sinceMs === null) return;
    const durationMs = nowMs() - sinceMs;
    if (durationMs < leastStallMs) return drop();
    tell({ kind: "stall", atMs: toPageMs(sinceMs), durationMs });
    sinceMs = null;
  };
  const onPause = (): void => {
    isWatched = false;
    drop();
  };
  const listeners = { waiting: onWaiting, emptied: wait, playing: onPlaying, pause: onPause, ended: onPause };
  for (const [name, listener] of Object.entries(listeners)) video.addEventListener(name, listener);
  return () => {
    for (const [name, listener] of Object.entries(listeners)) video.removeEventListener(name, listener);
  };
}
