/** Distances looked at before it is decided: one playlist may come late, s. */
export const looksBeforeSettling = 5;

/** Nearer than this is where it should be, s. */
const closeEnoughS = 0.015;

/** Further than this is jumped; less is made up by a rate that nobody sees, s. */
const jumpS = 0.3;

/** How much faster or slower than it was made a picture is shown while a small distance is made up. */
const rateChange = 0.08;

/** What brings a player where it should be. */
export type Settling =
  | { readonly kind: "stay" }
  | { readonly kind: "jump"; readonly byS: number }
  | { readonly kind: "drift"; readonly playbackRate: number; readonly forMs: number };

/**
 * Decides how a player that has just begun comes to its place: where decoding was slow to begin, it plays later than it was
 * told to.
 * @param behindS how far behind its place the player was, look by look; negative: ahead of it
 */
export function settle(behindS: readonly number[]): Settling {
  const sorted = behindS.toSorted((one, other) => one - other);
  const byS = sorted[Math.floor(sorted.length / 2)] ?? 0;
  if (Math.abs(byS) < closeEnoughS || byS < -jumpS) return { kind: "stay" };
  if (byS > jumpS) return { kind: "jump", byS };
  return {
    kind: "drift",
    playbackRate: byS > 0 ? 1 + rateChange : 1 - rateChange,
    forMs: (Math.abs(byS) / rateChange) * 1000,
  };
}
