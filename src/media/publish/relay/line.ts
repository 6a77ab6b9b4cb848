import type { Failure } from "../../../core/failure.ts";
import { retryDelayMs } from "../../link/retry.ts";
import type { Timers } from "../../link/timers.ts";
import type { EncodedChunk } from "../encode/encode.protocol.ts";
import { openAttempt, type RelayAttempt, type RelayRoad } from "./attempt.ts";
import { createValve, type Valve } from "./valve.ts";

/** How long a stream that stood may be interrupted before it is given up, ms. */
const lostPatienceMs = 60_000;

/** What a line is made with. */
export type RelayLineOptions = RelayRoad & {
  /** More than this waiting to leave the page, and frames are left out. */
  readonly maxWaitingBytes: number;
  readonly timers: Timers;
  readonly random: () => number;
  /** The server listens: frames that come now go out. */
  readonly onOpen: () => void;
  /** The target takes the stream. */
  readonly onLive: () => void;
  /** Nothing gets through now; it is tried again. */
  readonly onStuck: (failure: Failure) => void;
  /** Once, last: it cannot go on. */
  readonly onLost: (failure: Failure) => void;
};

/** Counts over all links of a line. */
export type RelayLineCounts = {
  /** Frames that the target has, and when that was told; null before the first telling. */
  readonly sent: { readonly frameCount: number; readonly atMs: number } | null;
  /** Bytes that have left the page. */
  readonly leftBytes: number;
  readonly leftOutCount: number;
};

/** Frames on their way to a target, over as many links as it takes. */
export type RelayLine = {
  readonly take: (chunk: EncodedChunk) => void;
  readonly counts: () => RelayLineCounts;
  /** Ends the stream at the target. */
  readonly close: () => void;
};

type Line = {
  readonly options: RelayLineOptions;
  readonly valve: Valve;
  attempt: RelayAttempt | null;
  decoderConfig: VideoDecoderConfig | null;
  sent: RelayLineCounts["sent"];
  /** Of the links before this one. */
  earlierFrameCount: number;
  earlierBytes: number;
  /** When the stream was last known to stand; null until it has. */
  stoodAtMs: number | null;
  isStanding: boolean;
  isOver: boolean;
  retryCount: number;
  cancel: () => void;
};

/** Opens a line at once. */
export function createRelayLine(options: RelayLineOptions): RelayLine {
  const line: Line = {
    options,
    valve: createValve(options.maxWaitingBytes),
    attempt: null,
    decoderConfig: null,
    sent: null,
    earlierFrameCount: 0,
    earlierBytes: 0,
    stoodAtMs: null,
    isStanding: false,
    isOver: false,
    retryCount: 0,
    cancel: () => undefined,
  };
  attempt(line);
  return {
    take: (chunk) => {
      line.decoderConfig = chunk.decoderConfig ?? line.decoderConfig;
      if (!line.isOver && line.decoderConfig !== null) line.attempt?.take(chunk, line.decoderConfig);
    },
    counts: () => ({
      sent: line.sent,
      leftBytes: line.earlierBytes + (line.attempt?.leftBytes() ?? 0),
      leftOutCount: line.valve.leftOutCount(),
    }),
    close: () => {
      line.isOver = true;
      line.cancel();
      line.attempt?.finish();
    },
  };
}

function attempt(line: Line): void {
  const { options } = line;
  const opened: RelayAttempt = openAttempt(options, line.valve, {
    onOpen: options.onOpen,
    onProgress: ({ sentFrameCount }) => progress(line, sentFrameCount),
    onEnd: (failure) => {
      if (line.attempt === opened && !line.isOver) lost(line, failure);
    },
  });
  line.attempt = opened;
}

function progress(line: Line, sentFrameCount: number): void {
  const atMs = line.options.timers.nowMs();
  line.sent = { frameCount: line.earlierFrameCount + sentFrameCount, atMs };
  line.stoodAtMs = atMs;
  line.retryCount = 0;
  if (line.isStanding || line.isOver) return;
  line.isStanding = true;
  line.options.onLive();
}

function lost(line: Line, failure: Failure): void {
  const { timers, random, onLost, onStuck } = line.options;
  line.earlierFrameCount = line.sent?.frameCount ?? 0;
  line.earlierBytes += line.attempt?.leftBytes() ?? 0;
  line.attempt = null;
  line.isStanding = false;
  // What never stood is not waited for: the user is there and can mend it.
  const isOld = line.stoodAtMs === null || timers.nowMs() - line.stoodAtMs >= lostPatienceMs;
  if (isOld || !mayPass.has(failure.kind)) {
    line.isOver = true;
    onLost(failure);
    return;
  }
  onStuck(failure);
  line.cancel = timers.after(retryDelayMs(line.retryCount, random()), () => attempt(line));
  line.retryCount += 1;
}

/** What may go by itself: a server or target that comes back. */
const mayPass: ReadonlySet<Failure["kind"]> = new Set(["unreachable", "ended-early", "timed-out"]);
