import { fail, succeed, type Result } from "../../core/failure.ts";
import { readIceServers, type IceServer } from "../../core/wire/config.ts";
import type { RelayOptions } from "../../server/relay.ts";
import { readAllowedTarget, type AllowedTarget } from "../../server/relay/targets.ts";
import { checkToken } from "../../server/runs/access.ts";
import { readArguments, textOf, type OptionSpecs, type Typed } from "../arguments.ts";

/** How `streamgauge start` was asked to run. */
export type StartOptions = {
  readonly port: number;
  readonly host: string | null;
  readonly https: boolean;
  readonly names: readonly string[];
  readonly iceServers: readonly IceServer[];
  readonly turnSecret: string | null;
  readonly relay: RelayOptions;
  /** A PostgreSQL that keeps the runs; null for the embedded database. */
  readonly databaseUrl: string | null;
  /** What other devices need for runs; null for the one kept in the data directory. */
  readonly token: string | null;
  /** One line of JSON instead of words for people. */
  readonly json: boolean;
  /** Pages come from Vite's development server and reload on change. */
  readonly development: boolean;
};

/** The port when none is asked for. */
export const defaultPort: number = 8080;

/** The options of `streamgauge start`. */
export const startOptionSpecs: OptionSpecs = {
  port: { type: "string", value: "PORT", help: `port to listen on, 0 for any free one (${defaultPort})` },
  host: { type: "string", value: "ADDRESS", help: "address to listen on (all of this machine's)" },
  "no-https": { type: "boolean", help: "plain http only: other devices then cannot use cameras and codecs" },
  name: {
    type: "string",
    multiple: true,
    value: "NAME",
    help: "host name that pages may use, such as one behind a proxy; may be repeated",
  },
  ice: {
    type: "string",
    value: "SERVERS",
    help: "STUN and TURN servers: stun:host:port,turn:user:password@host:port or JSON (none)",
  },
  "relay-to": {
    type: "string",
    multiple: true,
    value: "URL",
    help: "beginning of RTMP or SRT targets that pages may have their stream sent to, such as rtmp://host/app/; may be repeated (none)",
  },
  json: { type: "boolean", help: "print one line of JSON instead" },
  dev: { type: "boolean", help: "reload pages when sources change" },
  help: { type: "boolean", help: "show this" },
};

/** Environment variables of `streamgauge start`, for its help. */
export const startEnvironment: readonly (readonly [name: string, help: string])[] = [
  ["STREAMGAUGE_DATA", "directory for the certificate and the runs (~/.local/state/streamgauge)"],
  ["DATABASE_URL", "PostgreSQL that keeps the runs: postgres://user:password@host/database (embedded)"],
  [
    "STREAMGAUGE_TOKEN",
    "what other devices need to see runs, 16 characters or more (kept in the data directory)",
  ],
  ["STREAMGAUGE_ICE_SERVERS", "as --ice, out of sight of other users' process lists"],
  ["STREAMGAUGE_RELAY_TARGETS", "as --relay-to, separated by commas"],
  ["FFMPEG_PATH", "ffmpeg that relays (the one in PATH)"],
  ["STREAMGAUGE_TURN_SECRET", "secret shared with a TURN server that takes time-limited credentials"],
];

type Environment = Readonly<Record<string, string | undefined>>;

/** Reads what was typed; `null` when help was asked for. */
export function readStartOptions(
  args: readonly string[],
  environment: Environment,
): Result<StartOptions | null> {
  const typed = readArguments("start", startOptionSpecs, args);
  if (!typed.ok) return typed;
  if (typed.value["help"] === true) return succeed(null);
  const port = readPort(textOf(typed.value, "port"));
  if (!port.ok) return port;
  const { STREAMGAUGE_ICE_SERVERS: ice = "", STREAMGAUGE_RELAY_TARGETS: relays = "" } = environment;
  const iceServers = readIceServers(textOf(typed.value, "ice") ?? ice);
  if (!iceServers.ok) return iceServers;
  const targets = readTargets([...listOf(typed.value, "relay-to"), ...relays.split(",")]);
  if (!targets.ok) return targets;
  const keeping = readKeeping(environment);
  if (!keeping.ok) return keeping;
  return succeed({
    port: port.value,
    host: textOf(typed.value, "host"),
    https: typed.value["no-https"] !== true,
    names: listOf(typed.value, "name"),
    iceServers: iceServers.value,
    turnSecret: given(environment["STREAMGAUGE_TURN_SECRET"]),
    relay: { targets: targets.value, ffmpeg: environment["FFMPEG_PATH"] ?? "ffmpeg" },
    ...keeping.value,
    json: typed.value["json"] === true,
    development: typed.value["dev"] === true,
  });
}

function listOf(typed: Typed, name: string): readonly string[] {
  const value = typed[name];
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}

function readTargets(texts: readonly string[]): Result<readonly AllowedTarget[]> {
  const targets: AllowedTarget[] = [];
  for (const text of texts.map((each) => each.trim()).filter((each) => each !== "")) {
    const read = readAllowedTarget(text);
    if (!read.ok) return read;
    targets.push(read.value);
  }
  return succeed(targets);
}

/** A variable's text; null where it is absent or empty. */
function given(text: string | undefined): string | null {
  return text === undefined || text === "" ? null : text;
}

function readKeeping(environment: Environment): Result<Pick<StartOptions, "databaseUrl" | "token">> {
  const kept = {
    databaseUrl: given(environment["DATABASE_URL"]),
    token: given(environment["STREAMGAUGE_TOKEN"]),
  };
  if (kept.token === null || checkToken(kept.token)) return succeed(kept);
  return fail({
    kind: "refused-input",
    what: "Reading STREAMGAUGE_TOKEN",
    where: "the environment",
    next: "Give 16 to 256 letters, digits and -._~+/=, such as the output of: openssl rand -hex 24",
  });
}

function readPort(text: string | null): Result<number> {
  if (text === null) return succeed(defaultPort);
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return succeed(port);
  return fail({
    kind: "refused-input",
    what: "Reading --port",
    where: JSON.stringify(text),
    next: "Give a whole number from 0 to 65535, such as --port 8080.",
  });
}
