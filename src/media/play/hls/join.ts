import { Events, type default as Hls } from "hls.js";

import type { Timers } from "../../link/timers.ts";
import { bufferEndS, play } from "../element.ts";
import { landingS, settle, type Settling } from "./settle.ts";

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
 * media is there to begin with. hls.js seeks that place before it loads: the time that loading takes, and the age of the
 * first playlist, would be added to the latency for good, at every join another. A low-latency stream is held in its place
 * as long as it plays, as players made for such streams do; in any other, as in hls.js, a stall stays in the latency. The
 * answer ends it.
 */
export function joinLive(options: JoinOptions): () => void {
  const { hls, video, timers, onBegin } = options;
  let cancel: (() => void) | null = null;
  let newsCount = 0;
  let stopSettling: (() => void) | null = null;
  const stop = (): void => {
    cancel?.();
    stopSettling?.();
    hls.off(Events.BUFFER_APPENDED, look);
    hls.off(Events.LEVEL_UPDATED, hear);
  };
  const begin = (): void => {
    stop();
    onBegin();
    play(video);
    if (isPrecise(hls)) stopSettling = holdInPlace(options);
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
    // How old the first playlist was when it came is not known; the next comes when there is news.
    if (isPrecise(hls) && newsCount === 0) return;
    const endS = bufferEndS(video.buffered, placeS);
    if (endS === null || endS - placeS < leastAheadS) return;
    video.currentTime = placeS;
    begin();
  };
  const hear = (): void => {
    if (hls.latestLevelDetails?.advanced === true) newsCount += 1;
    if (cancel !== null) look();
  };
  hls.on(Events.BUFFER_APPENDED, look);
  hls.on(Events.LEVEL_UPDATED, hear);
  return stop;
}

/** The playlist comes the moment there is news: the edge is known to some milliseconds. */
function isPrecise({ latestLevelDetails: details }: Hls): boolean {
  return details !== null && details.live && details.canBlockReload && details.partTarget > 0;
}

/** Looks where the player is whenever there is news, and brings it to its place as long as it plays. */
function holdInPlace({ hls, video, timers }: JoinOptions): () => void {
  let behindS: readonly number[] = [];
  let stopDrift: (() => void) | null = null;
  const look = (): void => {
    const { liveSyncPosition: placeS } = hls;
    if (placeS === null || video.paused || video.seeking || video.readyState < video.HAVE_FUTURE_DATA) return;
    if (stopDrift !== null) return;
    behindS = [...behindS, placeS - video.currentTime];
    const settling = settle(behindS);
    if (settling.kind === "look") return;
    behindS = [];
    if (settling.kind === "jump") jump(video, settling.byS);
    if (settling.kind === "drift")
      stopDrift = drift(video, settling, timers, () => {
        stopDrift = null;
      });
  };
  hls.on(Events.LEVEL_UPDATED, look);
  return () => {
    stopDrift?.();
    hls.off(Events.LEVEL_UPDATED, look);
  };
}

/** Where media is there; else the next look decides anew. */
function jump(video: HTMLVideoElement, byS: number): void {
  const { buffered, currentTime: fromS } = video;
  const toS = fromS + byS;
  const endThereS = bufferEndS(buffered, toS);
  const atS = landingS({ fromS, toS, leastAheadS, endThereS, endHereS: bufferEndS(buffered, fromS) });
  if (atS !== null) video.currentTime = atS;
}

function drift(
  video: HTMLVideoElement,
  { playbackRate, forMs }: Extract<Settling, { kind: "drift" }>,
  timers: Timers,
  onDone: () => void,
): () => void {
  video.playbackRate = playbackRate;
  const back = (): void => {
    video.playbackRate = 1;
    onDone();
  };
  const cancel = timers.after(forMs, back);
  return () => {
    cancel();
    back();
  };
}
