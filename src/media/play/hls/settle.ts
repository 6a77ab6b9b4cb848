import { quantileOf, sorted } from "../../../core/statistics/quantile.ts";

/** Distances looked at before a player is moved. */
const lookCount = 10;

/** Which of the looks is taken, from the nearest to the furthest. */
const trueShare = 0.8;

/** Nearer than this is where it should be, s. */
const closeEnoughS = 0.015;

/** Further than this is jumped; less is made up by a rate that nobody sees, s. */
const jumpS = 0.3;

/** How much faster or slower than it was made a picture is shown while a small distance is made up. */
const rateChange = 0.08;

/** What brings a player where it should be. */
export type Settling =
  | { readonly kind: "look" }
  | { readonly kind: "stay" }
  | { readonly kind: "jump"; readonly byS: number }
  | { readonly kind: "drift"; readonly playbackRate: number; readonly forMs: number };

/**
 * Decides how a live player comes to its place and stays there: it plays later than it was told to where decoding was slow to
 * begin, and after a stall. A playlist can come late but never early, and one that is late makes the player seem nearer to the
 * edge than it is: so the far looks are the true ones, as short round trips are of a clock (RFC 5905, section 10); the very
 * furthest change from time to time.
 * @param behindS how far behind its place the player was, look by look since it was last decided; negative: ahead of it
 */
export function settle(behindS: readonly number[]): Settling {
  if (behindS.length < lookCount) return { kind: "look" };
  const byS = quantileOf(sorted(behindS), trueShare);
  if (byS > jumpS) return { kind: "jump", byS };
  if (Math.abs(byS) < closeEnoughS || byS < -jumpS) return { kind: "stay" };
  return {
    kind: "drift",
    playbackRate: byS > 0 ? 1 + rateChange : 1 - rateChange,
    forMs: (Math.abs(byS) / rateChange) * 1000,
  };
}

/** A player that is put where media ends has so much of it left until more is there, s. */
const keptAheadS = 0.5;

/** Less than this is not worth a jump to anywhere but the place itself, s. */
const worthS = 1;

/** Where a player that is to go forward stands, and how far it may. All on the element's clock, s. */
export type Ahead = {
  readonly fromS: number;
  readonly toS: number;
  /** Media that has to be buffered past where it plays on. */
  readonly leastAheadS: number;
  /** End of what is buffered around the place that it is to go to; null where nothing is. */
  readonly endThereS: number | null;
  /** End of what is buffered around where it stands; null where nothing is. */
  readonly endHereS: number | null;
};

/**
 * Where a player lands that is to go forward: at its place, or as near to it as media is there, for hls.js loads parts only for
 * a player near the edge, and the whole segments that it loads else end before the place. From there the rest of the way is
 * open. Null: it stays.
 */
export function landingS({ fromS, toS, leastAheadS, endThereS, endHereS }: Ahead): number | null {
  if (endThereS !== null && endThereS - toS >= leastAheadS) return toS;
  if (endHereS === null || endHereS - keptAheadS - fromS < worthS) return null;
  return endHereS - keptAheadS;
}
