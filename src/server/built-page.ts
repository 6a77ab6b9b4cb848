import { readFileSync } from "node:fs";
import { join } from "node:path";

import sirv from "sirv";

import { sendPage, sendText, type Handler } from "./server.ts";

/** Paths that are the page itself; the page reads from its address which tab to show. */
const tabs: ReadonlySet<string> = new Set(["/", "/sender", "/receiver", "/score", "/runs"]);

/**
 * Serves the built page. Files under /assets carry a hash in their name and hold for ever; all else is asked for anew. Who opens
 * a path that is no page gets the page as well, which says so in words.
 */
export function serveBuiltPage(directory: string): Handler {
  const files = sirv(directory, {
    etag: true,
    brotli: true,
    setHeaders: (response, path) => {
      const fixed = path.startsWith("/assets/");
      response.setHeader("Cache-Control", fixed ? "public, max-age=31536000, immutable" : "no-cache");
    },
  });
  const page = readFileSync(join(directory, "index.html"), "utf8");
  return (request, response) => {
    const [path = "/", query] = (request.url ?? "/").split("?", 2);
    const trimmed = path.length > 1 ? path.replace(/\/$/, "") : path;
    if (tabs.has(trimmed)) request.url = query === undefined ? "/" : `/?${query}`;
    files(request, response, () => {
      const isOpened = request.headers.accept?.includes("text/html") === true;
      if (isOpened) sendPage(response, 404, page);
      else sendText(response, 404, "There is no such page here.");
    });
  };
}
