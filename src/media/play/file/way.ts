import { claimOf } from "../claim.ts";
import type { PlayWay } from "../way.ts";

/** A progressive MP4 or WebM, by its address or dropped on the page. */
export const way: PlayWay = {
  id: "file",
  label: "File",
  claims: (target) =>
    target.kind === "url" && target.url.protocol === "blob:"
      ? 2
      : claimOf(target, "file", /\.(?:mp4|m4v|mov|webm|mkv|ogv)$/i),
  canStall: true,
  load: async () => (await import("./open.ts")).playFile,
};
