import { readFileSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { join } from "node:path";
import type { Readable } from "node:stream";

import sirv from "sirv";

import { sendPage, sendText, type Handler } from "./server.ts";

/** Paths that are the page itself; the page reads from its address which tab to show. */
const tabs: ReadonlySet<string> = new Set(["/", "/sender", "/receiver", "/score", "/runs"]);

/**
 * Serves the built page as it stands on disk when it is asked for, so that it may be built anew under a running server. Files
 * under /assets carry a hash in their name and hold for ever; all else is asked for anew. Who opens a path that is no page gets
 * the page as well, which says so in words.
 */
export function serveBuiltPage(directory: string): Handler {
  const files = sirv(directory, {
    // Looks at the disk at each request: what was there at the start may be gone, or have another size.
    dev: true,
    etag: true,
    brotli: true,
    setHeaders: (response, path) => {
      const fixed = path.startsWith("/assets/");
      response.setHeader("Cache-Control", fixed ? "public, max-age=31536000, immutable" : "no-cache");
    },
  });
  return async (request, response) => {
    const [path = "/", query] = (request.url ?? "/").split("?", 2);
    const trimmed = path.length > 1 ? path.replace(/\/$/, "") : path;
    if (tabs.has(trimmed)) request.url = query === undefined ? "/" : `/?${query}`;
    const sent = untilSent(response);
    files(request, response, () => {
      const isOpened = request.headers.accept?.includes("text/html") === true;
      if (isOpened) sendPage(response, 404, readFileSync(join(directory, "index.html"), "utf8"));
      else sendText(response, 404, "There is no such page here.");
    });
    await sent;
  };
}

/**
 * Settles when an answer is over, and rejects when the file that it comes from breaks: sirv does not listen to what it pipes,
 * and a file that goes away between its look and its opening would end the process.
 */
function untilSent(response: ServerResponse): Promise<void> {
  return new Promise((resolve, reject) => {
    response.once("close", resolve);
    response.once("pipe", (file: Readable) => file.once("error", reject));
  });
}
