import { readFile } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
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
  const answerMissing = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const isOpened = request.headers.accept?.includes("text/html") === true;
    // There is none while it is built anew.
    const page = isOpened ? await readFile(join(directory, "index.html"), "utf8").catch(() => null) : null;
    if (page === null) sendText(response, 404, "There is no such page here.");
    else sendPage(response, 404, page);
  };
  return async (request, response) => {
    const [path = "/", query] = (request.url ?? "/").split("?", 2);
    const trimmed = path.length > 1 ? path.replace(/\/$/, "") : path;
    if (tabs.has(trimmed)) request.url = query === undefined ? "/" : `/?${query}`;
    const sent = untilSent(response);
    const missing: Promise<void>[] = [];
    files(request, response, () => void missing.push(answerMissing(request, response)));
    await Promise.all([...missing, sent]);
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
