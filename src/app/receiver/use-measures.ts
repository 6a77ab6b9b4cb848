import { useStore } from "zustand";

import type { Snapshot } from "../../core/timeline/snapshot.ts";
import type { ReceiverSnapshot } from "../../core/wire/automation.ts";
import type { Receiver } from "./receiver-store.ts";
import { toldLater, type ReadStore } from "./told-later.ts";

/**
 * How long after the measures were read each part of the page shows them, ms. Between two readings lies a quarter of a second,
 * and the browser lays out and paints whatever changed in one frame in one task: parts that follow each other by more than a
 * frame share it among several.
 */
export const showDelaysMs = { large: 0, panels: 60, morePanels: 120, charts: 180 } as const;

/** A part of the page that shows figures. */
export type ShownPart = keyof typeof showDelaysMs;

/** The measures on screen, four times a second; null while nothing is measured. Only what shows them should listen. */
export function useMeasures(receiver: Receiver, part: ShownPart = "large"): Snapshot | null {
  return useStore(useShown(receiver, part), (state) => (state.phase === "measuring" ? state.measures : null));
}

/** The receiver's state as one part of the page shows it. */
export function useShown(receiver: Receiver, part: ShownPart): ReadStore<ReceiverSnapshot> {
  return shownBy(receiver, part);
}

/** The receiver's state, telling of changes when a part of the page is due. */
export function shownBy({ store }: Receiver, part: ShownPart): ReadStore<ReceiverSnapshot> {
  const made = parts.get(store) ?? new Map<ShownPart, ReadStore<ReceiverSnapshot>>();
  parts.set(store, made);
  const shown = made.get(part) ?? (part === "large" ? store : toldLater(store, showDelaysMs[part]));
  made.set(part, shown);
  return shown;
}

/** The parts' faces of each receiver's store, made once each, so that all that is shown at once is told at once. */
const parts = new WeakMap<Receiver["store"], Map<ShownPart, ReadStore<ReceiverSnapshot>>>();
