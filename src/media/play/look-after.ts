import type { PageMs } from "../../core/clock/instants.ts";
import { playlistTroubles } from "./faults.ts";
import type { Recovery } from "./recover.ts";
import { createStuckWatch } from "./stuck.ts";
import { nowMs, tellState, type Telling } from "./tell-state.ts";

/** How often it is looked whether the stream stands still, ms. */
const lookEveryMs = 500;

/** A play that is looked after. */
export type LookedAfter = Telling & {
  readonly options: { readonly video: Pick<HTMLVideoElement, "ended" | "currentTime"> };
  readonly recovery: Recovery;
};

/** What the playlist or manifest tells of itself. */
export type ListLook = {
  /** How it is called. */
  readonly name: string;
  /** It has brought nothing new for longer than it may, ms since there was; null else. */
  readonly staleMs: number | null;
  /** Null before it is known. */
  readonly isLive: boolean | null;
};

/**
 * Makes what is done at each look: it tells a playlist that has gone stale, and loads a player anew that stands still although
 * media should come. Each is told when it begins and when it is over.
 */
export function createLook(playing: LookedAfter, read: (atMs: PageMs) => ListLook): (atMs: PageMs) => void {
  const stuck = createStuckWatch();
  const { troubles, options } = playing;
  return (atMs) => {
    const { name, staleMs, isLive } = read(atMs);
    const going = troubles.current().map(({ trouble }) => trouble);
    // Of one that does not come at all that is said already.
    if (staleMs === null || going.some((trouble) => playlistTroubles.includes(trouble)))
      troubles.end(["playlist-stale"], atMs);
    else
      troubles.begin(
        "playlist-stale",
        `the ${name} has brought nothing new for ${(staleMs / 1000).toFixed(0)} s`,
        atMs,
      );
    const isOver = isLive === false && options.video.ended;
    const verdict = stuck({
      atMs,
      currentTimeS: options.video.currentTime,
      hasPlayed: playing.hasPlayed,
      isWaiting: isOver || staleMs !== null || going.includes("unreachable"),
    });
    if (verdict === "moving") troubles.end(["stuck"], atMs);
    if (verdict === "reload") {
      troubles.begin("stuck", "the player stands still although the stream goes on", atMs);
      playing.recovery.schedule("reload");
    }
    tellState(playing);
  };
}

/** Looks again and again. The answer ends it. */
export function lookAfter(playing: LookedAfter, read: (atMs: PageMs) => ListLook): () => void {
  const look = createLook(playing, read);
  const timer = setInterval(() => look(nowMs()), lookEveryMs);
  return () => clearInterval(timer);
}
