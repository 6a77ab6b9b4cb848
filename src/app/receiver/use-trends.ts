import { useEffect, useState, type RefObject } from "react";

import type { HistoryWindow } from "../../core/timeline/history.ts";
import type { Receiver } from "./receiver-store.ts";
import type { Trends } from "./session-face.ts";

/** How often the charts are drawn, ms: what they show changes by a few pixels a second at most. */
const drawIntervalMs = 1000;

/** What the charts show, read anew once a second; stands still while the view is paused. */
export function useTrends(receiver: Receiver, windowMin: HistoryWindow, isPaused: boolean): Trends | null {
  const [trends, setTrends] = useState<Trends | null>(null);
  useEffect(() => {
    if (isPaused) return undefined;
    const read = () => setTrends(receiver.session()?.trends(windowMin) ?? null);
    read();
    const timer = setInterval(read, drawIntervalMs);
    return () => clearInterval(timer);
  }, [receiver, windowMin, isPaused]);
  return trends;
}

/** The element's width in CSS px, followed; 0 until it is laid out. */
export function useWidth(element: RefObject<HTMLElement | null>): number {
  const [widthPx, setWidthPx] = useState(0);
  useEffect(() => {
    const target = element.current;
    if (target === null) return undefined;
    const observer = new ResizeObserver(([entry]) => setWidthPx(Math.floor(entry?.contentRect.width ?? 0)));
    observer.observe(target);
    return () => observer.disconnect();
  });
  return widthPx;
}
