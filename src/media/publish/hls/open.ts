import { fail, reason, succeed, type Failure, type Result } from "../../../core/failure.ts";
import type { LiveOptions } from "../../../core/hls/live.ts";
import type { OutletState } from "../../../core/wire/automation.ts";
import type { SenderSetup } from "../../../core/wire/setup.ts";
import { createDeferred, type Deferred } from "../../link/deferred.ts";
import { publishFacts } from "../../link/facts.ts";
import { realTimers } from "../../link/timers.ts";
import { startEncoding, type Encoding } from "../encode/encode.ts";
import type { EncoderSample, Publish, Publishing } from "../way.ts";
import type { CommitTrouble } from "./commits.ts";
import { openOwnOrigin, openTemplate, type Destination } from "./destination.ts";
import { readLeft } from "./left.ts";
import { planHls, type HlsPlan } from "./plan.ts";
import { createPublisher, type Publisher } from "./publisher.ts";
import { toSample, type RateCounts } from "./rates.ts";
import { recover } from "./recover.ts";
import { claimStreamToken } from "./stream-token.ts";
import { createUploader, type Uploader } from "./upload.ts";

/** Seconds that the playlist reaches back at least, and segments that it lists at least. */
const windowS = 12;
const minSegmentCount = 6;

const browserFetch = (url: string, init: RequestInit): Promise<Response> => fetch(url, init);

/** Encodes the pictures and publishes them as HLS, with parts where asked; resolves when the first can be played. */
export const publishHls: Publish = async (source, setup, facts, listener, signal) => {
  signal.throwIfAborted();
  const planned = planHls(setup);
  if (!planned.ok) return planned;
  const plan = planned.value;
  const destination = await openDestination(setup, plan, signal);
  if (!destination.ok) return destination;
  const line = await openLine(setup, plan, destination.value, listener.onOutlet, signal);
  const encoding = await startEncoding(source, plan.encode, line.publisher.take, signal).catch(
    (aborted: unknown) => {
      shut(line, null);
      throw aborted;
    },
  );
  if (!encoding.ok) {
    shut(line, encoding.failure);
    return encoding;
  }
  line.encoding = encoding.value;
  line.stopFacts = publishFacts(facts);
  void endWith(line, encoding.value);
  const abort = (): void => shut(line, null);
  signal.addEventListener("abort", abort, { once: true });
  const live = await line.live.promise;
  signal.removeEventListener("abort", abort);
  signal.throwIfAborted();
  return live.ok ? succeed(publishingOf(line, setup)) : live;
};

type Line = {
  readonly destination: Destination;
  readonly uploader: Uploader;
  readonly publisher: Publisher;
  readonly tell: (state: OutletState["state"], why: string) => void;
  readonly live: Deferred<Result<null>>;
  readonly ended: Deferred<Failure | null>;
  readonly closing: AbortController;
  encoding: Encoding | null;
  stopFacts: () => void;
  isLive: boolean;
  isRecovering: boolean;
  isShut: boolean;
};

async function openDestination(
  setup: SenderSetup,
  plan: HlsPlan,
  signal: AbortSignal,
): Promise<Result<Destination>> {
  if (setup.putUrl !== "") return succeed(openTemplate(setup));
  const shape = plan.rungs.map(({ folder }) => folder).join("+");
  const token = await claimStreamToken(sessionStorage, navigator.locks, shape);
  const opened = await openOwnOrigin(token, browserFetch, location.href, signal);
  if (!opened.ok) token.release();
  return opened;
}

async function openLine(
  setup: SenderSetup,
  plan: HlsPlan,
  destination: Destination,
  onOutlet: (outlet: OutletState) => void,
  signal: AbortSignal,
): Promise<Line> {
  const { cadence } = plan;
  const uploader = createUploader({
    destination,
    fetch: browserFetch,
    timers: realTimers,
    random: () => Math.random(),
    patienceMs: Math.max(4000, 3000 * cadence.targetDurationS),
  });
  const live: LiveOptions = {
    targetDurationS: cadence.targetDurationS,
    partTargetS: cadence.partTargetS,
    windowSegmentCount: Math.max(minSegmentCount, Math.ceil(windowS / cadence.segmentS)),
    canBlockReload: destination.isOwn,
    canSkip: destination.isOwn,
  };
  const tell = (state: OutletState["state"], why: string): void =>
    onOutlet({ state, why, playUrl: destination.playUrl });
  tell("opening", "the first segment is being made");
  const left = await readLeft(destination, plan.rungs, live, browserFetch, signal);
  const publisher = createPublisher({
    plan,
    codec: setup.codec === "vp8" ? "h264" : setup.codec,
    fps: setup.fps,
    holdMs: setup.holdMs,
    live,
    uploader,
    left,
    onLive: () => {
      line.isLive = true;
      tell("live", "");
      line.live.settle(succeed(null));
    },
    onTrouble: (trouble) => void mend(line, trouble),
    onBroken: (error) => shut(line, broken(error)),
    onRetired: destination.isOwn ? () => undefined : createRemover(uploader, 3000 * cadence.targetDurationS),
  });
  const line: Line = {
    destination,
    uploader,
    publisher,
    tell,
    live: createDeferred(),
    ended: createDeferred(),
    closing: new AbortController(),
    encoding: null,
    stopFacts: () => undefined,
    isLive: false,
    isRecovering: false,
    isShut: false,
  };
  return line;
}

/** Takes files off a plain server once no player needs them; where it does not let go of one, they stay. */
function createRemover(uploader: Uploader, afterMs: number): (names: readonly string[]) => void {
  let isAllowed = true;
  const remove = async (name: string): Promise<void> => {
    if (isAllowed) isAllowed = await uploader.remove(name, AbortSignal.timeout(afterMs));
  };
  return (names) => {
    if (!isAllowed || names.length === 0) return;
    realTimers.after(afterMs, () => {
      for (const name of names) void remove(name);
    });
  };
}

async function mend(line: Line, trouble: CommitTrouble): Promise<void> {
  if (line.isRecovering || line.isShut) return;
  // What never worked is not waited for: the user is there and can mend it.
  if (!line.isLive) {
    shut(line, trouble.failure);
    return;
  }
  line.isRecovering = true;
  try {
    const { publisher, uploader, destination, closing } = line;
    const failure = await recover(
      {
        publisher,
        uploader,
        destination,
        timers: realTimers,
        random: () => Math.random(),
        onStuck: ({ what, next }) => line.tell("stuck", `${what}. ${next}`),
        signal: closing.signal,
      },
      trouble,
    );
    if (failure === null) line.tell("live", "");
    else shut(line, failure);
  } catch (error) {
    if (!closing(line)) throw error;
  } finally {
    line.isRecovering = false;
  }
}

function closing(line: Line): boolean {
  return line.closing.signal.aborted;
}

async function endWith(line: Line, encoding: Encoding): Promise<void> {
  shut(line, await encoding.ended);
}

function shut(line: Line, failure: Failure | null): void {
  if (line.isShut) return;
  line.isShut = true;
  line.encoding?.close();
  line.stopFacts();
  line.closing.abort(new Error("the stream was closed"));
  line.publisher.suspend();
  for (const file of line.publisher.ending()) void putLast(line, file);
  line.destination.close();
  line.live.settle(fail(failure ?? stopped));
  line.ended.settle(failure);
}

/** Outlives the page for the moment it takes (Fetch, keepalive); nobody waits for it. */
async function putLast(
  { destination }: Line,
  file: { readonly name: string; readonly bytes: string },
): Promise<void> {
  const { url, headers } = destination.target(file.name);
  try {
    await fetch(url, {
      method: "PUT",
      body: file.bytes,
      headers: { "Content-Type": "application/vnd.apple.mpegurl", ...headers },
      credentials: "omit",
      keepalive: true,
    });
  } catch {
    // Players that stay find a playlist that no longer moves, as they do when a sender is cut off.
  }
}

function publishingOf(line: Line, setup: SenderSetup): Publishing {
  let before: RateCounts | null = null;
  const sample = (): EncoderSample => {
    const { encoding, publisher } = line;
    if (encoding === null) return {};
    const now = { atMs: realTimers.nowMs(), encode: encoding.counts(), put: publisher.counts() };
    const rates = toSample(before, now);
    before = now;
    const codec = encoding.codecs[0];
    return {
      ...rates,
      ...(codec === undefined ? {} : { codec }),
      widthPx: setup.widthPx,
      heightPx: setup.heightPx,
    };
  };
  return { ended: line.ended.promise, close: () => shut(line, null), sample: async () => sample() };
}

const stopped: Failure = {
  kind: "ended-early",
  what: "Publishing was stopped before the first segment was up",
  where: "HLS",
  next: "Start again.",
};

function broken(error: unknown): Failure {
  return {
    kind: "ended-early",
    what: "The stream could not be written as MP4",
    where: "HLS",
    next: "Start again; if it happens again, choose another codec.",
    cause: reason(error),
  };
}
