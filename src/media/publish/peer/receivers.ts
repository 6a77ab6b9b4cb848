import * as v from "valibot";

import type { PeerState } from "../../../core/wire/automation.ts";
import { channelMessageSchema, type ChannelMessage } from "../../../core/wire/channel.ts";
import type { IceServer } from "../../../core/wire/config.ts";
import type { StreamFacts } from "../../../core/wire/signalling.ts";
import type { Timers } from "../../link/timers.ts";
import { peerSignalSchema, type PeerSignal } from "../../peer/envelope.ts";
import type { CreatePeerLink, PeerLink, PeerLinkState, PeerRole } from "../../peer/peer.ts";

/** Receivers served at once: each costs an encoder of its own. */
export const maxReceiverCount = 8;
/** An offer unanswered for so long is made again when the receiver asks again, ms. */
export const offerPatienceMs = 4000;
/** A broken path is given so long to heal by itself before another one is looked for, ms. */
export const restartAfterMs = 1500;
/** A receiver that has said nothing for so long is gone: its clock exchange speaks every few seconds, ms. */
export const deadAfterMs = 30_000;
/** A receiver that left the room is looked at again after so long, ms: gone if silent over its own link for half of it. */
export const leftPatienceMs = 5000;
/** A lost receiver stays on screen for so long, ms. */
export const lostShownMs = 15_000;

/** Options of the receivers' book. */
export type ReceiversOptions = {
  readonly create: CreatePeerLink;
  readonly timers: Timers;
  /** Unguessable, 8 to 32 characters of a URL. */
  readonly newId: () => string;
  /** The sender's anchored clock, epoch us: the one that capture times are read from. */
  readonly nowUs: () => number;
  /** Step of that clock, us. */
  readonly stepUs: number;
  readonly role: Extract<PeerRole, { kind: "send" }>;
  readonly relayOnly: boolean;
  /** Asked before each connection, since credentials may be short-lived. Never rejects. */
  readonly iceServers: () => Promise<readonly IceServer[]>;
  readonly sendSignal: (to: string, signal: PeerSignal) => void;
  readonly onPeers: (peers: readonly PeerState[]) => void;
};

/** Every receiver that a sender serves, each over its own link. Whoever made it closes it. */
export type Receivers = {
  /** A signal as it came from the room; what is not understood is left alone. */
  readonly hear: (from: string, signal: unknown) => void;
  /** The room lost sight of a peer; a connected link outlives that. */
  readonly left: (peerId: string) => void;
  readonly setFacts: (facts: StreamFacts) => void;
  /** Links that carry video now. */
  readonly connected: () => readonly PeerLink[];
  readonly close: (why: string) => void;
};

type Entry = {
  readonly receiverId: string;
  readonly session: string;
  /** Its address in the room, which changes when its link to the server was renewed. */
  peerId: string;
  link: PeerLink | null;
  state: PeerState["state"];
  why: string;
  readonly sinceMs: number;
  heardAtMs: number;
  cancelTimer: () => void;
};

type Book = {
  readonly options: ReceiversOptions;
  readonly entries: Map<string, Entry>;
  facts: StreamFacts | null;
  closed: boolean;
};

/** Makes an empty book. */
export function createReceivers(options: ReceiversOptions): Receivers {
  const book: Book = { options, entries: new Map(), facts: null, closed: false };
  const all = (): readonly Entry[] => [...book.entries.values()];
  return {
    hear: (from, signal) => {
      const parsed = v.safeParse(peerSignalSchema, signal);
      if (parsed.success && !book.closed) hear(book, from, parsed.output);
    },
    left: (peerId) => {
      for (const entry of all()) {
        if (entry.peerId === peerId) doubt(book, entry);
      }
    },
    setFacts: (facts) => {
      book.facts = facts;
      for (const { link } of all()) say(link, { type: "facts", facts });
    },
    connected: () =>
      all().flatMap(({ state, link }) => (state === "connected" && link !== null ? [link] : [])),
    close: (why) => {
      book.closed = true;
      for (const entry of all()) {
        say(entry.link, { type: "bye", why });
        drop(book, entry);
      }
    },
  };
}

function tell(book: Book): void {
  if (book.closed) return;
  book.options.onPeers(
    [...book.entries.values()].map(({ receiverId, state, why }) => ({ peerId: receiverId, state, why })),
  );
}

function say(link: PeerLink | null, message: ChannelMessage): void {
  link?.sendText(JSON.stringify(message));
}

function hear(book: Book, from: string, signal: PeerSignal): void {
  if (signal.kind === "data" || signal.kind === "refused") {
    const entry = [...book.entries.values()].find(({ session }) => session === signal.session);
    if (signal.kind === "data") entry?.link?.signal(signal.data);
    else if (entry !== undefined) lose(book, entry, signal.why);
  } else if (signal.kind === "here") {
    const entry = book.entries.get(signal.receiverId);
    if (entry !== undefined && isServed(book, entry, from, signal.session)) entry.peerId = from;
    else serve(book, from, signal.receiverId);
  }
}

/** Whether a receiver that says it is here has, or is about to have, what it asks for. */
function isServed(book: Book, entry: Entry, from: string, session: string | null): boolean {
  if (entry.link === null && entry.state === "lost") return false;
  if (session !== null) return session === entry.session;
  const ageMs = book.options.timers.nowMs() - entry.sinceMs;
  return entry.state === "connecting" && entry.peerId === from && ageMs < offerPatienceMs;
}

function serve(book: Book, peerId: string, receiverId: string): void {
  const { timers, newId, sendSignal } = book.options;
  const old = book.entries.get(receiverId);
  if (old !== undefined) drop(book, old);
  const liveCount = [...book.entries.values()].filter(({ link }) => link !== null).length;
  if (liveCount >= maxReceiverCount) {
    sendSignal(peerId, { kind: "full", maxReceiverCount });
    tell(book);
    return;
  }
  const nowMs = timers.nowMs();
  const entry: Entry = {
    receiverId,
    session: newId(),
    peerId,
    link: null,
    state: "connecting",
    why: "looking for a path",
    sinceMs: nowMs,
    heardAtMs: nowMs,
    cancelTimer: () => undefined,
  };
  book.entries.set(receiverId, entry);
  tell(book);
  void connectWhenTold(book, entry);
}

async function connectWhenTold(book: Book, entry: Entry): Promise<void> {
  const servers = await book.options.iceServers();
  if (book.entries.get(entry.receiverId) === entry && entry.state !== "lost") connect(book, entry, servers);
}

function connect(book: Book, entry: Entry, iceServers: readonly IceServer[]): void {
  const { create, role, relayOnly, sendSignal, nowUs, timers } = book.options;
  const isCurrent = (): boolean => book.entries.get(entry.receiverId) === entry;
  const onWords = (text: string, answer: (link: PeerLink, text: string) => boolean): void => {
    const atUs = nowUs();
    entry.heardAtMs = timers.nowMs();
    if (entry.link !== null) take(book, entry, entry.link, text, atUs, answer);
  };
  const made = create({
    role,
    iceServers,
    relayOnly,
    listener: {
      onSignal: (data) => {
        if (isCurrent()) sendSignal(entry.peerId, { kind: "data", session: entry.session, data });
      },
      onState: (state) => {
        if (isCurrent()) follow(book, entry, state);
      },
      onText: (text) => onWords(text, (link, words) => link.sendText(words)),
      onDatagram: (text) => onWords(text, (link, words) => link.sendDatagram(words)),
      onTrack: () => undefined,
    },
  });
  if (made.ok) entry.link = made.value;
  else lose(book, entry, made.failure.what);
}

/** Takes a receiver's word; a ping is answered over the road it came by. */
function take(
  book: Book,
  entry: Entry,
  link: PeerLink,
  text: string,
  atUs: number,
  answer: (link: PeerLink, text: string) => boolean,
): void {
  const parsed = v.safeParse(
    v.pipe(v.string(), v.maxLength(4096), v.parseJson(), channelMessageSchema),
    text,
  );
  if (!parsed.success) return;
  const message = parsed.output;
  if (message.type === "ping") {
    const { nowUs, stepUs } = book.options;
    const pong: ChannelMessage = { type: "pong", t1Us: message.t1Us, t2Us: atUs, t3Us: nowUs(), stepUs };
    answer(link, JSON.stringify(pong));
  } else if (message.type === "bye") {
    drop(book, entry);
    tell(book);
  }
}

function follow(book: Book, entry: Entry, state: PeerLinkState): void {
  const { timers } = book.options;
  // Given up here already: its closing is no news.
  if (entry.link === null) return;
  entry.cancelTimer();
  switch (state.state) {
    case "connecting":
      break;
    case "connected":
      entry.state = "connected";
      entry.why = "";
      entry.heardAtMs = timers.nowMs();
      if (book.facts !== null) say(entry.link, { type: "facts", facts: book.facts });
      watch(book, entry);
      tell(book);
      break;
    case "interrupted":
      entry.state = "lost";
      entry.why = "the network path broke; looking for another";
      entry.cancelTimer = timers.after(restartAfterMs, () => {
        entry.link?.restartIce();
        watch(book, entry);
      });
      tell(book);
      break;
    case "closed":
      lose(book, entry, state.why);
      break;
  }
}

/** Watches for silence: some failures of the network are told by nothing else. */
function watch(book: Book, entry: Entry): void {
  const { timers } = book.options;
  const leftMs = entry.heardAtMs + deadAfterMs - timers.nowMs();
  if (leftMs <= 0) lose(book, entry, `nothing was heard of it for ${deadAfterMs / 1000} s`);
  else entry.cancelTimer = timers.after(leftMs, () => watch(book, entry));
}

/** The room lost sight of a receiver: it is gone unless it is still heard over its own link. */
function doubt(book: Book, entry: Entry): void {
  const { timers } = book.options;
  timers.after(leftPatienceMs, () => {
    const silentMs = timers.nowMs() - entry.heardAtMs;
    if (book.entries.get(entry.receiverId) !== entry || silentMs < leftPatienceMs / 2) return;
    drop(book, entry);
    tell(book);
  });
}

function lose(book: Book, entry: Entry, why: string): void {
  const { link } = entry;
  entry.cancelTimer();
  entry.link = null;
  entry.state = "lost";
  entry.why = why;
  link?.close();
  entry.cancelTimer = book.options.timers.after(lostShownMs, () => {
    drop(book, entry);
    tell(book);
  });
  tell(book);
}

function drop(book: Book, entry: Entry): void {
  entry.cancelTimer();
  if (book.entries.get(entry.receiverId) === entry) book.entries.delete(entry.receiverId);
  entry.link?.close();
  entry.link = null;
}
