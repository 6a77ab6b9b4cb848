import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";

import { WebSocketServer, type WebSocket } from "ws";

import { unreachable } from "../core/failure.ts";
import { maxSignalBytes, type FromServer, type ToServer } from "../core/wire/signalling.ts";
import type { ServerClock } from "./clock.ts";
import { addressKey } from "./hosts.ts";
import { createCensus, createLimiter, type Allowance, type Limiter } from "./limits.ts";
import { createRooms, defaultRoomLimits, refusal, type Outcome, type RoomLimits } from "./rooms.ts";
import { hashKey, isSameHash, joinCodeOf, newOwnerKey, newPeerId } from "./secrets.ts";
import { readMessage, toBytes } from "./signal-message.ts";

/** Bounds of the signalling service. */
export type SignalLimits = {
  readonly rooms: RoomLimits;
  readonly maxConnections: number;
  /** Bounds what one IPv4 address or IPv6 /64 holds open. */
  readonly maxConnectionsPerAddress: number;
  /** Per address: wrong codes and wrong keys. */
  readonly wrongTries: Allowance;
  /** Per connection: messages of any kind. */
  readonly messages: Allowance;
  /** Messages that cannot be understood before a connection is closed. */
  readonly maxBadMessages: number;
  /** A connection that leaves this many pings, one every 4 s, unanswered is dead. */
  readonly maxUnansweredPings: number;
  /** A connection outside any room that says nothing for this long is closed, ms. */
  readonly loiterMs: number;
};

/** The bounds a server has unless told otherwise. */
export const defaultSignalLimits: SignalLimits = {
  rooms: defaultRoomLimits,
  maxConnections: 4000,
  maxConnectionsPerAddress: 200,
  wrongTries: { burst: 20, perS: 20 / 60 },
  messages: { burst: 600, perS: 60 },
  maxBadMessages: 10,
  maxUnansweredPings: 3,
  loiterMs: 300_000,
};

/** Signalling between pages over WebSockets: rooms, facts and clock exchanges. */
export type Signalling = {
  /** Takes over an HTTP upgrade whose origin has been checked. */
  readonly upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
  /** Open rooms and connections, for the health page. */
  readonly census: () => { readonly rooms: number; readonly connections: number };
  /** Tells every page that the server goes away, and ends. */
  readonly close: () => void;
};

type Connection = {
  readonly peer: string;
  readonly address: string;
  readonly socket: WebSocket;
  /** Pings since anything was heard. Counted, not timed: a machine that slept wakes to one missed ping, not to a dead link. */
  unansweredCount: number;
  /** When its last message came. */
  saidMs: number;
  badCount: number;
};

/** A page that does not read is cut off once this much waits for it, bytes. */
const maxUnreadBytes = 4 * 1024 * 1024;
const pingPeriodMs = 4000;
/** The socket itself takes somewhat more than a message may have, so that what is too large gets an answer in words. */
const socketMaxBytes = 4 * maxSignalBytes;

type Service = {
  readonly clock: ServerClock;
  readonly limits: SignalLimits;
  readonly rooms: ReturnType<typeof createRooms>;
  readonly connections: Map<string, Connection>;
  readonly wrongTries: Limiter;
  readonly messages: Limiter;
};

/** Starts the service. It holds one repeating task of the clock until closed. */
export function createSignalling(clock: ServerClock, limits: SignalLimits = defaultSignalLimits): Signalling {
  const rooms = createRooms(
    { nowMs: clock.nowMs, newKey: newOwnerKey, joinOf: joinCodeOf, hash: hashKey, sameHash: isSameHash },
    limits.rooms,
  );
  const service: Service = {
    clock,
    limits,
    rooms,
    connections: new Map(),
    wrongTries: createLimiter(limits.wrongTries, clock.nowMs),
    messages: createLimiter(limits.messages, clock.nowMs, limits.maxConnections),
  };
  const census = createCensus({ inAll: limits.maxConnections, perKey: limits.maxConnectionsPerAddress });
  const sockets = new WebSocketServer({ noServer: true, maxPayload: socketMaxBytes, clientTracking: false });
  const stop = clock.every(pingPeriodMs, () => tick(service));
  return {
    census: () => ({ rooms: rooms.count(), connections: service.connections.size }),
    upgrade: (request, stream, head) => {
      const address = addressKey(request.socket.remoteAddress);
      const entry = census.enter(address);
      if (entry !== "in") {
        stream.end("HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nRetry-After: 10\r\n\r\n");
        return;
      }
      stream.once("close", () => census.leave(address));
      sockets.handleUpgrade(request, stream, head, (socket) => welcome(service, socket, address));
    },
    close: () => {
      stop();
      for (const { socket } of service.connections.values()) socket.close(1001, "the server is going away");
      sockets.close();
    },
  };
}

function welcome(service: Service, socket: WebSocket, address: string): void {
  const nowMs = service.clock.nowMs();
  const peer = newPeerId();
  const connection: Connection = { peer, address, socket, unansweredCount: 0, saidMs: nowMs, badCount: 0 };
  service.connections.set(peer, connection);
  socket.on("message", (data, isBinary) => {
    const t2Us = service.clock.epochUs();
    receive(service, connection, isBinary ? null : toBytes(data), t2Us);
  });
  socket.on("pong", () => {
    connection.unansweredCount = 0;
  });
  socket.on("close", () => {
    service.connections.delete(peer);
    deliver(service, service.rooms.leave(peer));
  });
  // `close` always follows; ws answers protocol errors with the fitting close code itself.
  socket.on("error", () => socket.terminate());
}

function receive(service: Service, connection: Connection, bytes: Buffer | null, t2Us: number): void {
  const { peer, socket } = connection;
  connection.unansweredCount = 0;
  connection.saidMs = service.clock.nowMs();
  if (!service.messages.take(peer)) {
    const { perS } = service.limits.messages;
    tell(
      connection,
      refusal("too-many-tries", "final", `The page sent more than ${perS} messages a second.`),
    );
    socket.close(1008, "too many messages");
    return;
  }
  if (bytes !== null && bytes.length > maxSignalBytes) {
    const words = `A message of ${bytes.length} bytes was refused: at most ${maxSignalBytes} bytes.`;
    tell(connection, refusal("too-large", "for now", words));
    countBad(service, connection);
    return;
  }
  const read = bytes === null ? null : readMessage(bytes);
  if (read === null) {
    tell(connection, refusal("bad-message", "for now"));
    countBad(service, connection);
    return;
  }
  if (read.type === "clock") {
    tell(connection, { type: "clock", t1Us: read.t1Us, t2Us, t3Us: service.clock.epochUs() });
    return;
  }
  deliver(service, act(service, connection, read));
}

function act(
  service: Service,
  connection: Connection,
  message: Exclude<ToServer, { type: "clock" }>,
): Outcome {
  const { rooms } = service;
  const { peer, address } = connection;
  switch (message.type) {
    case "open":
      if (message.join === undefined) return rooms.open(peer, address);
      return guarded(service, connection, () => rooms.open(peer, address, message.join, message.ownerKey));
    case "join":
      return guarded(service, connection, () => rooms.join(peer, message.join));
    case "signal":
      return rooms.signal(peer, message.to, message.signal);
    case "facts":
      return rooms.facts(peer, message.facts);
    case "bye":
      return rooms.bye(peer);
    default:
      return unreachable(message);
  }
}

/** Lets an address try codes until it has been wrong too often; then also right ones wait, or a guesser would learn which are. */
function guarded(service: Service, { peer, address }: Connection, attempt: () => Outcome): Outcome {
  if (!service.wrongTries.has(address)) {
    return { deliveries: [{ to: peer, message: refusal("too-many-tries", "for now") }], wrongTry: false };
  }
  const outcome = attempt();
  if (outcome.wrongTry) service.wrongTries.take(address);
  return outcome;
}

function countBad(service: Service, connection: Connection): void {
  connection.badCount += 1;
  if (connection.badCount >= service.limits.maxBadMessages) {
    connection.socket.close(1008, "too many messages that could not be understood");
  }
}

function deliver(service: Service, outcome: Outcome): void {
  for (const { to, message } of outcome.deliveries) {
    const connection = service.connections.get(to);
    // A link may break between the rooms' answer and its delivery; its own close tells the rooms.
    if (connection !== undefined) tell(connection, message);
  }
}

function tell({ socket }: Connection, message: FromServer): void {
  if (socket.bufferedAmount > maxUnreadBytes) socket.terminate();
  else socket.send(JSON.stringify(message));
}

function tick(service: Service): void {
  const nowMs = service.clock.nowMs();
  deliver(service, service.rooms.sweep());
  service.wrongTries.sweep();
  service.messages.sweep();
  for (const connection of service.connections.values()) {
    const { peer, socket } = connection;
    if (connection.unansweredCount >= service.limits.maxUnansweredPings) {
      socket.terminate();
    } else if (nowMs - connection.saidMs >= service.limits.loiterMs && !service.rooms.has(peer)) {
      tell(connection, refusal("idle", "for now", "The connection was closed because nothing was said."));
      socket.close(1000, "idle");
    } else {
      connection.unansweredCount += 1;
      socket.ping();
    }
  }
}
