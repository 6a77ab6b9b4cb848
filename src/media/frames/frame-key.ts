/** What of a requestVideoFrameCallback names its frame. */
export type FrameNames = {
  /** s on the media clock. */
  readonly mediaTime: number;
  /** Only for frames that came over RTP. */
  readonly rtpTimestamp?: number;
};

/** What of a `VideoFrame` names it. */
export type TakenNames = {
  /** us on the media clock. */
  readonly timestamp: number;
  /** Null where the browser does not tell. */
  readonly rtpTimestamp: number | null;
};

/** A frame whose stamp is further from the callback's is not a later frame: the browser stamps on another clock, ms. */
const plausibleAwayMs = 200;

/**
 * The key of a displayed frame: its RTP timestamp, which received frames and callbacks share to the tick; else its time on the media
 * clock in ms.
 */
export function keyOfDisplayed(names: FrameNames): number {
  return names.rtpTimestamp ?? Math.round(names.mediaTime * 1000);
}

/**
 * Whether a frame made from the video element says itself which it is. Firefox stamps none: it says whole seconds where microseconds are
 * due, so that a stamp under a millisecond is none but for a stream's very first frame.
 */
export function hasOwnName(taken: TakenNames, displayed: FrameNames): boolean {
  if (taken.rtpTimestamp !== null) return true;
  if (displayed.rtpTimestamp !== undefined) return false;
  const displayedMs = displayed.mediaTime * 1000;
  const takenMs = taken.timestamp / 1000;
  return Math.abs(takenMs - displayedMs) < plausibleAwayMs && (takenMs >= 1 || displayedMs < 1);
}

/**
 * The key of a frame made from the video element during a callback. It may be a newer frame than the callback speaks of (seen for
 * 2 to 5 % of frames at 60 fps in Chromium), so its own names come first; where it has none, it is taken for the callback's.
 */
export function keyOfTaken(taken: TakenNames, displayed: FrameNames): number {
  if (!hasOwnName(taken, displayed)) return keyOfDisplayed(displayed);
  return taken.rtpTimestamp ?? Math.round(taken.timestamp / 1000);
}

/** Callbacks may come this much sooner than told for clocks that browsers make coarse on purpose, ms. */
const coarseMs = 0.5;

/**
 * Whether the element still shows the frame before the one that a callback speaks of: Firefox calls back up to a refresh before it shows
 * a frame, and a frame without a name of its own would be taken for the next.
 */
export function isStillBefore(
  nowMs: number,
  { expectedDisplayTime }: { readonly expectedDisplayTime: number },
): boolean {
  return nowMs < expectedDisplayTime - coarseMs;
}

/** RTP ticks of video per ms (RFC 7742, RFC 6184: a clock of 90 kHz). */
const ticksPerMs = 90;

/** The stamp of a displayed frame, us; by RTP where the browser has no media time for received frames (Firefox says 0). */
export function stampUsOf(names: FrameNames): number {
  const isByRtp = names.mediaTime === 0 && names.rtpTimestamp !== undefined;
  return Math.round(isByRtp ? ((names.rtpTimestamp ?? 0) / ticksPerMs) * 1000 : names.mediaTime * 1e6);
}
