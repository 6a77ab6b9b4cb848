import { useEffect, useMemo, useState, type RefObject } from "react";

import type { HistoryWindow } from "../../core/timeline/history.ts";
import type { Receiver } from "./receiver-store.ts";
import { createTrendFeed, drawIntervalMs, readTrends, type TrendFeed } from "./trend-feed.ts";

/** A feed that is read anew once a second; it stands still while the view is paused. */
export function useTrendFeed(receiver: Receiver, windowMin: HistoryWindow, isPaused: boolean): TrendFeed {
  const feed = useMemo(() => createTrendFeed(receiver, windowMin), [receiver, windowMin]);
  useEffect(() => {
    if (isPaused) return undefined;
    const timer = setInterval(() => feed.setState(readTrends(receiver, windowMin), true), drawIntervalMs);
    return () => clearInterval(timer);
  }, [feed, receiver, windowMin, isPaused]);
  return feed;
}

/** The element's width in whole CSS px, followed; 0 until it is laid out. */
export function useWidth(element: RefObject<HTMLElement | null>): number {
  const [widthPx, setWidthPx] = useState(0);
  useEffect(() => {
    const target = element.current;
    if (target === null) return undefined;
    const observer = new ResizeObserver(([entry]) => setWidthPx(Math.floor(entry?.contentRect.width ?? 0)));
    observer.observe(target);
    return () => observer.disconnect();
  }, [element]);
  return widthPx;
}
