import * as v from "valibot";

import type { Failure } from "../../core/failure.ts";
import {
  fromServerSchema,
  maxSignalBytes,
  type FromServer,
  type RefusalReason,
  type StreamFacts,
  type ToServer,
} from "../../core/wire/signalling.ts";
import { refusalFailure } from "./refusal.ts";
import { longestNoRoomRetryMs, retryDelayMs } from "./retry.ts";
import type { RoomKeys } from "./room-key.ts";
import type { Timers } from "./timers.ts";
import type { ConnectWire, Wire } from "./wire.ts";

/** Outgoing messages kept while the server is away; beyond it the oldest are dropped. */
export const maxQueuedCount = 64;
/** A wire that has said nothing for so long is taken for dead and opened anew. The clock exchange keeps it talking. */
export const silenceMs = 20_000;

/** What this page is in the room; a sender with its memory of the room. */
export type RoomRole =
  | { readonly kind: "sender"; readonly keys: RoomKeys }
  | { readonly kind: "receiver"; readonly join: string };

/** How the page stands to the server. */
export type SignallingState =
  | { readonly state: "connecting" }
  | { readonly state: "in-room"; readonly join: string; readonly peerId: string }
  /** Will be tried again by itself. `refusal`: the server was reached and refused for now; null where it was not. */
  | {
      readonly state: "away";
      readonly why: string;
      readonly refusal: Failure | null;
      readonly retryInMs: number;
    }
  /** To a receiver that was in the room: it is gone for now. It is asked for again by itself, as its sender may return. */
  | { readonly state: "no-room"; readonly retryInMs: number }
  /** Will not be tried again. */
  | { readonly state: "refused"; readonly failure: Failure };

/** Messages that the page may send once it is in the room; entering and facts are the link's own affair. */
export type RoomMessage = Extract<ToServer, { type: "signal" | "clock" }>;

/** Options of a signalling link. */
export type SignallingOptions = {
  readonly role: RoomRole;
  readonly connect: ConnectWire;
  readonly timers: Timers;
  /** 0 to below 1. */
  readonly random: () => number;
  /** Tells when the network is said to be back; the answer stops it. */
  readonly whenOnline: (call: () => void) => () => void;
  readonly onState: (state: SignallingState) => void;
  /** Every checked message from the server, after the link has taken its own part of it. */
  readonly onMessage: (message: FromServer) => void;
};

/** A page's link to the signalling server: opens, re-opens and re-enters its room by itself. Whoever made it closes it. */
export type Signalling = {
  /** Sends now or, while away, when back in the room. */
  readonly send: (message: RoomMessage) => void;
  /** Sends only if in the room now: for what is worthless when late. */
  readonly sendNow: (message: RoomMessage) => boolean;
  /** The sender's facts: sent now and again whenever the room is entered. */
  readonly setFacts: (facts: StreamFacts) => void;
  readonly close: (leave: Leave) => void;
};

/**
 * How a room is left. A receiver says so either way; receivers take a sender that leaves silently for lost, and wait for it. Its
 * key stays with it.
 */
export type Leave = "saying so" | "silently";

type Refused = Extract<FromServer, { type: "refused" }>;

type Link = {
  wire: Wire | null;
  phase: "away" | "entering" | "in-room" | "closed";
  attempt: number;
  /** How often in a row the room was asked for in vain after having been in it. */
  noRoomCount: number;
  wasInRoom: boolean;
  heardAtMs: number;
  queue: readonly RoomMessage[];
  facts: StreamFacts | null;
  cancelTimer: () => void;
};

/** Opens a signalling link. Returns at once; what happens is told by `onState`. */
export function openSignalling(options: SignallingOptions): Signalling {
  const link: Link = {
    wire: null,
    phase: "away",
    attempt: 0,
    noRoomCount: 0,
    wasInRoom: false,
    heardAtMs: 0,
    queue: [],
    facts: null,
    cancelTimer: () => undefined,
  };
  const stopOnline = options.whenOnline(() => {
    if (link.phase === "away") begin(link, options);
  });
  begin(link, options);
  const sendNow = (message: RoomMessage): boolean => {
    if (link.phase !== "in-room") return false;
    transmit(link, message);
    return true;
  };
  return {
    sendNow,
    send: (message) => {
      if (!sendNow(message)) link.queue = [...link.queue, message].slice(-maxQueuedCount);
    },
    setFacts: (facts) => {
      link.facts = facts;
      if (link.phase === "in-room") transmit(link, { type: "facts", facts });
    },
    close: (leave) => {
      if (link.phase === "in-room" && (leave === "saying so" || options.role.kind === "receiver")) {
        transmit(link, { type: "bye" });
      }
      stopOnline();
      shut(link, "closed");
    },
  };
}

function transmit(link: Link, message: ToServer): void {
  link.wire?.send(JSON.stringify(message));
}

function shut(link: Link, phase: "away" | "closed"): void {
  link.cancelTimer();
  link.wire?.close();
  link.wire = null;
  link.phase = phase;
}

function begin(link: Link, options: SignallingOptions): void {
  shut(link, "away");
  options.onState({ state: "connecting" });
  link.heardAtMs = options.timers.nowMs();
  link.wire = options.connect({
    onOpen: () => enter(link, options),
    onText: (text) => hear(link, options, text),
    onClose: (why) => retryLater(link, options, why),
  });
  watchSilence(link, options);
}

function watchSilence(link: Link, options: SignallingOptions): void {
  const leftMs = link.heardAtMs + silenceMs - options.timers.nowMs();
  if (leftMs <= 0) retryLater(link, options, "the server has gone silent");
  else link.cancelTimer = options.timers.after(leftMs, () => watchSilence(link, options));
}

function enter(link: Link, { role }: SignallingOptions): void {
  link.phase = "entering";
  if (role.kind === "receiver") transmit(link, { type: "join", join: role.join });
  else transmit(link, { type: "open", ...role.keys.read() });
}

function retryLater(
  link: Link,
  options: SignallingOptions,
  why: string,
  refusal: Failure | null = null,
): void {
  if (link.phase === "closed") return;
  shut(link, "away");
  const retryInMs = retryDelayMs(link.attempt, options.random());
  link.attempt += 1;
  link.cancelTimer = options.timers.after(retryInMs, () => begin(link, options));
  options.onState({ state: "away", why, refusal, retryInMs });
}

function askForRoomLater(link: Link, options: SignallingOptions): void {
  shut(link, "away");
  const retryInMs = retryDelayMs(link.noRoomCount, options.random(), longestNoRoomRetryMs);
  link.noRoomCount += 1;
  link.attempt = 0;
  link.cancelTimer = options.timers.after(retryInMs, () => begin(link, options));
  options.onState({ state: "no-room", retryInMs });
}

function hear(link: Link, options: SignallingOptions, text: string): void {
  link.heardAtMs = options.timers.nowMs();
  const parsed =
    text.length > maxSignalBytes
      ? null
      : v.safeParse(v.pipe(v.string(), v.parseJson(), fromServerSchema), text);
  if (parsed === null || !parsed.success) {
    retryLater(link, options, "the server sent something this page does not understand");
    return;
  }
  take(link, options, parsed.output);
}

function take(link: Link, options: SignallingOptions, message: FromServer): void {
  const { role } = options;
  if (message.type === "opened" && role.kind === "sender") {
    role.keys.write({ join: message.join, ownerKey: message.ownerKey });
    entered(link, options, message.join, message.peerId);
  } else if (message.type === "joined" && role.kind === "receiver") {
    entered(link, options, role.join, message.peerId);
  } else if (message.type === "room-ended") {
    askForRoomLater(link, options);
  } else if (message.type === "refused") {
    if (!tryOtherwise(link, options, message.reason)) giveUpOrRetry(link, options, message);
  }
  options.onMessage(message);
}

function entered(link: Link, options: SignallingOptions, join: string, peerId: string): void {
  link.phase = "in-room";
  link.attempt = 0;
  link.wasInRoom = true;
  link.noRoomCount = 0;
  options.onState({ state: "in-room", join, peerId });
  if (link.facts !== null) transmit(link, { type: "facts", facts: link.facts });
  for (const message of link.queue) transmit(link, message);
  link.queue = [];
}

/** Whether a refused entry has a second road, which is then taken. */
function tryOtherwise(link: Link, options: SignallingOptions, reason: RefusalReason): boolean {
  const { role } = options;
  if (link.phase !== "entering" || (reason !== "no-such-room" && reason !== "room-taken")) return false;
  if (role.kind === "sender") {
    if (role.keys.read() === null) return false;
    // The server does not take the key: a new room is the next best thing.
    role.keys.forget();
    enter(link, options);
    return true;
  }
  if (!link.wasInRoom) return false;
  askForRoomLater(link, options);
  return true;
}

function giveUpOrRetry(link: Link, options: SignallingOptions, refused: Refused): void {
  const { role } = options;
  const asked = role.kind === "receiver" ? role.join : (role.keys.read()?.join ?? null);
  const failure = refusalFailure(refused.reason, refused.words, asked);
  if (refused.final) {
    shut(link, "closed");
    options.onState({ state: "refused", failure });
  } else if (link.phase === "entering") {
    retryLater(link, options, failure.what, failure);
  }
}
