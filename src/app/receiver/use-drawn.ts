import { useEffect, useMemo } from "react";
import { createStore, type StoreApi } from "zustand/vanilla";

import { drawIntervalMs } from "./trend-feed.ts";

/**
 * What a chart shows, read anew once a second; it stands still while the view is paused. What is drawn listens to it by itself, so
 * that axes stand still; different delays let each chart be drawn in a task of its own.
 * @param read stable from one rendering to the next
 */
export function useDrawn<Value>(read: () => Value, isPaused: boolean, delayMs: number): StoreApi<Value> {
  const drawn = useMemo(() => createStore<Value>(() => read()), [read]);
  useEffect(() => {
    if (isPaused) return undefined;
    let timer = setTimeout(function again() {
      timer = setTimeout(again, drawIntervalMs);
      drawn.setState(read(), true);
    }, delayMs);
    return () => clearTimeout(timer);
  }, [drawn, read, isPaused, delayMs]);
  return drawn;
}
