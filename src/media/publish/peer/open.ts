import { toServerClockFacts } from "../../../core/clock/compose.ts";
import { fail, succeed, type Failure } from "../../../core/failure.ts";
import type { SenderSetup } from "../../../core/wire/setup.ts";
import type { FromServer, StreamFacts } from "../../../core/wire/signalling.ts";
import type { PictureSource } from "../../draw/source.ts";
import { createClockExchange, type ClockExchanger } from "../../link/clock-exchange.ts";
import { createDeferred } from "../../link/deferred.ts";
import { roomKeysOfPage } from "../../link/own-room.ts";
import { clockStepUs, pageEpochUs } from "../../link/page-clock.shared.ts";
import { awaitEntry, fetchIceServers, openRoom, randomBytes } from "../../link/room.ts";
import type { Leave, Signalling, SignallingState } from "../../link/signalling.ts";
import { realTimers } from "../../link/timers.ts";
import { idFrom } from "../../peer/envelope.ts";
import { checkSending } from "../../peer/sending.ts";
import { createSimplePeerLink } from "../../peer/simple-peer.ts";
import type { EncoderSample, Publish, Publishing, PublishListener } from "../way.ts";
import { toEncoderCounts, toEncoderSample, worstServed, type EncoderCounts } from "./encoder-stats.ts";
import { createReceivers, type Receivers } from "./receivers.ts";

/** How often receivers are told how the sender's clock stands to the server's, ms. */
const clockFactsEveryMs = 5000;

/** Opens a room and serves each receiver that joins over a connection of its own. */
export const publishToPeers: Publish = async (source, setup, facts, listener, signal) => {
  signal.throwIfAborted();
  const unable = checkSending(setup.codec);
  if (unable !== null) return fail(unable);
  const keys = await roomKeysOfPage();
  signal.throwIfAborted();
  const entry = awaitEntry(signal);
  const ended = createDeferred<Failure | null>();
  const room: { signalling: Signalling | null; clock: ClockExchanger | null } = {
    signalling: null,
    clock: null,
  };
  const receivers = serve(source, setup, listener, (to, message) =>
    room.signalling?.send({ type: "signal", to, signal: message }),
  );
  room.signalling = openRoom(
    { kind: "sender", keys },
    {
      onState: (state) => {
        entry.take(state);
        listener.onJoin(state.state === "in-room" ? state.join : null);
        if (state.state === "in-room") room.clock?.hurry();
        if (state.state === "refused") end(state);
      },
      onMessage: (message) => hear(receivers, room.clock, message),
    },
  );
  room.clock = tellClock(room.signalling, receivers, facts);
  const close = (leave: Leave, failure: Failure | null): void => {
    receivers.close("the sender stopped");
    room.clock?.close();
    room.signalling?.close(leave);
    ended.settle(failure);
  };
  const end = (state: Extract<SignallingState, { state: "refused" }>): void =>
    close("silently", state.failure);
  try {
    const entered = await entry.done;
    if (entered.ok) return succeed(publishingOf(receivers, ended.promise, () => close("saying so", null)));
    close("silently", entered.failure);
    return entered;
  } catch (aborted) {
    close("silently", null);
    throw aborted;
  }
};

function serve(
  source: PictureSource,
  setup: SenderSetup,
  listener: PublishListener,
  sendSignal: (
    to: string,
    signal: Parameters<Parameters<typeof createReceivers>[0]["sendSignal"]>[1],
  ) => void,
): Receivers {
  return createReceivers({
    create: createSimplePeerLink,
    timers: realTimers,
    newId: () => idFrom(randomBytes(8)),
    nowUs: pageEpochUs,
    stepUs: clockStepUs(pageEpochUs),
    role: {
      kind: "send",
      track: source.track,
      codec: setup.codec,
      bitrateKbps: setup.bitrateKbps,
      maxFps: setup.fps,
      degradation: "maintain-resolution",
    },
    relayOnly: setup.relay,
    iceServers: fetchIceServers,
    sendSignal,
    onPeers: listener.onPeers,
  });
}

function hear(receivers: Receivers, clock: ClockExchanger | null, message: FromServer): void {
  if (message.type === "signal") receivers.hear(message.from, message.signal);
  else if (message.type === "peer-left") receivers.left(message.peerId);
  else if (message.type === "clock") clock?.answer(message);
}

/** Compares clocks with the server and tells every receiver how they stand, at first at once, then now and again. */
function tellClock(signalling: Signalling, receivers: Receivers, facts: StreamFacts): ClockExchanger {
  let toldAtMs = Number.NEGATIVE_INFINITY;
  const tell = (told: StreamFacts): void => {
    signalling.setFacts(told);
    receivers.setFacts(told);
  };
  tell(facts);
  return createClockExchange({
    nowUs: pageEpochUs,
    stepUs: clockStepUs(pageEpochUs),
    timers: realTimers,
    ask: (t1Us) => signalling.sendNow({ type: "clock", t1Us }),
    onOffset: (offset) => {
      const nowMs = realTimers.nowMs();
      if (nowMs - toldAtMs < clockFactsEveryMs) return;
      toldAtMs = nowMs;
      tell({ ...facts, clock: toServerClockFacts(offset) });
    },
  });
}

function publishingOf(receivers: Receivers, ended: Promise<Failure | null>, close: () => void): Publishing {
  let before: readonly EncoderCounts[] = [];
  return {
    ended,
    close,
    sample: async (): Promise<EncoderSample> => {
      const stats = await Promise.all(receivers.connected().map((link) => link.stats()));
      const now = stats.flatMap((entries) => toEncoderCounts(entries) ?? []);
      const samples = now.map((counts) =>
        toEncoderSample(before.find(({ ssrc }) => ssrc === counts.ssrc) ?? null, counts),
      );
      before = now;
      return worstServed(samples);
    },
  };
}
