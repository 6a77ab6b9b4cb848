import type { PlayWay } from "../way.ts";

/** A camera that films a screen: light to light, screens and camera included. */
export const way: PlayWay = {
  id: "camera",
  label: "Camera on a screen",
  claims: (target) => (target.kind === "url" && target.url.protocol === "camera:" ? 2 : 0),
  load: async () => (await import("./open.ts")).playCamera,
};
