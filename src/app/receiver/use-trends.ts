import { useEffect, useMemo } from "react";
import { createStore } from "zustand/vanilla";

import type { HistoryWindow } from "../../core/timeline/history.ts";
import { tickIntervalMs, type Receiver } from "./receiver-store.ts";
import type { Trends } from "./session-face.ts";
import { toldLater } from "./told-later.ts";
import { createTrendFeed, drawIntervalMs, readTrends, type TrendFeed } from "./trend-feed.ts";
import { shownBy } from "./use-measures.ts";

/**
 * A feed that is read anew once a second, between two readings of the measures; it stands still while the view is paused.
 */
export function useTrendFeed(receiver: Receiver, windowMin: HistoryWindow, isPaused: boolean): TrendFeed {
  const feed = useMemo(() => createTrendFeed(receiver, windowMin), [receiver, windowMin]);
  useEffect(() => {
    if (isPaused) return undefined;
    let nextAtMs = 0;
    return shownBy(receiver, "charts").subscribe(() => {
      if (performance.now() < nextAtMs) return;
      // Readings of the measures are not as regular as this.
      nextAtMs = performance.now() + drawIntervalMs - tickIntervalMs / 2;
      feed.setState(readTrends(receiver, windowMin), true);
    });
  }, [feed, receiver, windowMin, isPaused]);
  return feed;
}

/** A feed that follows another some readings of the measures later, so that charts are drawn in tasks of their own. */
export function useLater(feed: TrendFeed, readings: number): TrendFeed {
  const later = useMemo(() => createStore<Trends | null>(() => feed.getInitialState()), [feed]);
  useEffect(
    () => toldLater(feed, readings * tickIntervalMs).subscribe((trends) => later.setState(trends, true)),
    [feed, later, readings],
  );
  return later;
}
