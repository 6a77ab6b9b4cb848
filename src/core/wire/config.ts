import * as v from "valibot";

import { fail, succeed, type Result } from "../failure.ts";

/** One STUN or TURN server as RTCPeerConnection takes it (W3C webrtc, RTCIceServer). */
export type IceServer = {
  /** `stun:`, `stuns:`, `turn:` or `turns:` URLs (RFC 7064, RFC 7065) of one and the same server. */
  readonly urls: readonly string[];
  readonly username?: string;
  readonly credential?: string;
};

/** What the server tells a page at `/api/config`; asked anew before each connection, as credentials may be short-lived. */
export type PageConfig = {
  /** Empty: host candidates only, which is enough within one network. */
  readonly iceServers: readonly IceServer[];
};

const iceUrl = v.pipe(
  v.string(),
  v.maxLength(300),
  v.regex(/^(?:stuns?|turns?):(?:\[[0-9a-f:.]+\]|[\w.-]+)(?::\d{1,5})?(?:\?transport=(?:udp|tcp))?$/i),
);
const secret = v.pipe(v.string(), v.minLength(1), v.maxLength(500));

const iceServer: v.GenericSchema<unknown, IceServer> = v.strictObject({
  urls: v.union([
    v.pipe(v.array(iceUrl), v.minLength(1), v.maxLength(8)),
    v.pipe(
      iceUrl,
      v.transform((url) => [url]),
    ),
  ]),
  username: v.exactOptional(secret),
  credential: v.exactOptional(secret),
});

const iceServers = v.pipe(v.array(iceServer), v.maxLength(16));

/** Checks `/api/config` at the page's door. */
export const pageConfigSchema: v.GenericSchema<unknown, PageConfig> = v.object({
  iceServers,
});

const listed = /^(?<scheme>stuns?:|turns?:)(?:(?<user>[^:@]+):(?<pass>[^@]+)@)?(?<rest>.+)$/i;

function toServer(entry: string): unknown {
  const parts = listed.exec(entry)?.groups;
  if (parts === undefined) return entry;
  const { scheme, user, pass, rest } = parts;
  const urls = [`${scheme}${rest}`];
  if (user === undefined || pass === undefined) return { urls };
  return { urls, username: decodeURIComponent(user), credential: decodeURIComponent(pass) };
}

function parse(text: string): unknown {
  if (text.startsWith("[")) return JSON.parse(text);
  return text
    .split(",")
    .map((entry) => entry.trim())
    .filter((entry) => entry !== "")
    .map(toServer);
}

function refused(where: string): Result<readonly IceServer[]> {
  return fail({
    kind: "refused-input",
    what: "Reading the ICE servers",
    where,
    next: 'Give stun:host:port,turn:user:password@host:port or a JSON array such as [{"urls":"stun:host:3478"}]',
  });
}

/**
 * Reads ICE servers as a person configures them: a JSON array of RTCIceServer, or a comma list of `stun:host:port` and
 * `turn:user:password@host:port` (user and password percent-encoded). The refusal names the entry, never its secrets.
 */
export function readIceServers(text: string): Result<readonly IceServer[]> {
  try {
    const read = v.safeParse(iceServers, parse(text.trim()));
    if (read.success) return succeed(read.output);
    const index = read.issues[0].path?.[0]?.key;
    return refused(typeof index === "number" ? `entry ${index + 1}` : "the whole list");
  } catch {
    // The parser's own words would quote the text, and with it the secrets.
    return refused("the whole list");
  }
}
