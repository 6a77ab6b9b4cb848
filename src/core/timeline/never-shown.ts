import type { Marker } from "../marker/payload.ts";
import type { Observation } from "./observation.ts";

/** Ids of one run that never were displayed: after `afterId` and before `beforeId`. */
type Skipped = { readonly afterId: number; readonly beforeId: number };

/**
 * Finds which frames never were displayed, by what was: those between two frames that were displayed one right after the other and whose
 * markers both were read. A frame displayed and unread in between may be any of them, so none of them is known; nor are those before the
 * first observation and after the last.
 * @param observations in display order
 * @returns whether a frame is known never to have been displayed; null where nothing was observed
 */
export function findNeverShown(
  observations: readonly Observation[],
): ((frame: Pick<Marker, "runNumber" | "frameId">) => boolean) | null {
  if (observations.length === 0) return null;
  const skippedOf = new Map<number, Skipped[]>();
  const shownIds = new Map<number, Set<number>>();
  let last: Marker | null = null;
  for (const { reading } of observations) {
    const marker: Marker | null = reading.read ? reading.marker : null;
    if (last !== null && marker?.runNumber === last.runNumber && marker.frameId > last.frameId + 1) {
      const skipped = skippedOf.get(marker.runNumber) ?? [];
      skipped.push({ afterId: last.frameId, beforeId: marker.frameId });
      skippedOf.set(marker.runNumber, skipped);
    }
    if (marker !== null) {
      const ids = shownIds.get(marker.runNumber) ?? new Set();
      shownIds.set(marker.runNumber, ids.add(marker.frameId));
    }
    last = marker;
  }
  return ({ runNumber, frameId }) => {
    if (shownIds.get(runNumber)?.has(frameId) === true) return false;
    const isIn = ({ afterId, beforeId }: Skipped): boolean => afterId < frameId && frameId < beforeId;
    return skippedOf.get(runNumber)?.some(isIn) ?? false;
  };
}
