import { claimOf } from "../claim.ts";
import type { PlayWay } from "../way.ts";

/** WebRTC from a server by WHEP. */
export const way: PlayWay = {
  id: "whep",
  label: "WHEP",
  claims: (target) => claimOf(target, "whep", /(?:^|[/_.-])whep(?:$|[/_.-])/i),
  load: async () => (await import("./open.ts")).playWhep,
};
