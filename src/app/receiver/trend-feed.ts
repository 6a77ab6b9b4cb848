import { createStore, type StoreApi } from "zustand/vanilla";

import type { HistoryWindow } from "../../core/timeline/history.ts";
import type { Receiver } from "./receiver-store.ts";
import type { Trends } from "./session-face.ts";

/** How often the charts are drawn, ms: what they show changes by a few pixels a second at most. */
export const drawIntervalMs: number = 1000;

/** What the charts show now; null until it was read. Traces listen to it by themselves, so that axes and page stand still. */
export type TrendFeed = StoreApi<Trends | null>;

/** Makes a feed with what stands now. */
export function createTrendFeed(receiver: Receiver, windowMin: HistoryWindow): TrendFeed {
  return createStore<Trends | null>(() => readTrends(receiver, windowMin));
}

/** Reads the trends of the stream being measured, if there is one. */
export function readTrends(receiver: Receiver, windowMin: HistoryWindow): Trends | null {
  return receiver.session()?.trends(windowMin) ?? null;
}
