import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createStore } from "zustand/vanilla";

import { toldLater } from "./told-later.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it("tells once, later, of all that changed meanwhile", () => {
  const store = createStore<number>(() => 0);
  const told: number[] = [];
  const unsubscribe = toldLater(store, 60).subscribe((state) => told.push(state));
  store.setState(1, true);
  vi.advanceTimersByTime(40);
  store.setState(2, true);
  expect(told).toEqual([]);
  vi.advanceTimersByTime(20);
  expect(told).toEqual([2]);
  store.setState(3, true);
  unsubscribe();
  vi.advanceTimersByTime(100);
  expect(told).toEqual([2]);
});
