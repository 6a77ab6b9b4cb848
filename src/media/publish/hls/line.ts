import { fail, reason, succeed, type Failure, type Result } from "../../../core/failure.ts";
import type { LiveOptions } from "../../../core/hls/live.ts";
import type { OutletState } from "../../../core/wire/automation.ts";
import type { SenderSetup } from "../../../core/wire/setup.ts";
import { createDeferred, type Deferred } from "../../link/deferred.ts";
import { realTimers } from "../../link/timers.ts";
import type { Encoding } from "../encode/encode.ts";
import type { CommitTrouble } from "./commits.ts";
import type { Destination } from "./destination.ts";
import { endStream } from "./end.ts";
import { readLeft } from "./left.ts";
import type { HlsPlan } from "./plan.ts";
import { createPublisher, type Publisher } from "./publisher.ts";
import { recover } from "./recover.ts";
import { createUploader, type Uploader } from "./upload.ts";

/** Seconds that the playlist reaches back at least, and segments that it lists at least. */
const windowS = 12;
const minSegmentCount = 6;

/** One stream on its way out: who makes it, where it goes, how it stands. */
export type Line = {
  readonly destination: Destination;
  readonly uploader: Uploader;
  readonly publisher: Publisher;
  readonly tell: (state: OutletState["state"], why: string) => void;
  /** Settles once: viewers can come, or why they never could. */
  readonly live: Deferred<Result<null>>;
  readonly ended: Deferred<Failure | null>;
  readonly closing: AbortController;
  /** Puts the stream's end: see `endStream`. */
  readonly end: () => Promise<readonly string[]>;
  /** Called once when the line was shut; the files that stand on the server, once its end is over. Never rejects. */
  readonly onShut: (ended: Promise<readonly string[]>) => void;
  /** Null until the encoders stand. */
  encoding: Encoding | null;
  stopFacts: () => void;
  isLive: boolean;
  isRecovering: boolean;
  isShut: boolean;
};

/** What a line is made of. */
export type LineOptions = {
  readonly setup: SenderSetup;
  readonly plan: HlsPlan;
  readonly destination: Destination;
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  readonly onOutlet: (outlet: OutletState) => void;
  readonly onShut: Line["onShut"];
};

/** How long files stay on a plain server after they left the playlist, and streams after they ended, ms. */
export function lingerMs({ cadence }: HlsPlan): number {
  return (3 * cadence.targetDurationS + windowS) * 1000;
}

/** Makes a line; goes on with what an earlier page left of the stream. Abort rejects with the signal's reason. */
export async function openLine(options: LineOptions, signal: AbortSignal): Promise<Line> {
  const { setup, plan, destination, fetch } = options;
  const live = toLiveOptions(plan, destination);
  const patienceMs = Math.max(4000, 3000 * plan.cadence.targetDurationS);
  const uploader = createUploader({
    destination,
    fetch,
    timers: realTimers,
    random: () => Math.random(),
    patienceMs,
  });
  const tell = (state: OutletState["state"], why: string): void =>
    options.onOutlet({ state, why, playUrl: destination.playUrl });
  tell("opening", "the first segment is being made");
  const left = await readLeft(destination, plan.rungs, live, fetch, signal);
  const unlisted = left.flatMap((rung) => rung?.unlisted ?? []);
  const publisher = createPublisher({
    plan,
    codec: setup.codec === "vp8" ? "h264" : setup.codec,
    fps: setup.fps,
    holdMs: setup.holdMs,
    live,
    uploader,
    left: left.map((rung) => rung?.live ?? null),
    onLive: () => {
      line.isLive = true;
      if (!destination.isOwn) removeLater(destination, unlisted, lingerMs(plan));
      tell("live", "");
      line.live.settle(succeed(null));
    },
    onTrouble: (trouble) => void mend(line, trouble),
    onBroken: (error) => shut(line, broken(error)),
    // This project's own server lets go of them by itself.
    onRetired: destination.isOwn
      ? () => undefined
      : (names) => removeLater(destination, names, lingerMs(plan)),
  });
  const line: Line = {
    destination,
    uploader,
    publisher,
    tell,
    live: createDeferred(),
    ended: createDeferred(),
    closing: new AbortController(),
    end: () => endStream({ publisher, destination, fetch, timers: realTimers, onPageHide, patienceMs }),
    onShut: options.onShut,
    encoding: null,
    stopFacts: () => undefined,
    isLive: false,
    isRecovering: false,
    isShut: false,
  };
  return line;
}

function toLiveOptions({ cadence }: HlsPlan, destination: Destination): LiveOptions {
  return {
    targetDurationS: cadence.targetDurationS,
    partTargetS: cadence.partTargetS,
    windowSegmentCount: Math.max(minSegmentCount, Math.ceil(windowS / cadence.segmentS)),
    canBlockReload: destination.isOwn,
    canSkip: destination.isOwn,
  };
}

function removeLater(destination: Destination, names: readonly string[], afterMs: number): void {
  if (names.length > 0) realTimers.after(afterMs, () => void destination.clear(names));
}

async function mend(line: Line, trouble: CommitTrouble): Promise<void> {
  if (line.isRecovering || line.isShut) return;
  // What never worked is not waited for: the user is there and can mend it.
  if (!line.isLive) {
    shut(line, trouble.failure);
    return;
  }
  line.isRecovering = true;
  const { publisher, uploader, destination, closing } = line;
  try {
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
    if (!closing.signal.aborted) throw error;
  } finally {
    line.isRecovering = false;
  }
}

/** Ends the line once; later calls do nothing. */
export function shut(line: Line, failure: Failure | null): void {
  if (line.isShut) return;
  line.isShut = true;
  line.encoding?.close();
  line.stopFacts();
  line.closing.abort(new Error("the stream was closed"));
  line.onShut(line.end());
  line.live.settle(fail(failure ?? stopped));
  line.ended.settle(failure);
}

function onPageHide(call: () => void): () => void {
  addEventListener("pagehide", call, { once: true });
  return () => removeEventListener("pagehide", call);
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
