import { createHash, createHmac, randomBytes, timingSafeEqual } from "node:crypto";

import type { IceServer } from "../core/wire/config.ts";

const crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/**
 * The join code that belongs to an owner key, as `joinCodePattern` has it: 40 bits of the key's hash, so that nobody opens a
 * room under a code that was given to another, not even once the server has forgotten it.
 */
export function joinCodeOf(ownerKey: string): string {
  const bytes = createHash("sha256").update(`join code of ${ownerKey}`).digest();
  return Array.from({ length: 8 }, (_, place) => crockford[(bytes[place] ?? 0) % 32]).join("");
}

/** An owner key of 192 random bits. */
export function newOwnerKey(): string {
  return randomBytes(24).toString("base64url");
}

/** A peer's name for one connection, 96 random bits. */
export function newPeerId(): string {
  return randomBytes(12).toString("base64url");
}

/** What is kept of an owner key. The key is random and long, so a plain hash is enough. */
export function hashKey(key: string): Uint8Array {
  return createHash("sha256").update(key).digest();
}

/** Compares two hashes in constant time. */
export function isSameHash(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && timingSafeEqual(one, other);
}

/** How long credentials made by `lendTurn` hold, seconds: longer than any one measurement. */
export const turnLendS = 86_400;

/**
 * Gives TURN servers without a credential one that holds for a day (draft-uberti-behave-turn-rest-00, coturn's
 * `use-auth-secret`): the user name is the expiry, the password its HMAC-SHA1 under the shared secret.
 */
export function lendTurn(servers: readonly IceServer[], secret: string, nowS: number): readonly IceServer[] {
  const username = `${Math.floor(nowS) + turnLendS}:streamgauge`;
  const credential = createHmac("sha1", secret).update(username).digest("base64");
  return servers.map((server) =>
    server.credential === undefined && server.urls.every((url) => /^turns?:/i.test(url))
      ? { ...server, username, credential }
      : server,
  );
}
