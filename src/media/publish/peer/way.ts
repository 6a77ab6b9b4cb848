import type { PublishWay } from "../way.ts";

/** Straight to each receiver over WebRTC: the shortest way there is, and the control that others are compared with. */
export const way: PublishWay = {
  id: "peer",
  label: "Direct WebRTC",
  about:
    "Straight to each receiver: the shortest way there is, and the control that others are compared with.",
  fields: [],
  load: async () => (await import("./open.ts")).publishToPeers,
};
