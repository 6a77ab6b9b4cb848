import { useEffect, useMemo, useState, type RefObject } from "react";
import { createStore } from "zustand/vanilla";

import type { HistoryWindow } from "../../core/timeline/history.ts";
import type { Receiver } from "./receiver-store.ts";
import type { Trends } from "./session-face.ts";
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

/**
 * A feed that follows another some time later. Figures that listen to feeds of different delays are drawn in tasks of their
 * own, and none of them holds the page for long.
 */
export function useLater(feed: TrendFeed, delayMs: number): TrendFeed {
  const later = useMemo(() => createStore<Trends | null>(() => feed.getInitialState()), [feed]);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const unsubscribe = feed.subscribe((trends) => {
      clearTimeout(timer);
      timer = setTimeout(() => later.setState(trends, true), delayMs);
    });
    return () => {
      clearTimeout(timer);
      unsubscribe();
    };
  }, [feed, later, delayMs]);
  return later;
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
