import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import type { IncomingMessage } from "node:http";
import { join } from "node:path";

import { fail, reason, succeed, type Result } from "../../core/failure.ts";
import { hostnameOf, isLoopbackName } from "../hosts.ts";

/** File in the data directory that holds the token, readable by its user alone. */
export const tokenFileName = "token";
const minTokenLength = 16;

/** Reads the token of this data directory, made when there is none yet: 192 random bits, base64url. */
export async function keepToken(directory: string): Promise<Result<string>> {
  const path = join(directory, tokenFileName);
  try {
    const made = randomBytes(24).toString("base64url");
    await writeFile(path, `${made}\n`, { mode: 0o600, flag: "wx" });
    return succeed(made);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return readToken(path);
    return fail(tokenFailure(path, error));
  }
}

async function readToken(path: string): Promise<Result<string>> {
  try {
    const token = (await readFile(path, "utf8")).trim();
    return checkToken(token)
      ? succeed(token)
      : fail(tokenFailure(path, `it is shorter than ${minTokenLength} characters`));
  } catch (error) {
    return fail(tokenFailure(path, error));
  }
}

/** Whether a token is long enough and can be sent in a header. */
export function checkToken(token: string): boolean {
  return token.length >= minTokenLength && /^[\w~+/=.-]{1,256}$/.test(token);
}

function tokenFailure(path: string, error: unknown): Parameters<typeof fail>[0] {
  return {
    kind: "denied",
    what: "Reading the token that other devices need for runs",
    where: path,
    next: "Remove the file to have a new one made, or give one of 16 characters or more in STREAMGAUGE_TOKEN.",
    cause: reason(error),
  };
}

/**
 * Whether a request comes from this machine itself: over a loopback address, under a loopback name, and not passed on by a
 * proxy, which would lend its own address to everyone.
 */
export function isLocal(request: IncomingMessage): boolean {
  const { host, forwarded, "x-forwarded-for": forwardedFor, via } = request.headers;
  if ((forwarded ?? forwardedFor ?? via) !== undefined) return false;
  const name = hostnameOf(host);
  const address = (request.socket.remoteAddress ?? "").replace(/^::ffff:/, "");
  return name !== null && isLoopbackName(name) && (address === "::1" || address.startsWith("127."));
}

function hash(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}

/** Whether a request carries the token; takes the same time however much of it is right. */
export function hasToken(request: IncomingMessage, token: string): boolean {
  const given = /^Bearer +(\S{1,256})$/i.exec(request.headers.authorization ?? "")?.[1] ?? "";
  return timingSafeEqual(hash(given), hash(token));
}
