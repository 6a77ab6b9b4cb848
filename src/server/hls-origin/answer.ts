import type { IncomingMessage, ServerResponse } from "node:http";

import type { Failure } from "../../core/failure.ts";

/** A refusal as HTTP has it: a status and a `Failure` in JSON. */
export type Refusal = { readonly status: number; readonly failure: Failure };

/** How long a refused upload is read on, ms, so that its sender gets to see the answer before the connection ends. */
const drainMs = 1000;

/** Headers of every answer: players of any page may read it, with its timings. */
export function writeCommonHeaders(response: ServerResponse): void {
  response.setHeader("Access-Control-Allow-Origin", "*");
  response.setHeader(
    "Access-Control-Expose-Headers",
    "Accept-Ranges, Age, Content-Length, Content-Range, Date, ETag, Last-Modified, Server-Timing",
  );
  response.setHeader("Timing-Allow-Origin", "*");
  response.setHeader("Cross-Origin-Resource-Policy", "cross-origin");
  response.setHeader("X-Content-Type-Options", "nosniff");
}

/** Answers a preflight: any page that knows a token may publish, and any may play. */
export function answerPreflight(response: ServerResponse): void {
  response.setHeader("Access-Control-Allow-Methods", "GET, HEAD, PUT, DELETE");
  response.setHeader("Access-Control-Allow-Headers", "Authorization, Content-Type, If-None-Match, Range");
  response.setHeader("Access-Control-Max-Age", "7200");
  if (response.req.headers["access-control-request-private-network"] === "true") {
    response.setHeader("Access-Control-Allow-Private-Network", "true");
  }
  answerEmpty(response, 204);
}

/** Answers without a body. */
export function answerEmpty(response: ServerResponse, status: number): void {
  response.writeHead(status, status === 204 ? {} : { "Content-Length": 0 });
  response.end();
}

/** Answers with JSON that nobody keeps. */
export function answerJson(response: ServerResponse, status: number, value: unknown): void {
  const body = Buffer.from(JSON.stringify(value));
  response.writeHead(status, {
    "Content-Type": "application/json",
    "Cache-Control": "no-store",
    "Content-Length": body.length,
  });
  response.end(response.req.method === "HEAD" ? undefined : body);
}

/** Refuses a request. One whose body is still on its way also loses its connection. */
export function refuse(request: IncomingMessage, response: ServerResponse, answer: Refusal): void {
  if (response.headersSent || response.destroyed) {
    response.socket?.destroy();
    return;
  }
  const { status, failure } = answer;
  if (status === 401) response.setHeader("WWW-Authenticate", "Bearer");
  if (status === 503) response.setHeader("Retry-After", "1");
  if (!request.complete) {
    // By HTTP/2 the request alone is ended.
    if (request.httpVersionMajor < 2) response.setHeader("Connection", "close");
    request.resume();
    const { socket } = response;
    const timer = setTimeout(() => socket?.destroy(), drainMs);
    timer.unref();
    socket?.once("close", () => clearTimeout(timer));
  }
  answerJson(response, status, failure);
}

/** Puts a refusal together. */
export function refusal(status: number, failure: Failure): Refusal {
  return { status, failure };
}
