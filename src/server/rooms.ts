import type { FromServer, RefusalReason, StreamFacts } from "../core/wire/signalling.ts";

/** What rooms need from outside; chance and hashing are handed in so that the logic is a plain function of its calls. */
export type RoomSources = {
  readonly nowMs: () => number;
  /** A join code as `joinCodePattern` has it, from a source that cannot be guessed. */
  readonly newJoin: () => string;
  /** A key of at least 128 bits. */
  readonly newKey: () => string;
  /** What is kept of a key. */
  readonly hash: (key: string) => Uint8Array;
  /** Compares two hashes in a time that does not depend on them. */
  readonly sameHash: (one: Uint8Array, other: Uint8Array) => boolean;
};

/** Bounds of the rooms. */
export type RoomLimits = {
  readonly maxRooms: number;
  readonly maxReceivers: number;
  /** How long a room waits for a sender that is away, ms. */
  readonly graceMs: number;
  /** How long a room stands with a sender and no receiver, ms. */
  readonly idleMs: number;
};

/** The bounds a server has unless told otherwise. */
export const defaultRoomLimits: RoomLimits = {
  maxRooms: 1000,
  maxReceivers: 16,
  graceMs: 120_000,
  idleMs: 4 * 3_600_000,
};

/** A message for one peer, to be sent in the order given. */
export type Delivery = { readonly to: string; readonly message: FromServer };

/** What a request came to. `wrongTry`: a code or a key was wrong, which is what a guesser's requests look like. */
export type Outcome = { readonly deliveries: readonly Delivery[]; readonly wrongTry: boolean };

/** The rooms of one server: who may send to whom. Holds no socket; every call answers with what is to be sent. */
export type Rooms = {
  /** Opens a room for the peer, or gives it back the one it owns. */
  readonly open: (peer: string, join?: string, ownerKey?: string) => Outcome;
  /** Lets the peer in as a receiver. */
  readonly join: (peer: string, join: string) => Outcome;
  /** Hands a signal on to `to`, or to the room's sender. */
  readonly signal: (peer: string, to: string | undefined, signal: Signal) => Outcome;
  /** Keeps the sender's facts and tells every receiver. */
  readonly facts: (peer: string, facts: StreamFacts) => Outcome;
  /** The peer's link is gone: a sender's room waits for it. */
  readonly leave: (peer: string) => Outcome;
  /** The peer left on purpose: a sender's room ends. */
  readonly bye: (peer: string) => Outcome;
  /** Ends the rooms whose time is over. */
  readonly sweep: () => Outcome;
  /** Whether the peer is in a room. */
  readonly has: (peer: string) => boolean;
  readonly count: () => number;
};

type Signal = Readonly<Record<string, unknown>>;

type Room = {
  readonly join: string;
  readonly keyHash: Uint8Array;
  sender: string | null;
  readonly receivers: Set<string>;
  facts: StreamFacts | null;
  /** When its sender last came or went, or its last receiver left. */
  sinceMs: number;
};

const words: Readonly<Record<RefusalReason, string>> = {
  "no-such-room": "No sender is open under this code. Check the code, or ask for a new one.",
  "room-taken": "Another sender holds this code.",
  "room-full": "This sender has as many receivers as it takes.",
  "server-full": "The server holds as many rooms as it can. Try again later.",
  "bad-message": "The server did not understand the page. Reload it.",
  "too-large": "The message was too large.",
  "too-many-tries": "Too many wrong codes from this address. Wait a minute.",
  "not-in-room": "The other side is not here.",
  idle: "The room was closed because nobody used it.",
};

/** A refusal in its usual words, or in more fitting ones. `final` tells the page not to ask the same again. */
export function refusal(reason: RefusalReason, final: boolean, otherWords?: string): FromServer {
  return { type: "refused", reason, words: otherWords ?? words[reason], final };
}

const twice = "This connection is in a room already.";

const nothing: Outcome = { deliveries: [], wrongTry: false };

function answer(...deliveries: readonly Delivery[]): Outcome {
  return { deliveries, wrongTry: false };
}

function refuse(peer: string, reason: RefusalReason, final: boolean, otherWords?: string): Outcome {
  return { deliveries: [{ to: peer, message: refusal(reason, final, otherWords) }], wrongTry: false };
}

type House = {
  readonly sources: RoomSources;
  readonly limits: RoomLimits;
  readonly rooms: Map<string, Room>;
  readonly roomOf: Map<string, Room>;
};

function toReceivers(room: Room, message: FromServer): readonly Delivery[] {
  return [...room.receivers].map((to) => ({ to, message }));
}

function end(house: House, room: Room, why: string): readonly Delivery[] {
  const deliveries = toReceivers(room, { type: "room-ended", why });
  for (const peer of room.receivers) house.roomOf.delete(peer);
  if (room.sender !== null) house.roomOf.delete(room.sender);
  house.rooms.delete(room.join);
  return deliveries;
}

function seat(house: House, room: Room, peer: string, ownerKey: string): Outcome {
  const before = room.sender;
  if (before !== null) house.roomOf.delete(before);
  room.sender = peer;
  room.sinceMs = house.sources.nowMs();
  house.roomOf.set(peer, room);
  const ousted = refusal(
    "room-taken",
    true,
    "This stream was taken over by another page of the same sender.",
  );
  return answer(
    ...(before === null ? [] : [{ to: before, message: ousted }]),
    { to: peer, message: { type: "opened", join: room.join, ownerKey, peerId: peer } },
    ...[...room.receivers].map((peerId): Delivery => ({
      to: peer,
      message: { type: "peer-joined", peerId },
    })),
    ...toReceivers(room, { type: "sender-here" }),
  );
}

function make(house: House, peer: string, code: string, ownerKey: string): Outcome {
  if (house.rooms.size >= house.limits.maxRooms) return refuse(peer, "server-full", false);
  const room: Room = {
    join: code,
    keyHash: house.sources.hash(ownerKey),
    sender: null,
    receivers: new Set(),
    facts: null,
    sinceMs: house.sources.nowMs(),
  };
  house.rooms.set(code, room);
  return seat(house, room, peer, ownerKey);
}

function unusedJoin(house: House): string {
  for (;;) {
    const code = house.sources.newJoin();
    if (!house.rooms.has(code)) return code;
  }
}

function open(house: House, peer: string, code?: string, ownerKey?: string): Outcome {
  const { sources, rooms, roomOf } = house;
  if (roomOf.has(peer)) return refuse(peer, "bad-message", true, twice);
  if (code === undefined) return make(house, peer, unusedJoin(house), sources.newKey());
  const room = rooms.get(code);
  if (ownerKey === undefined) {
    return { ...refuse(peer, room === undefined ? "no-such-room" : "room-taken", true), wrongTry: true };
  }
  // After the server was restarted it knows no rooms: the owner brings code and key, and the room stands again.
  if (room === undefined) return make(house, peer, code, ownerKey);
  if (sources.sameHash(room.keyHash, sources.hash(ownerKey))) return seat(house, room, peer, ownerKey);
  return { ...refuse(peer, "room-taken", true), wrongTry: true };
}

function join(house: House, peer: string, code: string): Outcome {
  if (house.roomOf.has(peer)) return refuse(peer, "bad-message", true, twice);
  const room = house.rooms.get(code);
  if (room === undefined) return { ...refuse(peer, "no-such-room", true), wrongTry: true };
  if (room.receivers.size >= house.limits.maxReceivers) return refuse(peer, "room-full", false);
  room.receivers.add(peer);
  house.roomOf.set(peer, room);
  const { sender, facts } = room;
  const joined: FromServer = { type: "joined", peerId: peer, senderHere: sender !== null, facts };
  if (sender === null) return answer({ to: peer, message: joined });
  return answer(
    { to: peer, message: joined },
    { to: sender, message: { type: "peer-joined", peerId: peer } },
  );
}

function signal(house: House, peer: string, to: string | undefined, payload: Signal): Outcome {
  const room = house.roomOf.get(peer);
  if (room === undefined) return refuse(peer, "not-in-room", false, "Open or join a room first.");
  const target = to ?? room.sender;
  // Receivers speak with the sender only.
  const allowed =
    peer === room.sender ? target !== null && room.receivers.has(target) : target === room.sender;
  if (target === null || !allowed) return refuse(peer, "not-in-room", false);
  return answer({ to: target, message: { type: "signal", from: peer, signal: payload } });
}

function state(house: House, peer: string, facts: StreamFacts): Outcome {
  const room = house.roomOf.get(peer);
  if (room?.sender !== peer)
    return refuse(peer, "not-in-room", false, "Only a room's sender states its facts.");
  room.facts = facts;
  return answer(...toReceivers(room, { type: "facts", facts }));
}

function leave(house: House, peer: string): Outcome {
  const room = house.roomOf.get(peer);
  if (room === undefined) return nothing;
  house.roomOf.delete(peer);
  if (room.sender === peer) {
    room.sender = null;
    room.sinceMs = house.sources.nowMs();
    return answer(...toReceivers(room, { type: "sender-away" }));
  }
  room.receivers.delete(peer);
  if (room.sender === null) return nothing;
  room.sinceMs = house.sources.nowMs();
  return answer({ to: room.sender, message: { type: "peer-left", peerId: peer } });
}

function bye(house: House, peer: string): Outcome {
  const room = house.roomOf.get(peer);
  if (room?.sender !== peer) return leave(house, peer);
  return answer(...end(house, room, "The sender ended the stream."));
}

function sweep(house: House): Outcome {
  const deliveries: Delivery[] = [];
  for (const room of house.rooms.values()) {
    const standsMs = house.sources.nowMs() - room.sinceMs;
    const { sender } = room;
    if (sender === null && standsMs >= house.limits.graceMs) {
      deliveries.push(...end(house, room, "The sender has been away for too long."));
    } else if (sender !== null && room.receivers.size === 0 && standsMs >= house.limits.idleMs) {
      end(house, room, "");
      deliveries.push({ to: sender, message: refusal("idle", true) });
    }
  }
  return answer(...deliveries);
}

/** Makes the rooms of one server. */
export function createRooms(sources: RoomSources, limits: RoomLimits = defaultRoomLimits): Rooms {
  const house: House = { sources, limits, rooms: new Map(), roomOf: new Map() };
  return {
    open: (peer, code, ownerKey) => open(house, peer, code, ownerKey),
    join: (peer, code) => join(house, peer, code),
    signal: (peer, to, payload) => signal(house, peer, to, payload),
    facts: (peer, facts) => state(house, peer, facts),
    leave: (peer) => leave(house, peer),
    bye: (peer) => bye(house, peer),
    sweep: () => sweep(house),
    has: (peer) => house.roomOf.has(peer),
    count: () => house.rooms.size,
  };
}
