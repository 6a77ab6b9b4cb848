/** After this long at the same place, with media expected, a player is loaded anew, ms. */
export const stuckAfterMs = 8000;

/** What is looked at. */
export type StuckLook = {
  readonly atMs: number;
  readonly currentTimeS: number;
  readonly hasPlayed: boolean;
  /** It rightly stands still: the stream has ended, or brings nothing. */
  readonly isWaiting: boolean;
};

/** Makes a watch that says, look by look, whether a player moves, stands, or has stood so long that it is loaded anew. */
export function createStuckWatch(): (look: StuckLook) => "moving" | "standing" | "reload" {
  let placeS = -1;
  let sinceMs: number | null = null;
  return ({ atMs, currentTimeS, hasPlayed, isWaiting }) => {
    const hasMoved = currentTimeS !== placeS;
    placeS = currentTimeS;
    if (hasMoved || !hasPlayed || isWaiting || sinceMs === null) {
      sinceMs = atMs;
      return hasMoved ? "moving" : "standing";
    }
    if (atMs - sinceMs < stuckAfterMs) return "standing";
    sinceMs = atMs;
    return "reload";
  };
}
