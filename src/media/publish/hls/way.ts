import type { PublishWay } from "../way.ts";

/** HLS and low-latency HLS, encoded in the page and put to an origin over HTTP. */
export const way: PublishWay = {
  id: "hls",
  label: "HLS and low-latency HLS",
  load: async () => (await import("./open.ts")).publishHls,
};
