import type { Failure } from "../../../core/failure.ts";
import type { PeerState } from "../../../core/wire/automation.ts";
import { createFakeTimers, type FakeTimers } from "../../link/timers.fake.ts";
import { createFakePeerNetwork, type FakePeerNetwork } from "../../peer/peer.fake.ts";
import type { PeerLink, PeerRole } from "../../peer/peer.ts";
import { createReceivers, type Receivers } from "../../publish/peer/receivers.ts";
import type { PlayState } from "../way.ts";
import type { Session } from "./session-face.ts";
import { createSession } from "./session.ts";

/** A receiver in a fake room and what it was told, in order. */
export type FakeReceiver = {
  readonly session: Session;
  readonly states: readonly PlayState[];
  readonly ends: readonly Failure[];
  readonly heard: readonly string[];
  readonly links: readonly (PeerLink | null)[];
  readonly trackCount: () => number;
};

/** A room of one sender and any number of receivers, whose signals need no server. */
export type FakeRoom = {
  readonly network: FakePeerNetwork;
  readonly openSender: () => Receivers;
  readonly openReceiver: (peerId: string) => FakeReceiver;
  /** Cuts a receiver off from the room and stops its clock exchange, without a word to anyone. */
  readonly mute: (peerId: string) => void;
  /** Lets time pass; every receiver with a link pings its sender once a second. */
  readonly run: (durationMs: number) => Promise<void>;
  readonly peers: () => readonly PeerState[];
  readonly sessions: () => readonly Session[];
};

const role: Extract<PeerRole, { kind: "send" }> = {
  kind: "send",
  track: {} as MediaStreamTrack,
  codec: "vp8",
  bitrateKbps: 1000,
  maxFps: 30,
  degradation: "balanced",
};

const signalDelayMs = 2;
const stepMs = 100;

/** Lets promises that are settled go on; timers stand still meanwhile. */
async function breathe(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
}

type House = {
  readonly timers: FakeTimers;
  readonly network: FakePeerNetwork;
  readonly sessions: Map<string, Session>;
  sender: Receivers | null;
  peers: readonly PeerState[];
  idCount: number;
};

/** Makes an empty room. */
export function createFakeRoom(): FakeRoom {
  const timers = createFakeTimers();
  const network = createFakePeerNetwork(timers, {} as MediaStream);
  const house: House = { timers, network, sessions: new Map(), sender: null, peers: [], idCount: 0 };
  return {
    network,
    peers: () => house.peers,
    sessions: () => [...house.sessions.values()],
    mute: (peerId) => house.sessions.delete(peerId),
    openSender: () => openSender(house),
    openReceiver: (peerId) => openReceiver(house, peerId),
    run: (durationMs) => run(house, durationMs),
  };
}

function newId(house: House): string {
  house.idCount += 1;
  return `id-${String(house.idCount).padStart(8, "0")}`;
}

const noServers = () => Promise.resolve([]);

function openSender(house: House): Receivers {
  const { timers, sessions, network } = house;
  const sender = createReceivers({
    create: network.create,
    timers,
    relayOnly: false,
    iceServers: noServers,
    role,
    newId: () => newId(house),
    nowUs: () => timers.nowMs() * 1000,
    stepUs: 1,
    sendSignal: (to, signal) => {
      timers.after(signalDelayMs, () =>
        sessions.get(to)?.onMessage({ type: "signal", from: "sender", signal: { ...signal } }),
      );
    },
    onPeers: (peers) => {
      house.peers = peers;
    },
  });
  house.sender = sender;
  for (const session of sessions.values()) session.onMessage({ type: "sender-here" });
  return sender;
}

function openReceiver(house: House, peerId: string): FakeReceiver {
  const { timers, sessions, network } = house;
  const told = { states: [] as PlayState[], ends: [] as Failure[], heard: [] as string[] };
  const links: (PeerLink | null)[] = [];
  let trackCount = 0;
  const session = createSession({
    create: network.create,
    timers,
    relayOnly: false,
    iceServers: noServers,
    random: () => 0.5,
    receiverId: newId(house),
    bufferMs: null,
    sendSignal: (signal) => {
      timers.after(signalDelayMs, () => {
        if (sessions.has(peerId)) house.sender?.hear(peerId, signal);
      });
    },
    onState: (state) => told.states.push(state),
    onTrack: () => {
      trackCount += 1;
    },
    onLink: (link) => links.push(link),
    onWords: (text) => told.heard.push(text),
    onEnd: (failure) => told.ends.push(failure),
  });
  sessions.set(peerId, session);
  session.onSignalling({ state: "in-room", join: "ABCD1234", peerId });
  session.onMessage({ type: "joined", peerId, senderHere: house.sender !== null, facts: null });
  return { session, ...told, links, trackCount: () => trackCount };
}

async function run({ timers, sessions }: House, durationMs: number): Promise<void> {
  for (let ranMs = 0; ranMs < durationMs; ranMs += stepMs) {
    await breathe();
    timers.advance(stepMs);
    if (ranMs % 1000 !== 0) continue;
    for (const session of sessions.values()) {
      session.link()?.sendDatagram(JSON.stringify({ type: "ping", t1Us: ranMs }));
    }
  }
  await breathe();
}
