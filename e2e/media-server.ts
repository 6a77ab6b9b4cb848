import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";

/** What the server does instead of handing out the file. */
export type Answer =
  | { readonly kind: "status"; readonly status: number }
  | { readonly kind: "text"; readonly text: string; readonly type: string }
  /** The file with its middle overwritten. */
  | { readonly kind: "corrupt" }
  | { readonly kind: "redirect"; readonly to: string }
  /** Bytes that never end, a few every 100 ms. */
  | { readonly kind: "endless"; readonly type: string }
  /** So many bytes of text, as fast as they are taken. */
  | { readonly kind: "flood"; readonly byteCount: number; readonly type: string }
  /** The connection ends without an answer. */
  | { readonly kind: "cut" };

/** Decides about a request by its path; null hands out the file of that name. */
export type Rule = (path: string) => Answer | null;

/** A server of media files on an origin of its own, whose answers can be spoilt. Whoever started it stops it. */
export type MediaServer = {
  readonly url: string;
  /** `cors`: whether pages of other origins may read what is answered. */
  readonly behave: (rule: Rule, cors?: boolean) => void;
  /** Paths asked for, in order. */
  readonly asked: () => readonly string[];
  readonly stop: () => Promise<void>;
};

const types: Readonly<Record<string, string>> = {
  ".m3u8": "application/vnd.apple.mpegurl",
  ".mpd": "application/dash+xml",
  ".mp4": "video/mp4",
  ".m4s": "video/iso.segment",
};

/** Starts a server of a directory on a free port. */
export async function startMediaServer(directory: string): Promise<MediaServer> {
  let rule: Rule = () => null;
  let isOpen = true;
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? "/", "http://media").pathname.slice(1);
    if (request.method !== "OPTIONS") asked.push(path);
    if (isOpen) {
      response.setHeader("Access-Control-Allow-Origin", "*");
      response.setHeader("Access-Control-Allow-Headers", "*");
      response.setHeader("Access-Control-Expose-Headers", "Age, X-Cache");
    }
    void answer(directory, path, rule(path), { request, response });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    behave: (next, cors = true) => {
      rule = next;
      isOpen = cors;
    },
    asked: () => asked,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

type Exchange = { readonly request: IncomingMessage; readonly response: ServerResponse };

async function answer(
  directory: string,
  path: string,
  wanted: Answer | null,
  { request, response }: Exchange,
): Promise<void> {
  if (request.method === "OPTIONS") {
    response.writeHead(204).end();
    return;
  }
  switch (wanted?.kind) {
    case "status":
      response.writeHead(wanted.status).end();
      return;
    case "text":
      response.writeHead(200, { "Content-Type": wanted.type }).end(wanted.text);
      return;
    case "redirect":
      response.writeHead(302, { Location: wanted.to }).end();
      return;
    case "cut":
      response.destroy();
      return;
    case "endless":
      sendEndless(response, wanted.type);
      return;
    case "flood":
      await sendFlood(response, wanted);
      return;
    case "corrupt":
    case undefined:
      await sendFile(join(directory, path), wanted?.kind === "corrupt", { request, response });
      return;
    default:
      throw new Error(`no such answer: ${String(wanted satisfies never)}`);
  }
}

function sendEndless(response: ServerResponse, type: string): void {
  response.writeHead(200, { "Content-Type": type });
  const timer = setInterval(() => response.write(Buffer.alloc(1000)), 100);
  response.on("close", () => clearInterval(timer));
}

async function sendFlood(
  response: ServerResponse,
  { byteCount, type }: { readonly byteCount: number; readonly type: string },
): Promise<void> {
  response.writeHead(200, { "Content-Type": type });
  response.write("#EXTM3U\n");
  const piece = "# nothing\n".repeat(10_000);
  for (let sent = 0; sent < byteCount && !response.destroyed; sent += piece.length) {
    if (!response.write(piece)) await untilRoom(response);
  }
  response.end();
}

/** There is room again, or nobody takes anything any more. */
function untilRoom(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      response.off("drain", done);
      response.off("close", done);
      resolve();
    };
    response.on("drain", done);
    response.on("close", done);
  });
}

async function sendFile(file: string, isCorrupt: boolean, { request, response }: Exchange): Promise<void> {
  const whole = await readFile(file).catch(() => null);
  if (whole === null) {
    response.writeHead(404).end();
    return;
  }
  if (isCorrupt) whole.fill(0xa5, Math.floor(whole.length / 8), Math.floor((whole.length * 7) / 8));
  const head = {
    "Content-Type": types[extname(file)] ?? "application/octet-stream",
    "Accept-Ranges": "bytes",
    Age: "7",
    "X-Cache": "HIT from e2e",
  };
  const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? "") ?? [];
  if (from === undefined) {
    response.writeHead(200, { ...head, "Content-Length": whole.length }).end(whole);
    return;
  }
  const last = to === undefined || to === "" ? whole.length - 1 : Math.min(Number(to), whole.length - 1);
  response
    .writeHead(206, { ...head, "Content-Range": `bytes ${from}-${last}/${whole.length}` })
    .end(whole.subarray(Number(from), last + 1));
}
