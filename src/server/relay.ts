import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";

import * as v from "valibot";
import { WebSocketServer, type RawData, type WebSocket } from "ws";

import type { Failure } from "../core/failure.ts";
import {
  maxRelayMessageBytes,
  relayPath,
  toRelaySchema,
  type FromRelay,
  type ToRelay,
} from "../core/wire/relay.ts";
import type { ServerClock } from "./clock.ts";
import { addressKey } from "./hosts.ts";
import { createCensus } from "./limits.ts";
import { startRelayProcess, type RelayProcess } from "./relay/ffmpeg.ts";
import { readTarget, type AllowedTarget } from "./relay/targets.ts";
import { createGuard, type Guard } from "./see-socket.ts";
import { logToStderr, type Log } from "./see-through.ts";
import { toBytes } from "./signal-message.ts";

/** Bounds of the relay service. */
export type RelayLimits = {
  readonly maxRelays: number;
  readonly maxRelaysPerAddress: number;
  /** A page that sends nothing for this long is given up, ms. */
  readonly idleMs: number;
  /** A target that takes nothing for this long is given up, ms. */
  readonly stallMs: number;
  /** No relay lasts longer, ms. */
  readonly maxAgeMs: number;
};

/** The bounds a server has unless told otherwise. */
export const defaultRelayLimits: RelayLimits = {
  maxRelays: 8,
  maxRelaysPerAddress: 4,
  idleMs: 15_000,
  stallMs: 15_000,
  maxAgeMs: 24 * 3_600_000,
};

/** What a relay is configured with. */
export type RelayOptions = {
  /** What may be relayed to; empty: nothing. */
  readonly targets: readonly AllowedTarget[];
  /** A path, or a name that PATH knows. */
  readonly ffmpeg: string;
  readonly limits?: Partial<RelayLimits>;
};

/** Sends pages' streams on to RTMP and SRT. */
export type Relay = {
  /** Takes over an HTTP upgrade whose origin has been checked. */
  readonly upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
  /** Relays that are open, for the health page. */
  readonly count: () => number;
  /** Ends every relay. */
  readonly close: () => void;
};

type Line = {
  readonly socket: WebSocket;
  readonly guard: Guard;
  readonly openedMs: number;
  /** When the page sent last. */
  heardMs: number;
  /** Since when ffmpeg takes nothing more; null while it does. */
  fullSinceMs: number | null;
  process: RelayProcess | null;
  target: string;
  isFinishing: boolean;
  isOver: boolean;
};

const sweepMs = 1000;

/** Makes the relay service. It holds one repeating task of the clock until closed. */
export function createRelay(clock: ServerClock, options: RelayOptions, log: Log = logToStderr): Relay {
  const limits = { ...defaultRelayLimits, ...options.limits };
  const census = createCensus({ inAll: limits.maxRelays, perKey: limits.maxRelaysPerAddress });
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: maxRelayMessageBytes,
    clientTracking: false,
  });
  const lines = new Set<Line>();
  const stop = clock.every(sweepMs, () => {
    for (const line of lines) line.guard(() => giveUpWhenDue(line, clock.nowMs(), limits))();
  });
  const welcome = (socket: WebSocket): void => {
    const nowMs = clock.nowMs();
    const line: Line = {
      socket,
      guard: createGuard(socket, relayPath, log),
      openedMs: nowMs,
      heardMs: nowMs,
      fullSinceMs: null,
      process: null,
      target: "the relay",
      isFinishing: false,
      isOver: false,
    };
    lines.add(line);
    listen(line, options, clock, () => lines.delete(line));
  };
  return {
    count: () => lines.size,
    upgrade: (request, stream, head) => {
      const address = addressKey(request.socket.remoteAddress);
      const entry = census.enter(address);
      if (entry === "in") stream.once("close", () => census.leave(address));
      sockets.handleUpgrade(request, stream, head, (socket) => {
        // Said in words, which the answer to an upgrade would not carry to a page.
        if (entry === "in") welcome(socket);
        else refuseAtDoor(socket, tooMany(limits));
      });
    },
    close: () => {
      stop();
      for (const line of lines) finish(line, goingAway);
      sockets.close();
    },
  };
}

function listen(line: Line, options: RelayOptions, clock: ServerClock, forget: () => void): void {
  const { socket, guard } = line;
  const onMessage = guard((data: RawData, isBinary: boolean) => {
    line.heardMs = clock.nowMs();
    const bytes = toBytes(data);
    if (isBinary) pass(line, bytes, clock);
    else act(line, readText(bytes), options);
  });
  const onClose = guard(() => {
    line.isOver = true;
    forget();
    // The page is gone, and with it whoever could want the rest.
    line.process?.kill();
  });
  socket.on("message", onMessage);
  socket.on("close", onClose);
  // `close` always follows; ws answers protocol errors with the fitting close code itself.
  socket.on("error", () => socket.terminate());
}

function readText(bytes: Buffer): ToRelay | null {
  const read = v.safeParse(
    v.pipe(v.string(), v.maxLength(4096), v.parseJson(), toRelaySchema),
    bytes.toString("utf8"),
  );
  return read.success ? read.output : null;
}

function act(line: Line, message: ToRelay | null, options: RelayOptions): void {
  if (line.isOver) return;
  const isWrong = message === null || (message.type === "open") !== (line.process === null);
  if (isWrong) finish(line, notUnderstood(line.target));
  else if (message.type === "open") open(line, message.target, options);
  else {
    line.isFinishing = true;
    line.process?.stdin.end();
  }
}

function open(line: Line, text: string, { targets, ffmpeg }: RelayOptions): void {
  const target = readTarget(text, targets);
  if (!target.ok) {
    finish(line, target.failure);
    return;
  }
  line.target = target.value.shown;
  line.process = startRelayProcess(ffmpeg, target.value, {
    onProgress: line.guard((progress) => tell(line, { type: "progress", ...progress })),
    onEnd: line.guard((failure) =>
      finish(line, failure ?? (line.isFinishing ? null : endedUnasked(line.target))),
    ),
  });
}

/** Hands the page's bytes to ffmpeg; while that takes no more, the page's socket is not read, and the page sees its own queue grow. */
function pass(line: Line, bytes: Buffer, clock: ServerClock): void {
  if (line.isOver || line.isFinishing) return;
  if (line.process === null) {
    finish(line, notUnderstood(line.target));
    return;
  }
  const { stdin } = line.process;
  if (!stdin.writable || stdin.write(bytes)) return;
  line.fullSinceMs = clock.nowMs();
  line.socket.pause();
  const onDrain = line.guard(() => {
    line.fullSinceMs = null;
    line.heardMs = clock.nowMs();
    line.socket.resume();
  });
  stdin.once("drain", onDrain);
}

function giveUpWhenDue(line: Line, nowMs: number, limits: RelayLimits): void {
  if (line.fullSinceMs !== null) {
    if (nowMs - line.fullSinceMs >= limits.stallMs) finish(line, stalled(line.target, limits));
  } else if (nowMs - line.heardMs >= limits.idleMs) finish(line, idle(line.target, limits));
  else if (nowMs - line.openedMs >= limits.maxAgeMs) finish(line, tooOld(line.target, limits));
}

function tell({ socket }: Pick<Line, "socket">, message: FromRelay): void {
  if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(message));
}

function finish(line: Line, failure: Failure | null): void {
  if (line.isOver) return;
  line.isOver = true;
  tell(line, { type: "ended", failure });
  line.process?.kill();
  // A socket that is not read would never see the other end's goodbye.
  line.socket.resume();
  line.socket.close(1000);
}

function refuseAtDoor(socket: WebSocket, failure: Failure): void {
  socket.on("error", () => socket.terminate());
  tell({ socket }, { type: "ended", failure });
  socket.close(1013);
}

const what = "Relaying the stream";

const goingAway: Failure = {
  kind: "ended-early",
  what: "The server goes away",
  where: "this server",
  next: "Start the server again.",
};

function tooMany({ maxRelays, maxRelaysPerAddress }: RelayLimits): Failure {
  const next = `It relays ${maxRelays} streams at once, ${maxRelaysPerAddress} of one device: stop one and start again.`;
  return { kind: "denied", what, where: "this server", next };
}

function notUnderstood(where: string): Failure {
  const next = "Reload the page: page and server are probably of different versions.";
  return { kind: "refused-input", what: "The server did not understand this page", where, next };
}

function endedUnasked(where: string): Failure {
  const next = "Start again; if it happens again, look at the target's own log.";
  return { kind: "ended-early", what: "The target ended the stream", where, next };
}

function stalled(where: string, { stallMs }: RelayLimits): Failure {
  const said = `The target took nothing for ${stallMs / 1000} s`;
  return {
    kind: "timed-out",
    what: said,
    where,
    next: "Choose a lower bitrate, or a target with a faster line.",
  };
}

function idle(where: string, { idleMs }: RelayLimits): Failure {
  const said = `The page sent nothing for ${idleMs / 1000} s`;
  return {
    kind: "timed-out",
    what: said,
    where,
    next: "Keep the sender's tab open and the device awake, and start again.",
  };
}

function tooOld(where: string, { maxAgeMs }: RelayLimits): Failure {
  const said = `The relay lasted ${maxAgeMs / 3_600_000} h, as long as one may`;
  return { kind: "timed-out", what: said, where, next: "Start again." };
}
