import type { Observation } from "../src/core/timeline/observation.ts";
import type { Snapshot } from "../src/core/timeline/snapshot.ts";
import type { ReceiverAutomation } from "../src/core/wire/automation.ts";

/** What a receiver tells. */
export type Told = { readonly measures: Snapshot; readonly observations: readonly Observation[] };

/** Runs in a receiver's page: waits for a frame of at least this id, then tells all. */
export async function toldAfter({ lastId }: { readonly lastId: number }): Promise<Told> {
  const endMs = performance.now() + 60_000;
  while (performance.now() < endMs) {
    // A page that has just been opened has no face yet.
    const { streamgauge } = globalThis as unknown as { readonly streamgauge?: ReceiverAutomation };
    const state = streamgauge?.snapshot();
    if (streamgauge !== undefined && state?.phase === "measuring") {
      // Frames go on being displayed: those after what the measures sum up are left out.
      const { displayedCount } = state.measures.reading;
      const observations = (await streamgauge.observations()).slice(0, displayedCount);
      const isPast = observations.some(({ reading }) => reading.read && reading.marker.frameId >= lastId);
      if (isPast) return { measures: state.measures, observations };
    }
    // oxlint-disable-next-line no-await-in-loop -- one look after the other
    await new Promise((resolve) => void setTimeout(resolve, 250));
  }
  throw new Error(`no frame ${lastId} or later was read`);
}
