import type { IncomingMessage } from "node:http";
import { isIP } from "node:net";

/** The host name of a `Host` header or URL authority, without port and brackets, in lower case; null when malformed. */
export function hostnameOf(authority: string | undefined): string | null {
  if (authority === undefined) return null;
  const text = `http://${authority}`;
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  if (url.username !== "" || url.pathname !== "/") return null;
  return url.hostname.replaceAll(/^\[|\]$/g, "");
}

/** Whether browsers take plain http from this host as secure (W3C secure-contexts, potentially trustworthy origins). */
export function isLoopbackName(hostname: string): boolean {
  return (
    hostname === "localhost" ||
    hostname.endsWith(".localhost") ||
    hostname === "::1" ||
    /^127(?:\.\d{1,3}){3}$/.test(hostname)
  );
}

/**
 * Whether a page may have reached this server under `hostname`. Foreign names are refused, so that a name that is rebound to
 * a local address (DNS rebinding) does not make a foreign page same-origin with this server.
 * @param names further names this server goes by
 */
export function isOwnName(hostname: string, names: readonly string[]): boolean {
  return (
    isIP(hostname) !== 0 ||
    isLoopbackName(hostname) ||
    hostname.endsWith(".local") ||
    names.some((name) => name.toLowerCase() === hostname)
  );
}

/** Whether a request comes from a page of this very server, or from no page at all (no `Origin`: not a browser). */
export function isSameOrigin(request: IncomingMessage): boolean {
  const { origin, host } = request.headers;
  if (origin === undefined) return true;
  if (!URL.canParse(origin)) return false;
  const from = new URL(origin);
  return (from.protocol === "http:" || from.protocol === "https:") && from.host === host;
}

/** What limits count by: an IPv4 address, or the /64 that one IPv6 subscriber has. */
export function addressKey(remoteAddress: string | undefined): string {
  const address = (remoteAddress ?? "unknown").replace(/^::ffff:(?=\d)/i, "");
  if (isIP(address) !== 6) return address;
  const [head = "", tail] = address.split("::");
  const groups = head === "" ? [] : head.split(":");
  const missing = tail === undefined ? 0 : 8 - groups.length - (tail === "" ? 0 : tail.split(":").length);
  return [...groups, ...Array.from({ length: missing }, () => "0")].slice(0, 4).join(":");
}
