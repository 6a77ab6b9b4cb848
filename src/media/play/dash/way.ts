import { claimOf } from "../claim.ts";
import type { PlayWay } from "../way.ts";

/** MPEG-DASH by dash.js. */
export const way: PlayWay = {
  id: "dash",
  label: "DASH",
  claims: (target) => claimOf(target, "dash", /\.mpd$/i),
  canStall: true,
  load: async () => (await import("./open.ts")).playDash,
};
