import type { IncomingMessage, ServerResponse } from "node:http";

import { reason } from "../core/failure.ts";
import { refusal, refuse } from "./hls-origin/answer.ts";

/** Takes one line for whoever runs the server: what went wrong, with the machine's own words. */
export type Log = (line: string) => void;

/** Logs to stderr. */
export const logToStderr: Log = (line) => {
  process.stderr.write(`${line}\n`);
};

/** A fault of this server in words for its log, with where it was thrown. */
export function faultWords(error: unknown): string {
  return error instanceof Error ? (error.stack ?? reason(error)) : reason(error);
}

/** Codes of a client that hung up in the middle of its answer: its own affair. */
const hungUpCodes = new Set(["ERR_STREAM_PREMATURE_CLOSE", "ERR_STREAM_DESTROYED", "ECONNRESET", "EPIPE"]);

/**
 * Sees a request through to its end. What its work throws is a fault of this server: it is logged and answered with 500, and
 * never ends the process, in which streams of others are measured.
 */
export async function seeThrough(
  request: IncomingMessage,
  response: ServerResponse,
  log: Log,
  work: () => unknown,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    const [path = "/"] = (request.url ?? "/").split("?", 1);
    const where = `${request.method ?? "GET"} ${path}`;
    const { code } = error as NodeJS.ErrnoException;
    if (response.destroyed && code !== undefined && hungUpCodes.has(code)) return;
    log(`Answering ${where} failed: ${faultWords(error)}`);
    refuse(
      request,
      response,
      refusal(500, {
        kind: "ended-early",
        what: "Answering",
        where,
        next: "This is a fault of the server, whose log has more of it. All else goes on; try again, or ask for something else.",
      }),
    );
  }
}
