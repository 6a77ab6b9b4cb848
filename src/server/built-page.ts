import sirv from "sirv";

import { sendText, type Handler } from "./server.ts";

/** Paths that are the page itself; the page reads from its address which tab to show. */
const tabs: ReadonlySet<string> = new Set(["/", "/sender", "/receiver", "/score", "/runs"]);

/** Serves the built page. Files under /assets carry a hash in their name and hold for ever; all else is asked for anew. */
export function serveBuiltPage(directory: string): Handler {
  const files = sirv(directory, {
    etag: true,
    brotli: true,
    setHeaders: (response, path) => {
      const fixed = path.startsWith("/assets/");
      response.setHeader("Cache-Control", fixed ? "public, max-age=31536000, immutable" : "no-cache");
    },
  });
  return (request, response) => {
    const [path = "/", query] = (request.url ?? "/").split("?", 2);
    const trimmed = path.length > 1 ? path.replace(/\/$/, "") : path;
    if (tabs.has(trimmed)) request.url = query === undefined ? "/" : `/?${query}`;
    files(request, response, () => sendText(response, 404, "There is no such page here."));
  };
}
