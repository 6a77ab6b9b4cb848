import { Events, type default as Hls } from "hls.js";

import type { Timers } from "../../link/timers.ts";
import { bufferEndS, play } from "../element.ts";

/** Media that has to be buffered past the place where play begins, s. */
const leastAheadS = 0.05;

/** Play begins at the latest so long after the first media came, ms. */
const joinPatienceMs = 2000;

/** What joining needs. */
export type JoinOptions = {
  readonly hls: Hls;
  readonly video: HTMLVideoElement;
  readonly timers: Timers;
  /** Play begins now. Called once. */
  readonly onBegin: () => void;
};

/**
 * Begins to play a live stream at the distance from its edge that its playlist (or the viewer) asks for, as it stands when
 * media is there to begin with. hls.js seeks that place before it loads: the time that loading takes would then be added to
 * the latency for good. The answer ends the wait.
 */
export function joinLive({ hls, video, timers, onBegin }: JoinOptions): () => void {
  let cancel: (() => void) | null = null;
  const stop = (): void => {
    cancel?.();
    hls.off(Events.BUFFER_APPENDED, look);
  };
  const begin = (): void => {
    stop();
    onBegin();
    play(video);
  };
  const look = (): void => {
    cancel ??= timers.after(joinPatienceMs, begin);
    const details = hls.latestLevelDetails;
    if (details === null) return;
    const { liveSyncPosition: placeS } = hls;
    if (!details.live || placeS === null) {
      begin();
      return;
    }
    const endS = bufferEndS(video.buffered, placeS);
    if (endS === null || endS - placeS < leastAheadS) return;
    video.currentTime = placeS;
    begin();
  };
  hls.on(Events.BUFFER_APPENDED, look);
  return stop;
}
