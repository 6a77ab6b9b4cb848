import type { Failure, Result } from "../failure.ts";
import type { Marker } from "../marker/payload.ts";
import type { LumaPlane } from "../marker/sample.kernel.ts";
import type { IsNeverShown } from "./marked-frames.ts";
import type { Pair } from "./pairing.ts";
import { type FramePlace, type FrameScore, toFrameScore } from "./score-report.ts";
import type { KernelKind, ScoreAnswer, ScoreRequest } from "./score-request.ts";
import type { ScoreMap } from "./vmaf.ts";

/** How far a run is. */
export type ScoreProgress = {
  readonly scoredCount: number;
  /** As the files say; null where they do not. */
  readonly expectedCount: number | null;
  /** Frames scored since the last call, in order. */
  readonly latest: readonly FrameScore[];
};

/** A frame with its pictures, as a run has them in hand. */
export type ScoredPictures = {
  readonly score: FrameScore;
  /** Null where the reference is painted by whoever scores. */
  readonly reference: LumaPlane | null;
  readonly received: LumaPlane;
  /** What the received frame's marker says; null where none was read. */
  readonly marker: Marker | null;
};

/** How a run has its frames scored. */
export type ScoreWork = {
  readonly map: ScoreMap;
  readonly withMsSsim: boolean;
  readonly score: (request: ScoreRequest) => Promise<Result<ScoreAnswer>>;
  /** Requests that may be under way at once, at least 1. */
  readonly parallelCount: number;
  readonly onProgress: (progress: ScoreProgress) => void;
  /** Frames of which this is true are not scored; absent where nobody knows what was displayed. */
  readonly isNeverShown?: IsNeverShown;
  /** Sees every scored frame while its pictures are still there. */
  readonly onFrame?: (frame: ScoredPictures) => void;
};

/** Frames of a request: their neighbours have to be sent along, so more of them cost less; but a worker has all of them at once. */
export const chunkFrameCount = 6;

/** What the requests of a run gather. */
export type Gathered = {
  readonly frames: FrameScore[];
  kernels: KernelKind;
  scaledBy: string | null;
  /** The first failure; what follows is in vain. */
  failure: Failure | null;
};

/** A frame of a request. */
export type QueuedFrame = {
  /** Null where nothing is to be scored. */
  readonly place: FramePlace | null;
  readonly reference: LumaPlane | null;
  readonly received: LumaPlane | null;
  readonly marker: Marker | null;
};

/** Requests under way; answers are gathered in the order of the requests. */
export type ScoreQueue = {
  /** Resolves when there is room for the next. */
  readonly send: (request: ScoreRequest, frames: readonly QueuedFrame[]) => Promise<void>;
  /** Resolves when all answers are there. */
  readonly settle: () => Promise<void>;
};

/** Nothing gathered yet. */
export function createGathered(): Gathered {
  return { frames: [], kernels: "simd", scaledBy: null, failure: null };
}

/** Makes a queue; answers go into `gathered`. */
export function createScoreQueue(
  work: ScoreWork,
  gathered: Gathered,
  expectedCount: number | null,
): ScoreQueue {
  type UnderWay = { readonly frames: readonly QueuedFrame[]; readonly answer: Promise<Result<ScoreAnswer>> };
  const underWay: UnderWay[] = [];

  function toScore(
    { place, reference, received, marker }: QueuedFrame,
    answer: ScoreAnswer,
    index: number,
  ): FrameScore[] {
    const features = answer.frames[index] ?? null;
    if (features === null || place === null || received === null) return [];
    const score = toFrameScore(place, features, work.map);
    work.onFrame?.({ score, reference, received, marker });
    return [score];
  }

  async function takeOldest(): Promise<void> {
    const oldest = underWay.shift();
    if (oldest === undefined) return;
    const answer = await oldest.answer;
    if (!answer.ok) {
      gathered.failure ??= answer.failure;
      return;
    }
    gathered.kernels = answer.value.kernels;
    gathered.scaledBy ??= answer.value.scaledBy;
    const latest = oldest.frames.flatMap((frame, index) => toScore(frame, answer.value, index));
    gathered.frames.push(...latest);
    work.onProgress({ scoredCount: gathered.frames.length, expectedCount, latest });
  }

  return {
    send: async (request, frames) => {
      if (underWay.length >= work.parallelCount) await takeOldest();
      underWay.push({ frames, answer: work.score(request) });
    },
    settle: async () => {
      while (underWay.length > 0) await takeOldest();
    },
  };
}

/** Cuts pairs into requests and sends them out. */
export type PairChunks = {
  /** Resolves when there is room for the next. */
  readonly add: (pair: Pair) => Promise<void>;
  /** Sends what is left and resolves when all answers are there. */
  readonly finish: () => Promise<void>;
};

function toQueued({ reference, received, frameId }: Pair): QueuedFrame {
  const place = received === null ? null : { frame: reference.index, receivedFrame: received.index, frameId };
  return {
    place,
    reference: reference.luma,
    received: received?.luma ?? null,
    marker: received?.marker ?? null,
  };
}

/** Makes chunks of pairs; those in which nothing was received are not sent. */
export function createPairChunks(queue: ScoreQueue, withMsSsim: boolean): PairChunks {
  let before: LumaPlane | null = null;
  let pairs: Pair[] = [];

  async function send(after: LumaPlane | null): Promise<void> {
    const frames = pairs.map(({ reference }) => reference.luma);
    const queued = pairs.map(toQueued);
    const references = { kind: "pictures", before, frames, after } as const;
    before = frames.at(-1) ?? before;
    pairs = [];
    const received = queued.map((frame) => frame.received);
    if (received.some((plane) => plane !== null)) {
      await queue.send({ references, received, withMsSsim }, queued);
    }
  }

  return {
    add: async (pair) => {
      if (pairs.length >= chunkFrameCount) await send(pair.reference.luma);
      pairs.push(pair);
    },
    finish: async () => {
      await send(null);
      await queue.settle();
    },
  };
}
