import type { IncomingMessage, ServerResponse } from "node:http";

import type { StoredFile } from "./store.ts";

const typeOf: ReadonlyMap<string, string> = new Map([
  ["m3u8", "application/vnd.apple.mpegurl"],
  ["mp4", "video/mp4"],
  ["m4s", "video/iso.segment"],
  ["ts", "video/mp2t"],
]);

/** Answers with a file: whole, a range of it (RFC 9110 section 14), or 304 when the asker has it already. */
export function answerFile(
  request: IncomingMessage,
  response: ServerResponse,
  key: string,
  file: StoredFile,
  cacheControl: string,
): void {
  response.setHeader("ETag", file.etag);
  if (hasEtag(request.headers["if-none-match"], file.etag)) {
    response.writeHead(304, { "Cache-Control": cacheControl });
    response.end();
    return;
  }
  if (key.endsWith(".m3u8")) {
    answerBytes(request, response, key, file.bytes, cacheControl);
    return;
  }
  response.setHeader("Accept-Ranges", "bytes");
  const range = rangeOf(request, file);
  if (range === null) answerBytes(request, response, key, file.bytes, cacheControl);
  else if (range.fromByte >= range.endByte) {
    response.writeHead(416, { "Content-Range": `bytes */${file.bytes.length}`, "Content-Length": 0 });
    response.end();
  } else {
    const { fromByte, endByte } = range;
    response.statusCode = 206;
    response.setHeader("Content-Range", `bytes ${fromByte}-${endByte - 1}/${file.bytes.length}`);
    answerBytes(request, response, key, file.bytes.subarray(fromByte, endByte), cacheControl);
  }
}

/** Answers with bytes as they are; HEAD gets the headers alone. */
export function answerBytes(
  request: IncomingMessage,
  response: ServerResponse,
  key: string,
  bytes: Buffer,
  cacheControl: string,
): void {
  response.writeHead(response.statusCode, {
    "Content-Type": typeOf.get(key.slice(key.lastIndexOf(".") + 1)) ?? "application/octet-stream",
    "Content-Length": bytes.length,
    "Cache-Control": cacheControl,
  });
  response.end(request.method === "HEAD" ? undefined : bytes);
}

function hasEtag(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  return header.split(",").some((each) => each.trim().replace(/^W\//, "") === etag || each.trim() === "*");
}

/**
 * The range asked for, end exclusive; from end on when it cannot be had. Null for the whole: no range, one that is no
 * single byte range, or one of other bytes than these (If-Range).
 */
function rangeOf(
  request: IncomingMessage,
  file: StoredFile,
): { readonly fromByte: number; readonly endByte: number } | null {
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(request.headers.range ?? "");
  const ifRange = request.headers["if-range"];
  if (match === null || (ifRange !== undefined && ifRange !== file.etag)) return null;
  const [, first = "", last = ""] = match;
  const lengthBytes = file.bytes.length;
  if (first === "") {
    return last === "" ? null : { fromByte: Math.max(0, lengthBytes - Number(last)), endByte: lengthBytes };
  }
  if (last !== "" && Number(last) < Number(first)) return null;
  return {
    fromByte: Number(first),
    endByte: last === "" ? lengthBytes : Math.min(lengthBytes, Number(last) + 1),
  };
}
