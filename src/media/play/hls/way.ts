import { claimOf } from "../claim.ts";
import type { PlayWay } from "../way.ts";

/** HLS and low-latency HLS by hls.js, or by the browser itself where it has no Media Source Extensions. */
export const way: PlayWay = {
  id: "hls",
  label: "HLS",
  claims: (target) => claimOf(target, "hls", /\.m3u8?$/i),
  canStall: true,
  load: async () => (await import("./open.ts")).playHls,
};
