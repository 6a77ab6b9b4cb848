import { toPageMs } from "../../core/clock/instants.ts";
import { leastStallMs } from "../../core/timeline/stalls.ts";
import type { RoadEvent } from "./way.ts";

/** The part of a video element whose stalls are watched. */
export type Stallable = Pick<
  HTMLVideoElement,
  "addEventListener" | "removeEventListener" | "seeking" | "paused"
>;

/**
 * Tells each stretch in which an element that had begun to play waited for media (HTML, `waiting` to `playing`): that it waits,
 * and once it is over a stall, or that it was none. The answer ends it; a stall that goes on then goes on where it was told.
 */
export function watchStalls(
  video: Stallable,
  nowMs: () => number,
  tell: (event: RoadEvent) => void,
): () => void {
  let hasPlayed = false;
  let sinceMs: number | null = null;
  const onWaiting = (): void => {
    if (sinceMs !== null || !hasPlayed || video.seeking || video.paused) return;
    sinceMs = nowMs();
    tell({ kind: "waiting", atMs: toPageMs(sinceMs), isOver: false });
  };
  const drop = (): void => {
    if (sinceMs !== null) tell({ kind: "waiting", atMs: toPageMs(nowMs()), isOver: true });
    sinceMs = null;
  };
  const onPlaying = (): void => {
    hasPlayed = true;
    if (sinceMs === null) return;
    const durationMs = nowMs() - sinceMs;
    if (durationMs < leastStallMs) return drop();
    tell({ kind: "stall", atMs: toPageMs(sinceMs), durationMs });
    sinceMs = null;
  };
  const onEmptied = (): void => {
    // A new load by the way itself: its wait belongs to the trouble that made it necessary.
    hasPlayed = false;
    drop();
  };
  video.addEventListener("waiting", onWaiting);
  video.addEventListener("playing", onPlaying);
  video.addEventListener("emptied", onEmptied);
  // At its end there is nothing to wait for.
  video.addEventListener("ended", drop);
  return () => {
    video.removeEventListener("waiting", onWaiting);
    video.removeEventListener("playing", onPlaying);
    video.removeEventListener("emptied", onEmptied);
    video.removeEventListener("ended", drop);
  };
}
