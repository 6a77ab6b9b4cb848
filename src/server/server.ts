import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";

import type { IceServer, PageConfig } from "../core/wire/config.ts";
import { relayPath } from "../core/wire/relay.ts";
import { systemClock, type ServerClock } from "./clock.ts";
import { createFactsService } from "./facts.ts";
import { writeSecurityHeaders, type PageMode } from "./headers.ts";
import { createHlsOrigin, type HlsOrigin } from "./hls-origin.ts";
import type { OriginLimits } from "./hls-origin/limits.ts";
import { hostnameOf, isOwnName, isSameOrigin } from "./hosts.ts";
import { createRelay, type Relay, type RelayOptions } from "./relay.ts";
import type { ServerCounts } from "./runs/metrics.ts";
import { createRunsService, type RunsOptions, type RunsService } from "./runs/runs.ts";
import { lendTurn } from "./secrets.ts";
import { logToStderr, seeThrough, type Log } from "./see-through.ts";
import { createSignalling, defaultSignalLimits, type Signalling, type SignalLimits } from "./signalling.ts";

/** Answers a request that the server itself does not, or calls `next`. */
export type Handler = (request: IncomingMessage, response: ServerResponse, next: () => void) => void;

/** What a server is made of. */
export type ServerOptions = {
  /** Answers with the page and its assets: built files, or Vite's middleware. */
  readonly page: Handler;
  readonly pageMode: PageMode;
  readonly version: string;
  /** Names this server may be reached by, beside addresses, localhost and `.local` names. */
  readonly names: readonly string[];
  readonly iceServers: readonly IceServer[];
  /** Shared with a TURN server that lends credentials (coturn's `static-auth-secret`); null when there is none. */
  readonly turnSecret: string | null;
  readonly clock?: ServerClock;
  readonly signalLimits?: SignalLimits;
  readonly originLimits?: Partial<OriginLimits>;
  /** Without it nothing is relayed. */
  readonly relay?: RelayOptions;
  /** Without it no runs are kept. */
  readonly runs?: RunsOptions;
  /** Told what goes wrong in the server itself; stderr unless given. */
  readonly log?: Log;
};

/** The project's server without its port: what listens, or a development server, mounts it. */
export type StreamgaugeServer = {
  readonly handle: Handler;
  /** Takes WebSocket upgrades at `/ws/signal` and `/ws/relay` and refuses all others. */
  readonly upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
  /** Parts with every page; the owner of the port closes that. */
  readonly close: () => void;
};

const notItsName = "This server does not go by that name. Start it with --name NAME to allow it.";

/** Makes the server. */
export function createStreamgaugeServer(options: ServerOptions): StreamgaugeServer {
  const clock = options.clock ?? systemClock;
  const signalling = createSignalling(clock, options.signalLimits ?? defaultSignalLimits);
  const origin = createHlsOrigin({ clock, limits: options.originLimits ?? {} });
  const facts = createFactsService(clock);
  const relay = createRelay(clock, options.relay ?? { targets: [], ffmpeg: "ffmpeg" });
  const log = options.log ?? logToStderr;
  const runs = createRuns(options, { clock, log }, () => countsOf(signalling, origin, relay));
  const upgrades = new Map([
    ["/ws/signal", signalling.upgrade],
    [relayPath, relay.upgrade],
  ]);
  const isOurs = (request: IncomingMessage): boolean => {
    const hostname = hostnameOf(request.headers.host);
    return hostname !== null && isOwnName(hostname, options.names);
  };
  const answers: Readonly<Record<string, () => unknown>> = {
    "/healthz": () => ({
      status: "ok",
      version: options.version,
      ...signalling.census(),
      hls: origin.census(),
      relays: relay.count(),
    }),
    "/api/config": () => pageConfig(options, clock),
  };
  const answerOwn: Handler = (request, response, next) => {
    const answer = answers[pathOf(request)];
    if (answer === undefined) options.page(request, response, next);
    else sendJson(response, answer());
  };
  const answerAny = (...[request, response, next]: Parameters<Handler>): unknown => {
    const isOwn = isOurs(request);
    // Streams are for players of any page: the headers that fence off this server's own page would keep them out.
    const streamed = isOwn && origin.handle(request, response);
    if (streamed !== false) return streamed;
    writeSecurityHeaders(response, options.pageMode);
    if (!isOwn) return sendText(response, 421, notItsName);
    const told = facts.handle(request, response);
    if (told !== false) return told;
    const kept = runs?.handle(request, response) ?? false;
    if (kept !== false) return kept;
    return isReading(request, response) ? answerOwn(request, response, next) : null;
  };
  return {
    handle: (request, response, next) => {
      void seeThrough(request, response, log, () => answerAny(request, response, next));
    },
    upgrade: (request, socket, head) => {
      // Without a listener, a connection that breaks meanwhile would end the process.
      socket.on("error", () => socket.destroy());
      const upgrade = upgrades.get(pathOf(request));
      if (upgrade === undefined) refuseUpgrade(socket, "404 Not Found");
      else if (!isOurs(request) || !isSameOrigin(request)) refuseUpgrade(socket, "403 Forbidden");
      else upgrade(request, socket, head);
    },
    close: () => {
      for (const service of [origin, facts, relay, signalling, runs]) service?.close();
    },
  };
}

/** False for a method that only services take, which is refused. */
function isReading({ method }: IncomingMessage, response: ServerResponse): boolean {
  if (method === "GET" || method === "HEAD") return true;
  response.setHeader("Allow", "GET, HEAD");
  sendText(response, 405, "Only GET and HEAD are answered here.");
  return false;
}

function countsOf(signalling: Signalling, origin: HlsOrigin, relay: Relay): ServerCounts {
  const { streamCount, heldBytes } = origin.census();
  return {
    rooms: signalling.census().rooms,
    hls_streams: streamCount,
    hls_held_bytes: heldBytes,
    relays: relay.count(),
  };
}

function createRuns(
  { runs, version }: ServerOptions,
  adapters: { readonly clock: ServerClock; readonly log: Log },
  counts: () => ServerCounts,
): RunsService | null {
  return runs === undefined ? null : createRunsService(runs, adapters, { version, counts });
}

function pageConfig({ iceServers, turnSecret }: ServerOptions, clock: ServerClock): PageConfig {
  if (turnSecret === null) return { iceServers };
  return { iceServers: lendTurn(iceServers, turnSecret, clock.epochUs() / 1e6) };
}

function pathOf(request: IncomingMessage): string {
  return (request.url ?? "/").split("?", 1)[0] ?? "/";
}

function sendJson(response: ServerResponse, value: unknown): void {
  response.setHeader("Content-Type", "application/json");
  response.setHeader("Cache-Control", "no-store");
  response.end(JSON.stringify(value));
}

/** Answers with a line of plain text. */
export function sendText(response: ServerResponse, status: number, text: string): void {
  send(response, status, "text/plain", `${text}\n`);
}

/** Answers with a page. */
export function sendPage(response: ServerResponse, status: number, html: string): void {
  send(response, status, "text/html", html);
}

function send(response: ServerResponse, status: number, type: string, text: string): void {
  response.statusCode = status;
  response.setHeader("Content-Type", `${type}; charset=utf-8`);
  response.setHeader("Cache-Control", "no-store");
  response.end(text);
}

function refuseUpgrade(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
