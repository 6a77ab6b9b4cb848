import * as v from "valibot";

import { composeOffsets } from "../../../core/clock/compose.ts";
import { fail, succeed, type Failure, type Result } from "../../../core/failure.ts";
import { channelMessageSchema, type ChannelMessage } from "../../../core/wire/channel.ts";
import { readJoinCode, type FromServer, type StreamFacts } from "../../../core/wire/signalling.ts";
import { createClockExchange, type ClockExchanger } from "../../link/clock-exchange.ts";
import { createDeferred } from "../../link/deferred.ts";
import { clockStepUs, pageEpochUs } from "../../link/page-clock.shared.ts";
import { awaitEntry, fetchIceServers, openRoom, randomBytes, type FirstEntry } from "../../link/room.ts";
import type { Signalling } from "../../link/signalling.ts";
import { realTimers } from "../../link/timers.ts";
import { idFrom } from "../../peer/envelope.ts";
import type { PeerLink } from "../../peer/peer.ts";
import { createSimplePeerLink } from "../../peer/simple-peer.ts";
import type { Open, Playing, PlayOptions, PlayTarget } from "../way.ts";
import type { Session } from "./session-face.ts";
import { createSession } from "./session.ts";
import { createTransportCounter } from "./transport-stats.ts";

/** Joins a room by its code and plays what its sender sends, over whatever breaks and returns. */
export const playFromPeer: Open = async (target, options, signal) => {
  signal.throwIfAborted();
  const join = joinOf(target);
  if (!join.ok) return join;
  const entry = awaitEntry(signal);
  const play = begin(join.value, options, entry);
  try {
    const entered = await entry.done;
    if (entered.ok) return succeed(playingOf(play, options));
    play.close();
    return entered;
  } catch (aborted) {
    play.close();
    throw aborted;
  }
};

function joinOf(target: PlayTarget): Result<string> {
  const join = target.kind === "join" ? readJoinCode(target.join) : null;
  if (join !== null) return succeed(join);
  return fail({
    kind: "refused-input",
    what: "This is not a join code",
    where: target.kind === "join" ? target.join.slice(0, 40) : target.url.host,
    next: "A join code has 8 letters and digits, like 4K7M-2QXA. The sender shows it, as text and as a QR code.",
  });
}

type Play = {
  readonly session: Session;
  readonly ended: Promise<Failure | null>;
  readonly close: () => void;
};

/** What the parts of one play share. */
type Parts = {
  readonly options: PlayOptions;
  signalling: Signalling | null;
  serverClock: ClockExchanger | null;
  peerClock: ClockExchanger | null;
  facts: StreamFacts | null;
};

function begin(join: string, options: PlayOptions, entry: FirstEntry): Play {
  const parts: Parts = { options, signalling: null, serverClock: null, peerClock: null, facts: null };
  const ended = createDeferred<Failure | null>();
  const close = (failure: Failure | null): void => {
    session
      .link()
      ?.sendText(JSON.stringify({ type: "bye", why: "the receiver left" } satisfies ChannelMessage));
    session.close();
    parts.serverClock?.close();
    parts.signalling?.close("saying so");
    detach(options.video);
    ended.settle(failure);
  };
  const session = createSession({
    create: createSimplePeerLink,
    timers: realTimers,
    random: () => Math.random(),
    receiverId: idFrom(randomBytes(8)),
    relayOnly: options.relayOnly,
    bufferMs: options.bufferMs,
    iceServers: fetchIceServers,
    sendSignal: (signal) => parts.signalling?.send({ type: "signal", signal }),
    onState: options.listener.onState,
    onReceiver: (receiver) => options.tap?.onReceiver(receiver),
    onTrack: (track, stream) => attach(options, track, stream),
    onLink: (link) => followClock(parts, link),
    onWords: (text) => hearSender(parts, text),
    onEnd: close,
  });
  parts.signalling = openRoom(
    { kind: "receiver", join },
    {
      onState: (state) => {
        entry.take(state);
        session.onSignalling(state);
        if (state.state === "in-room") parts.serverClock?.hurry();
      },
      onMessage: (message) => {
        hearServer(parts, message);
        session.onMessage(message);
      },
    },
  );
  parts.serverClock = compareWithServer(parts, parts.signalling);
  return { session, ended: ended.promise, close: () => close(null) };
}

function attach({ video, listener }: PlayOptions, track: MediaStreamTrack, stream: MediaStream): void {
  video.srcObject = stream;
  listener.onTrack(track);
  // Only a later stream in the same element makes it reject: a muted element may always play.
  void video.play().catch(() => undefined);
}

function detach(video: HTMLVideoElement): void {
  video.srcObject = null;
}

/** Against the server until the sender itself answers, which is the shorter road. */
function compareWithServer(parts: Parts, signalling: Signalling): ClockExchanger {
  return createClockExchange({
    nowUs: pageEpochUs,
    stepUs: clockStepUs(pageEpochUs),
    timers: realTimers,
    ask: (t1Us) => signalling.sendNow({ type: "clock", t1Us }),
    onOffset: (offset) => {
      const sender = parts.facts?.clock ?? null;
      if (sender === null || (parts.peerClock?.read() ?? null) !== null) return;
      parts.options.listener.onClock("server", composeOffsets(offset, sender));
    },
  });
}

/** A new link may lead to a new page with another clock: what the old one told does not count for it. */
function followClock(parts: Parts, link: PeerLink | null): void {
  parts.peerClock?.close();
  parts.peerClock = null;
  if (link === null) return;
  parts.peerClock = createClockExchange({
    nowUs: pageEpochUs,
    stepUs: clockStepUs(pageEpochUs),
    timers: realTimers,
    ask: (t1Us) => link.sendDatagram(JSON.stringify({ type: "ping", t1Us } satisfies ChannelMessage)),
    onOffset: (offset) => parts.options.listener.onClock("peer", offset),
  });
}

function hearSender(parts: Parts, text: string): void {
  const parsed = v.safeParse(
    v.pipe(v.string(), v.maxLength(8192), v.parseJson(), channelMessageSchema),
    text,
  );
  if (!parsed.success) return;
  if (parsed.output.type === "pong") parts.peerClock?.answer(parsed.output);
  else if (parsed.output.type === "facts") takeFacts(parts, parsed.output.facts);
}

function hearServer(parts: Parts, message: FromServer): void {
  if (message.type === "clock") parts.serverClock?.answer(message);
  else if (message.type === "facts") takeFacts(parts, message.facts);
  else if (message.type === "joined" && message.facts !== null) takeFacts(parts, message.facts);
}

/** Facts come over two roads; each version is told once. */
function takeFacts(parts: Parts, facts: StreamFacts): void {
  if (JSON.stringify(facts) === JSON.stringify(parts.facts)) return;
  parts.facts = facts;
  parts.options.listener.onFacts(facts);
}

function playingOf({ session, ended, close }: Play, { video }: PlayOptions): Playing {
  const counter = createTransportCounter();
  return {
    ended,
    close,
    sample: async () => {
      const entries = (await session.link()?.stats()) ?? [];
      const dropped = video.getVideoPlaybackQuality().droppedVideoFrames;
      const sample = counter.add(entries, performance.now());
      return sample.framesDroppedCount === undefined ? { ...sample, framesDroppedCount: dropped } : sample;
    },
  };
}
