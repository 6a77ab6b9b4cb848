import type { PlayTarget, PlayWay } from "./way.ts";

/** Every way in, collected from the folders beside this file. */
export const playWays: readonly PlayWay[] = Object.values(
  import.meta.glob<PlayWay>("./*/way.ts", { eager: true, import: "way" }),
);

/** The way made for a target, or null when none can play it. */
export function wayFor(target: PlayTarget): PlayWay | null {
  const [best] = playWays.toSorted((a, b) => b.claims(target) - a.claims(target));
  return best !== undefined && best.claims(target) > 0 ? best : null;
}
