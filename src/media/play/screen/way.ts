import type { PlayWay } from "../way.ts";

/** A tab or window that the user shares: what a provider's own player page shows. */
export const way: PlayWay = {
  id: "screen",
  label: "Shared tab or window",
  claims: (target) => (target.kind === "url" && target.url.protocol === "screen:" ? 2 : 0),
  load: async () => (await import("./open.ts")).playScreen,
};
