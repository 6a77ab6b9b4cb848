import type { PlayWay } from "../way.ts";

/** Straight from the sender over WebRTC, found by its join code. */
export const way: PlayWay = {
  id: "peer",
  label: "Direct WebRTC",
  claims: (target) => (target.kind === "join" ? 2 : 0),
  load: async () => (await import("./open.ts")).playFromPeer,
};
