/** What a stretch of a series held. */
export type Bucket = { readonly min: number; readonly max: number; readonly mean: number };

/** A series of values over time, decimated into stretches that keep minimum and maximum, so that no spike disappears. */
export type Series = {
  readonly add: (atUs: number, value: number) => void;
  /** One value that held from one instant to another: every stretch between gets it. */
  readonly addSpan: (fromUs: number, untilUs: number, value: number) => void;
  /** The stretch with this number (instant / stretch length, floored); null when nothing is in it. */
  readonly at: (bucketId: number) => Bucket | null;
};

/** Makes an empty series of constant size: `bucketCount` stretches of `bucketUs`, the oldest overwritten by the newest. */
export function createSeries(bucketUs: number, bucketCount: number): Series {
  const ids = new Float64Array(bucketCount).fill(-1);
  const mins = new Float64Array(bucketCount);
  const maxes = new Float64Array(bucketCount);
  const sums = new Float64Array(bucketCount);
  const counts = new Uint32Array(bucketCount);

  function put(bucketId: number, value: number): void {
    const slot = bucketId % bucketCount;
    const heldId = ids[slot] ?? -1;
    // Older than the whole series: it would overwrite something newer.
    if (heldId > bucketId) return;
    const isNew = heldId !== bucketId;
    ids[slot] = bucketId;
    mins[slot] = isNew ? value : Math.min(mins[slot] ?? value, value);
    maxes[slot] = isNew ? value : Math.max(maxes[slot] ?? value, value);
    sums[slot] = (isNew ? 0 : (sums[slot] ?? 0)) + value;
    counts[slot] = (isNew ? 0 : (counts[slot] ?? 0)) + 1;
  }

  return {
    add: (atUs, value) => {
      put(Math.floor(atUs / bucketUs), value);
    },
    addSpan: (fromUs, untilUs, value) => {
      const lastId = Math.floor(untilUs / bucketUs);
      const firstId = Math.max(Math.floor(fromUs / bucketUs), lastId - bucketCount + 1);
      for (let bucketId = firstId; bucketId <= lastId; bucketId += 1) put(bucketId, value);
    },
    at: (bucketId) => {
      const slot = bucketId % bucketCount;
      if (ids[slot] !== bucketId) return null;
      return {
        min: mins[slot] ?? 0,
        max: maxes[slot] ?? 0,
        mean: (sums[slot] ?? 0) / (counts[slot] ?? 1),
      };
    },
  };
}
