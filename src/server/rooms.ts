import type { FromServer, RefusalReason, StreamFacts } from "../core/wire/signalling.ts";

/** What rooms need from outside; chance and hashing are handed in so that the logic is a plain function of its calls. */
export type RoomSources = {
  readonly nowMs: () => number;
  /** A key of at least 128 bits, from a source that cannot be guessed. */
  readonly newKey: () => string;
  /** The join code that belongs to a key, as `joinCodePattern` has it. */
  readonly joinOf: (ownerKey: string) => string;
  /** What is kept of a key. */
  readonly hash: (key: string) => Uint8Array;
  /** Compares two hashes in a time that does not depend on them. */
  readonly sameHash: (one: Uint8Array, other: Uint8Array) => boolean;
};

/** Bounds of the rooms. */
export type RoomLimits = {
  readonly maxRooms: number;
  /** Bounds the rooms opened from one IPv4 address or IPv6 /64. */
  readonly maxRoomsPerAddress: number;
  readonly maxReceivers: number;
  /** How long an empty room waits for its sender, ms. */
  readonly graceMs: number;
  /** The same where nobody ever joined, ms: its sender's key makes it anew. */
  readonly unjoinedGraceMs: number;
  /** How long a room stands with a sender and no receiver, or with receivers and no sender, ms. */
  readonly idleMs: number;
};

/** The bounds a server has unless told otherwise. */
export const defaultRoomLimits: RoomLimits = {
  maxRooms: 1000,
  maxRoomsPerAddress: 100,
  maxReceivers: 16,
  graceMs: 120_000,
  unjoinedGraceMs: 10_000,
  idleMs: 4 * 3_600_000,
};

/** A message for one peer, to be sent in the order given. */
export type Delivery = { readonly to: string; readonly message: FromServer };

/** What a request came to. `wrongTry`: a code or a key was wrong, which is what a guesser's requests look like. */
export type Outcome = { readonly deliveries: readonly Delivery[]; readonly wrongTry: boolean };

/** The rooms of one server: who may send to whom. Holds no socket; every call answers with what is to be sent. */
export type Rooms = {
  /** Opens a room for the peer at an address, or gives it back the one it owns. */
  readonly open: (peer: string, address: string, join?: string, ownerKey?: string) => Outcome;
  /** Lets the peer in as a receiver. */
  readonly join: (peer: string, join: string) => Outcome;
  /** Hands a signal on to `to`, or to the room's sender. */
  readonly signal: (peer: string, to: string | undefined, signal: Signal) => Outcome;
  /** Keeps the sender's facts and tells every receiver. */
  readonly facts: (peer: string, facts: StreamFacts) => Outcome;
  /** The peer's link is gone: a sender's room waits for it. */
  readonly leave: (peer: string) => Outcome;
  /** The peer left on purpose: a sender's room goes on only for the receivers that wait in it. */
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
  /** From where it was opened. */
  readonly address: string;
  sender: string | null;
  readonly receivers: Set<string>;
  facts: StreamFacts | null;
  wasJoined: boolean;
  /** When its sender last came or went, or a receiver left. */
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

/** How long a refusal stands: `final` tells the page not to ask the same again. */
export type RefusalTerm = "final" | "for now";

/** A refusal in its usual words, or in more fitting ones. */
export function refusal(reason: RefusalReason, term: RefusalTerm, otherWords?: string): FromServer {
  return { type: "refused", reason, words: otherWords ?? words[reason], final: term === "final" };
}

const twice = "This connection is in a room already.";

const nothing: Outcome = { deliveries: [], wrongTry: false };

function answer(...deliveries: readonly Delivery[]): Outcome {
  return { deliveries, wrongTry: false };
}

function refuse(peer: string, reason: RefusalReason, term: RefusalTerm, otherWords?: string): Outcome {
  return { deliveries: [{ to: peer, message: refusal(reason, term, otherWords) }], wrongTry: false };
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
    "final",
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

const tooManyHere = "As many rooms as one address may have were opened from this one. Try again later.";

type Opening = { readonly peer: string; readonly address: string; readonly ownerKey: string };

function make(house: House, { peer, address, ownerKey }: Opening): Outcome {
  const { rooms, limits, sources } = house;
  if (rooms.size >= limits.maxRooms) return refuse(peer, "server-full", "for now");
  const hereCount = [...rooms.values()].filter((room) => room.address === address).length;
  if (hereCount >= limits.maxRoomsPerAddress) return refuse(peer, "server-full", "for now", tooManyHere);
  const room: Room = {
    join: sources.joinOf(ownerKey),
    keyHash: sources.hash(ownerKey),
    address,
    sender: null,
    receivers: new Set(),
    facts: null,
    wasJoined: false,
    sinceMs: sources.nowMs(),
  };
  rooms.set(room.join, room);
  return seat(house, room, peer, ownerKey);
}

function unusedKey({ sources, rooms }: House): string {
  for (;;) {
    const key = sources.newKey();
    if (!rooms.has(sources.joinOf(key))) return key;
  }
}

type Asked = { readonly code: string | undefined; readonly ownerKey: string | undefined };

function open(house: House, peer: string, address: string, { code, ownerKey }: Asked): Outcome {
  const { sources, rooms, roomOf } = house;
  if (roomOf.has(peer)) return refuse(peer, "bad-message", "final", twice);
  if (code === undefined) return make(house, { peer, address, ownerKey: unusedKey(house) });
  const room = rooms.get(code);
  if (room === undefined) {
    // The server forgets rooms in time, and all when it is restarted: the owner's key makes its own again, and no other.
    if (ownerKey !== undefined && sources.joinOf(ownerKey) === code) {
      return make(house, { peer, address, ownerKey });
    }
    return { ...refuse(peer, "no-such-room", "final"), wrongTry: true };
  }
  if (ownerKey !== undefined && sources.sameHash(room.keyHash, sources.hash(ownerKey))) {
    return seat(house, room, peer, ownerKey);
  }
  return { ...refuse(peer, "room-taken", "final"), wrongTry: true };
}

function join(house: House, peer: string, code: string): Outcome {
  if (house.roomOf.has(peer)) return refuse(peer, "bad-message", "final", twice);
  const room = house.rooms.get(code);
  if (room === undefined) return { ...refuse(peer, "no-such-room", "final"), wrongTry: true };
  if (room.receivers.size >= house.limits.maxReceivers) return refuse(peer, "room-full", "for now");
  room.receivers.add(peer);
  room.wasJoined = true;
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
  if (room === undefined) return refuse(peer, "not-in-room", "for now", "Open or join a room first.");
  const target = to ?? room.sender;
  // Receivers speak with the sender only.
  const allowed =
    peer === room.sender ? target !== null && room.receivers.has(target) : target === room.sender;
  if (target === null || !allowed) return refuse(peer, "not-in-room", "for now");
  return answer({ to: target, message: { type: "signal", from: peer, signal: payload } });
}

function state(house: House, peer: string, facts: StreamFacts): Outcome {
  const room = house.roomOf.get(peer);
  if (room?.sender !== peer)
    return refuse(peer, "not-in-room", "for now", "Only a room's sender states its facts.");
  room.facts = facts;
  return answer(...toReceivers(room, { type: "facts", facts }));
}

function leave(house: House, peer: string): Outcome {
  const room = house.roomOf.get(peer);
  if (room === undefined) return nothing;
  house.roomOf.delete(peer);
  room.sinceMs = house.sources.nowMs();
  if (room.sender === peer) {
    room.sender = null;
    return answer(...toReceivers(room, { type: "sender-away", stopped: false }));
  }
  room.receivers.delete(peer);
  if (room.sender === null) return nothing;
  return answer({ to: room.sender, message: { type: "peer-left", peerId: peer } });
}

function bye(house: House, peer: string): Outcome {
  const room = house.roomOf.get(peer);
  if (room?.sender !== peer) return leave(house, peer);
  if (room.receivers.size === 0) return answer(...end(house, room, ""));
  house.roomOf.delete(peer);
  room.sender = null;
  room.facts = null;
  room.sinceMs = house.sources.nowMs();
  return answer(...toReceivers(room, { type: "sender-away", stopped: true }));
}

/** How long a room may stand as it does now, ms; endless while it is in use. */
function longestMs({ sender, receivers, wasJoined }: Room, limits: RoomLimits): number {
  if (sender === null && receivers.size === 0) return wasJoined ? limits.graceMs : limits.unjoinedGraceMs;
  return sender === null || receivers.size === 0 ? limits.idleMs : Infinity;
}

function sweep(house: House): Outcome {
  const deliveries: Delivery[] = [];
  for (const room of house.rooms.values()) {
    if (house.sources.nowMs() - room.sinceMs < longestMs(room, house.limits)) continue;
    const { sender } = room;
    deliveries.push(...end(house, room, "The sender has been away for long."));
    if (sender !== null) deliveries.push({ to: sender, message: refusal("idle", "final") });
  }
  return answer(...deliveries);
}

/** Makes the rooms of one server. */
export function createRooms(sources: RoomSources, limits: RoomLimits = defaultRoomLimits): Rooms {
  const house: House = { sources, limits, rooms: new Map(), roomOf: new Map() };
  return {
    open: (peer, address, code, ownerKey) => open(house, peer, address, { code, ownerKey }),
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
