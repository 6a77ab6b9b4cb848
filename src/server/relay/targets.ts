import { fail, succeed, type Failure, type Result } from "../../core/failure.ts";

/** Where a stream goes. */
export type RelayTarget = {
  /** As ffmpeg is given it, with its secrets. */
  readonly url: string;
  readonly protocol: "rtmp" | "rtmps" | "srt";
  /** Without stream key, password and query: what may be shown and logged. */
  readonly shown: string;
  /** What must not be shown, longest first. */
  readonly secrets: readonly string[];
};

/** A prefix that targets may begin with. */
export type AllowedTarget = {
  readonly protocol: string;
  /** Name and port, in lower case, the port always given. */
  readonly authority: string;
  /** Begins and ends with a slash. */
  readonly path: string;
};

const defaultPorts: Readonly<Record<RelayTarget["protocol"], string>> = {
  rtmp: "1935",
  rtmps: "443",
  // SRT has no port of its own: it must be named.
  srt: "",
};

/** What an SRT caller may ask for (ffmpeg's srt options); the mode is not among them, so nobody makes the server listen. */
const srtOptions: ReadonlySet<string> = new Set([
  "streamid",
  "passphrase",
  "pbkeylen",
  "latency",
  "peerlatency",
  "rcvlatency",
  "maxbw",
  "inputbw",
  "oheadbw",
  "pkt_size",
  "connect_timeout",
  "transtype",
]);

type Parts = { readonly url: URL; readonly protocol: RelayTarget["protocol"]; readonly authority: string };

/** URL parses schemes it does not know leniently; what is left over is checked here. */
function parse(text: string): Parts | null {
  if (!/^[!-~]+$/.test(text) || /["'\\|]/.test(text) || !URL.canParse(text)) return null;
  const url = new URL(text);
  const protocol = url.protocol.slice(0, -1);
  if (protocol !== "rtmp" && protocol !== "rtmps" && protocol !== "srt") return null;
  const port = url.port === "" ? defaultPorts[protocol] : url.port;
  if (url.hostname === "" || port === "") return null;
  return { url, protocol, authority: `${url.hostname.toLowerCase()}:${port}` };
}

/** Reads one allowed prefix, such as `rtmp://a.example/live/` or `srt://a.example:9000`. */
export function readAllowedTarget(text: string): Result<AllowedTarget> {
  const parts = parse(text);
  if (parts === null || parts.url.username !== "" || parts.url.search !== "" || parts.url.hash !== "")
    return fail({
      kind: "refused-input",
      what: "Reading a target that may be relayed to",
      where: "--relay-to or STREAMGAUGE_RELAY_TARGETS",
      next: "Give the beginning of its URL without a stream key, such as rtmp://live.example/app/ or srt://live.example:9000.",
    });
  const { pathname } = parts.url;
  const path = pathname.endsWith("/") ? pathname : `${pathname}/`;
  return succeed({ protocol: parts.protocol, authority: parts.authority, path });
}

/** An allowed prefix as a person writes it. */
export function showAllowedTarget({ protocol, authority, path }: AllowedTarget): string {
  return `${protocol}://${authority}${path}`;
}

/** Reads a page's target and checks that it may be relayed to. */
export function readTarget(text: string, allowed: readonly AllowedTarget[]): Result<RelayTarget> {
  if (allowed.length === 0) return fail(nothingAllowed);
  const parts = parse(text);
  if (parts === null) return fail(notATarget);
  const { url, protocol, authority } = parts;
  const shown = showTarget(parts);
  const unknown =
    protocol === "srt" ? [...url.searchParams.keys()].find((key) => !srtOptions.has(key)) : undefined;
  if (unknown !== undefined) return fail(unknownOption(shown, unknown));
  const isAllowed = allowed.some(
    (prefix) =>
      prefix.protocol === protocol &&
      prefix.authority === authority &&
      `${url.pathname}/`.startsWith(prefix.path),
  );
  if (!isAllowed) return fail(notAllowed(shown, allowed));
  // As it was understood here, dots in the path and all: what is given away is what was checked.
  return succeed({ url: url.href, protocol, shown, secrets: secretsOf(text, url) });
}

/** The last part of an RTMP path is the stream key, and SRT's query holds stream id and passphrase. */
function showTarget({ url, protocol, authority }: Parts): string {
  const folders = url.pathname.split("/").slice(0, -1).join("/");
  return protocol === "srt" ? `srt://${authority}` : `${protocol}://${authority}${folders}/...`;
}

function secretsOf(text: string, url: URL): readonly string[] {
  const key = url.pathname.split("/").at(-1) ?? "";
  const values = [...url.searchParams.values()];
  const all = [text, url.href, url.search.slice(1), key, url.password, url.username, ...values];
  const plain = all.flatMap((secret) => [secret, decode(secret)]);
  return [...new Set(plain)].filter(({ length }) => length >= 3).toSorted((a, b) => b.length - a.length);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Words with a target's secrets taken out. */
export function redact(words: string, { secrets }: Pick<RelayTarget, "secrets">): string {
  return secrets.reduce((text, secret) => text.replaceAll(secret, "..."), words);
}

const what = "Relaying the stream";

const nothingAllowed: Failure = {
  kind: "denied",
  what,
  where: "this server",
  next: "It relays to no target yet. Start it with --relay-to rtmp://host/app/ (or set STREAMGAUGE_RELAY_TARGETS) to allow one: a server that relays anywhere would be a hole.",
};

const notATarget: Failure = {
  kind: "refused-input",
  what,
  where: "the target's URL",
  next: "Give rtmp://host/app/key, rtmps://host/app/key or srt://host:port?streamid=..., without blanks and quotes.",
};

function unknownOption(where: string, option: string): Failure {
  const next = `Leave out "${option.slice(0, 30)}"; SRT takes ${[...srtOptions].join(", ")} here.`;
  return { kind: "refused-input", what, where, next };
}

function notAllowed(where: string, allowed: readonly AllowedTarget[]): Failure {
  const list = allowed.map(showAllowedTarget).join(", ");
  const next = `This server relays to ${list} only. Start it with --relay-to and the beginning of the target's URL to allow it.`;
  return { kind: "denied", what, where, next };
}
