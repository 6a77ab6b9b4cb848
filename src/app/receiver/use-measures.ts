import { useStore } from "zustand";

import type { Snapshot } from "../../core/timeline/snapshot.ts";
import type { Receiver } from "./receiver-store.ts";

/** The measures on screen, four times a second; null while nothing is measured. Only what shows them should listen. */
export function useMeasures(receiver: Receiver): Snapshot | null {
  return useStore(receiver.store, (state) => (state.phase === "measuring" ? state.measures : null));
}
