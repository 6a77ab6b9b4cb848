import { createHash, randomBytes, timingSafeEqual } from "node:crypto";

/** A new PUT token: 256 random bits, base64url. */
export function newPutToken(): string {
  return randomBytes(32).toString("base64url");
}

/**
 * The id of the stream that a token publishes. It is a hash of the token, so a server that has lost everything still
 * knows whose a stream is, and the id that every viewer has gives the token to none of them.
 */
export function streamIdOf(putToken: string): string {
  return createHash("sha256").update(`streamgauge hls ${putToken}`).digest("base64url").slice(0, 22);
}

/** Whether an `Authorization` header carries the token of a stream. */
export function isAuthorized(header: string, streamId: string): boolean {
  const token = /^Bearer +([A-Za-z0-9_-]{1,128})$/i.exec(header)?.[1];
  if (token === undefined) return false;
  return timingSafeEqual(Buffer.from(streamIdOf(token)), Buffer.from(streamId));
}
