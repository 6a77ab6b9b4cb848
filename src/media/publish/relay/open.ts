import { fail, succeed, type Failure, type Result } from "../../../core/failure.ts";
import type { OutletState } from "../../../core/wire/automation.ts";
import type { SenderSetup } from "../../../core/wire/setup.ts";
import type { StreamFacts } from "../../../core/wire/signalling.ts";
import { createDeferred, type Deferred } from "../../link/deferred.ts";
import { publishFacts } from "../../link/facts.ts";
import { realTimers } from "../../link/timers.ts";
import type { EncodeCounts, EncodePlan } from "../encode/encode.protocol.ts";
import { startEncoding, type Encoding } from "../encode/encode.ts";
import type { EncoderSample, Publish, Publishing } from "../way.ts";
import { createRelayLine, type RelayLine, type RelayLineCounts } from "./line.ts";
import { openRelayLink } from "./link.ts";
import { createMatroskaWriter } from "./matroska.ts";

/** Key frames stand so far apart, s: what providers that take RTMP ask for. */
const keyIntervalS = 2;
/** What may wait to leave the page: so many seconds of the stream, and a key frame's worth at least. */
const maxWaitingS = 1.5;
const leastWaitingBytes = 256 * 1024;
/** How long the target may take to accept the stream, ms; the server gives it up before. */
const livePatienceMs = 30_000;

/** Encodes the pictures once and has the page's server send them on. Resolves when the target takes them. */
export const publishByRelay: Publish = async (source, setup, facts, listener, signal) => {
  signal.throwIfAborted();
  if (setup.relayTarget === "") return fail(noTarget);
  if (setup.codec !== "h264") return fail(notCarried);
  const sending = openSending(setup, facts, listener.onOutlet);
  const abort = (): void => sending.shut(null);
  signal.addEventListener("abort", abort, { once: true });
  const cancel = realTimers.after(livePatienceMs, () => sending.shut(tooSlow));
  try {
    const opened = await sending.opened.promise;
    if (!opened.ok) return opened;
    const encoding = await startEncoding(source, planOf(setup), sending.line.take, signal);
    if (!encoding.ok) {
      sending.shut(encoding.failure);
      return encoding;
    }
    sending.encoding = encoding.value;
    void encoding.value.ended.then(sending.shut);
    const live = await sending.live.promise;
    // The line may have been lost before there was an encoder to close.
    if (!live.ok) encoding.value.close();
    return live.ok ? succeed(publishingOf(sending, encoding.value, setup)) : live;
  } finally {
    cancel();
    signal.removeEventListener("abort", abort);
    signal.throwIfAborted();
  }
};

/** A stream being sent on. Frames given to the line before an encoder stands come from nowhere: it is set first. */
type Sending = {
  readonly line: RelayLine;
  /** The server listens. */
  readonly opened: Deferred<Result<null>>;
  /** The target takes the stream. */
  readonly live: Deferred<Result<null>>;
  readonly ended: Deferred<Failure | null>;
  readonly shut: (failure: Failure | null) => void;
  encoding: Encoding | null;
};

function openSending(
  setup: SenderSetup,
  facts: StreamFacts,
  onOutlet: (outlet: OutletState) => void,
): Sending {
  const playUrl = setup.playUrl === "" ? null : setup.playUrl;
  const tell = (state: OutletState["state"], why: string): void => onOutlet({ state, why, playUrl });
  tell("opening", "the server is opening the target");
  const stopFacts = publishFacts(facts);
  const shut = (failure: Failure | null): void => {
    sending.encoding?.close();
    sending.line.close();
    stopFacts();
    const refused = fail(failure ?? stopped);
    sending.opened.settle(refused);
    sending.live.settle(refused);
    sending.ended.settle(failure);
  };
  const sending: Sending = {
    opened: createDeferred(),
    live: createDeferred(),
    ended: createDeferred(),
    shut,
    encoding: null,
    line: createRelayLine({
      openLink: (heard) => openRelayLink(WebSocket, location.href, setup.relayTarget, heard),
      createWriter: (decoderConfig, onBytes) => createMatroskaWriter(decoderConfig, setup.fps, onBytes),
      maxWaitingBytes: Math.max(leastWaitingBytes, maxWaitingS * setup.bitrateKbps * 125),
      timers: realTimers,
      random: () => Math.random(),
      onOpen: () => sending.opened.settle(succeed(null)),
      onLive: () => {
        tell("live", "");
        sending.live.settle(succeed(null));
      },
      onStuck: ({ what: said, next }) => tell("stuck", `${said}. ${next}`),
      onLost: shut,
    }),
  };
  return sending;
}

function planOf({ codec, fps, widthPx, heightPx, bitrateKbps }: SenderSetup): EncodePlan {
  return {
    codec,
    fps,
    framesPerKey: fps * keyIntervalS,
    rungs: [{ widthPx, heightPx, bitrateKbps }],
    avcFormat: "avc",
  };
}

type Counts = { readonly atMs: number; readonly encode: EncodeCounts; readonly line: RelayLineCounts };

function publishingOf(
  { ended, shut, line }: Sending,
  encoding: Encoding,
  { widthPx, heightPx }: SenderSetup,
): Publishing {
  let before: Counts | null = null;
  return {
    ended: ended.promise,
    close: () => shut(null),
    sample: async () => {
      const now = { atMs: realTimers.nowMs(), encode: encoding.counts(), line: line.counts() };
      const rates = before === null ? {} : toRates(before, now);
      before = now;
      const [codec] = encoding.codecs;
      return { ...rates, widthPx, heightPx, ...(codec === undefined ? {} : { codec }) };
    },
  };
}

/** What was encoded and sent on between two instants. */
function toRates(before: Counts, after: Counts): EncoderSample {
  const seconds = (after.atMs - before.atMs) / 1000;
  if (seconds <= 0) return {};
  const encodedCount = (counts: Counts): number => counts.encode.rungs[0]?.encodedCount ?? 0;
  const [sentBefore, sentAfter] = [before.line.sent, after.line.sent];
  const sentS = sentBefore === null || sentAfter === null ? 0 : (sentAfter.atMs - sentBefore.atMs) / 1000;
  const isShort = after.line.leftOutCount > before.line.leftOutCount;
  const isSlow = after.encode.droppedCount > before.encode.droppedCount;
  return {
    encodedFps: (encodedCount(after) - encodedCount(before)) / seconds,
    bitrateKbps: ((after.line.leftBytes - before.line.leftBytes) * 8) / 1000 / seconds,
    limitation: isShort ? "bandwidth" : isSlow ? "cpu" : "none",
    ...(sentBefore === null || sentAfter === null || sentS <= 0
      ? {}
      : { sentFps: (sentAfter.frameCount - sentBefore.frameCount) / sentS }),
  };
}

const what = "Publishing by RTMP or SRT";

const noTarget: Failure = {
  kind: "refused-input",
  what,
  where: "the target",
  next: "Give the target's address with its stream key, such as rtmp://host/app/key.",
};

const notCarried: Failure = {
  kind: "unsupported",
  what,
  where: "the codec",
  next: "Choose H.264: RTMP and SRT targets take it everywhere, and other codecs hardly anywhere.",
};

const tooSlow: Failure = {
  kind: "timed-out",
  what: "The target did not take the stream",
  where: "the relay",
  next: `Nothing was accepted within ${livePatienceMs / 1000} s: check address and stream key, then start again.`,
};

const stopped: Failure = {
  kind: "ended-early",
  what: "Publishing was stopped before the target took the stream",
  where: "the relay",
  next: "Start again.",
};
