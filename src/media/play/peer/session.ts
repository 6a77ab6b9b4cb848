import * as v from "valibot";

import type { Failure } from "../../../core/failure.ts";
import type { IceServer } from "../../../core/wire/config.ts";
import type { FromServer } from "../../../core/wire/signalling.ts";
import { retryDelayMs } from "../../link/retry.ts";
import type { SignallingState } from "../../link/signalling.ts";
import { peerSignalSchema, type PeerData } from "../../peer/envelope.ts";
import type { PeerLink, PeerLinkState } from "../../peer/peer.ts";
import { isVideoRefused } from "../../peer/sdp.ts";
import type { PlayState } from "../way.ts";
import { connectPatienceMs, firstAskAgainMs, interruptedPatienceMs, silencePatienceMs } from "./patience.ts";
import type { Session, SessionOptions } from "./session-face.ts";

type Held = {
  readonly session: string;
  /** Null until the ICE servers are known. */
  link: PeerLink | null;
  /** What arrived before the link was there. */
  pending: readonly PeerData[];
  connected: boolean;
  heardAtMs: number;
};

const awayWords = {
  notHere: "the sender is away; waiting for it",
  stopped: "the sender stopped; waiting for it",
} as const;

type Live = {
  readonly options: SessionOptions;
  inRoom: boolean;
  senderHere: boolean;
  /** Why there is nobody to ask while the sender is not here. */
  awayWhy: string;
  /** The room is asked for again and again; no news of that is shown. */
  roomGone: boolean;
  held: Held | null;
  /** An offer that this browser cannot take; the sender is not asked again until it offers something else. */
  refusedOffer: boolean;
  askCount: number;
  shown: string;
  over: boolean;
  cancelAsk: () => void;
  cancelWatch: () => void;
};

/** Makes a session that waits for the room. */
export function createSession(options: SessionOptions): Session {
  const live: Live = {
    options,
    inRoom: false,
    senderHere: false,
    awayWhy: awayWords.notHere,
    roomGone: false,
    held: null,
    refusedOffer: false,
    askCount: 0,
    shown: "",
    over: false,
    cancelAsk: () => undefined,
    cancelWatch: () => undefined,
  };
  return {
    onSignalling: (state) => {
      if (!live.over) followRoom(live, state);
    },
    onMessage: (message) => {
      if (!live.over) take(live, message);
    },
    link: () => (live.held?.connected === true ? live.held.link : null),
    close: () => {
      live.over = true;
      discard(live);
    },
  };
}

function show(live: Live, state: PlayState["state"], why: string): void {
  const shown = `${state} ${why}`;
  if (shown === live.shown) return;
  live.shown = shown;
  live.options.onState({ state, why });
}

function finish(live: Live, failure: Failure): void {
  live.over = true;
  discard(live);
  live.options.onEnd(failure);
}

function followRoom(live: Live, state: SignallingState): void {
  live.inRoom = state.state === "in-room";
  if (state.state === "in-room") live.roomGone = false;
  if (state.state === "refused") finish(live, state.failure);
  else if (state.state === "no-room") {
    live.roomGone = true;
    senderChanged(live, false, live.awayWhy);
  }
  // A standing link needs no server: it goes on while the room is away.
  else if (live.held?.connected === true) return;
  else if (state.state === "away") show(live, "lost", `${state.why}; trying again`);
  else if (state.state === "connecting" && !live.roomGone) show(live, "connecting", "reaching the server");
}

function take(live: Live, message: FromServer): void {
  if (message.type === "joined") {
    senderChanged(live, message.senderHere, live.awayWhy);
  } else if (message.type === "sender-here") {
    senderChanged(live, true, awayWords.notHere);
  } else if (message.type === "sender-away") {
    senderChanged(live, false, message.stopped ? awayWords.stopped : awayWords.notHere);
  } else if (message.type === "signal") {
    takeSignal(live, message.signal);
  }
}

function senderChanged(live: Live, senderHere: boolean, awayWhy: string): void {
  live.senderHere = senderHere;
  live.awayWhy = awayWhy;
  live.refusedOffer = false;
  live.askCount = 0;
  if (senderHere) ask(live);
  else if (live.held?.connected !== true) show(live, "waiting", awayWhy);
}

/** Tells the sender what is held, and goes on until a link stands. */
function ask(live: Live): void {
  live.cancelAsk();
  if (live.over || !live.inRoom || !live.senderHere || live.refusedOffer) return;
  const { receiverId, sendSignal } = live.options;
  if (live.held === null && live.askCount === 0) show(live, "connecting", "asking the sender for the stream");
  sendSignal({ kind: "here", receiverId, session: live.held?.session ?? null });
  if (live.held?.connected === true) return;
  askLater(live, firstAskAgainMs);
}

function askLater(live: Live, atLeastMs: number): void {
  const { timers, random } = live.options;
  live.cancelAsk();
  live.cancelAsk = timers.after(atLeastMs + retryDelayMs(live.askCount, random()), () => ask(live));
  live.askCount += 1;
}

function takeSignal(live: Live, raw: unknown): void {
  const parsed = v.safeParse(peerSignalSchema, raw);
  if (!parsed.success) return;
  const signal = parsed.output;
  if (signal.kind === "full") {
    show(live, "waiting", `the sender serves ${signal.maxReceiverCount} receivers, as many as it may`);
  } else if (signal.kind === "data") {
    if (live.held?.session === signal.session) carry(live.held, signal.data);
    else if (signal.data.type === "offer") void answerOffer(live, signal.session, signal.data);
  }
}

function carry(held: Held, data: PeerData): void {
  if (held.link === null) held.pending = [...held.pending, data];
  else held.link.signal(data);
}

async function answerOffer(live: Live, session: string, offer: PeerData): Promise<void> {
  discard(live);
  const held: Held = { session, link: null, pending: [offer], connected: false, heardAtMs: 0 };
  live.held = held;
  live.refusedOffer = false;
  show(live, "connecting", "looking for a path to the sender");
  live.cancelWatch = live.options.timers.after(connectPatienceMs, () => {
    giveUp(live, held, "no path to the sender was found; trying again");
  });
  askLater(live, firstAskAgainMs);
  const iceServers = await live.options.iceServers();
  if (live.held === held && !live.over) openLink(live, held, iceServers);
}

function openLink(live: Live, held: Held, iceServers: readonly IceServer[]): void {
  const { options } = live;
  const isCurrent = (): boolean => live.held === held;
  const onWords = (text: string): void => {
    held.heardAtMs = options.timers.nowMs();
    if (isCurrent()) options.onWords(text);
  };
  const made = options.create({
    role: { kind: "receive", bufferMs: options.bufferMs },
    iceServers,
    relayOnly: options.relayOnly,
    listener: {
      onText: onWords,
      onDatagram: onWords,
      onSignal: (data) => {
        if (!isCurrent()) return;
        if (data.type === "answer" && isVideoRefused(data.sdp)) refuseOffer(live, held);
        else options.sendSignal({ kind: "data", session: held.session, data });
      },
      onState: (state) => {
        if (isCurrent()) followLink(live, held, state);
      },
      onReceiver: (receiver) => {
        if (isCurrent()) options.onReceiver?.(receiver);
      },
      onTrack: (track, stream) => {
        if (isCurrent()) options.onTrack(track, stream);
      },
    },
  });
  if (!made.ok) {
    finish(live, made.failure);
    return;
  }
  held.link = made.value;
  for (const data of held.pending) made.value.signal(data);
  held.pending = [];
}

function refuseOffer(live: Live, held: Held): void {
  const why = "its browser cannot decode this codec";
  live.options.sendSignal({ kind: "refused", session: held.session, why });
  giveUp(live, held, "this browser cannot decode the sender's codec; choose another one at the sender");
  live.refusedOffer = true;
  live.cancelAsk();
}

function followLink(live: Live, held: Held, state: PeerLinkState): void {
  live.cancelWatch();
  switch (state.state) {
    case "connecting":
      break;
    case "connected":
      held.connected = true;
      live.askCount = 0;
      live.cancelAsk();
      show(live, "connected", "");
      held.heardAtMs = live.options.timers.nowMs();
      watchSilence(live, held);
      live.options.onLink(held.link);
      break;
    case "interrupted":
      show(live, "lost", "the network path broke; looking for another");
      live.cancelWatch = live.options.timers.after(interruptedPatienceMs, () => {
        giveUp(live, held, "the network path broke; connecting anew");
      });
      break;
    case "closed":
      giveUp(live, held, state.why);
      break;
  }
}

/** Some failures of the network are told by nothing but silence: the clock exchange would speak every second. */
function watchSilence(live: Live, held: Held): void {
  const { timers } = live.options;
  const leftMs = held.heardAtMs + silencePatienceMs - timers.nowMs();
  if (leftMs <= 0) giveUp(live, held, "the sender has gone silent; connecting anew");
  else live.cancelWatch = timers.after(leftMs, () => watchSilence(live, held));
}

/** Lets a link go and, where the sender is there to be asked, begins another. */
function giveUp(live: Live, held: Held, why: string): void {
  if (live.held !== held) return;
  discard(live);
  show(live, live.senderHere ? "lost" : "waiting", live.senderHere ? why : live.awayWhy);
  // What has never stood is not begun again in the same breath, or a bad path would have both ends spin.
  if (held.connected) ask(live);
  else askLater(live, 0);
}

function discard(live: Live): void {
  const { held } = live;
  live.cancelAsk();
  live.cancelWatch();
  live.held = null;
  if (held === null) return;
  if (held.connected) live.options.onLink(null);
  held.link?.close();
}
