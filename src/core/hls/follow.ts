import { checkSuccession, type Breach } from "./check.ts";
import { liveEdgeOf, type MediaPlaylist } from "./playlist.ts";

/** A live playlist as followed over its reloads. Plain data. */
export type Followed = {
  readonly playlist: MediaPlaylist;
  /** When a reload last brought a new segment or part, ms on the follower's monotonic clock. */
  readonly newsAtMs: number;
};

/** What one reload brought. */
export type Reload = {
  readonly followed: Followed;
  /** Time since there was news, ms. */
  readonly staleMs: number;
  /** No news for longer than 1.5 target durations, which 6.2.1 forbids of a live playlist. */
  readonly isStale: boolean;
  /** The publisher began anew without going on with the old numbers: follow as a new stream. */
  readonly isRestarted: boolean;
  /** Rules of succession broken; empty when restarted, for there is nothing to succeed. */
  readonly breaches: readonly Breach[];
};

/**
 * Takes in a reload of a live playlist, whole (fill delta updates up with `applyDelta` first).
 * @param before null for the first load
 * @param atMs when it arrived, on the follower's monotonic clock
 */
export function followPlaylist(before: Followed | null, playlist: MediaPlaylist, atMs: number): Reload {
  const isRestarted = before !== null && playlist.mediaSequence < before.playlist.mediaSequence;
  const isNews = before === null || isRestarted || isAhead(before.playlist, playlist);
  const followed: Followed = { playlist, newsAtMs: isNews ? atMs : before.newsAtMs };
  const staleMs = atMs - followed.newsAtMs;
  const limitMs = playlist.targetDurationS === null ? Infinity : 1500 * playlist.targetDurationS;
  return {
    followed,
    staleMs,
    isStale: !playlist.isEnded && staleMs > limitMs,
    isRestarted,
    breaches: before === null || isRestarted ? [] : checkSuccession(before.playlist, playlist),
  };
}

function isAhead(before: MediaPlaylist, after: MediaPlaylist): boolean {
  const was = liveEdgeOf(before);
  const is = liveEdgeOf(after);
  if (after.isEnded && !before.isEnded) return true;
  return is.lastMsn > was.lastMsn || (is.lastMsn === was.lastMsn && is.openPartCount > was.openPartCount);
}
