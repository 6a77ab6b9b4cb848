import type { Failure, Result } from "../failure.ts";
import type { LumaPlane } from "../marker/sample.kernel.ts";
import type { FrameSource } from "./frame-source.ts";
import type { Alignment, Pair } from "./pairing.ts";
import { type FrameScore, toFrameScore } from "./score-report.ts";
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

/** What a run is made of. Sources are closed by whoever opened them. */
export type ScoreRunParts = {
  readonly reference: FrameSource;
  readonly received: FrameSource;
  readonly alignment: Alignment;
  readonly map: ScoreMap;
  readonly withMsSsim: boolean;
  readonly score: (request: ScoreRequest) => Promise<Result<ScoreAnswer>>;
  /** Requests that may be under way at once, at least 1. */
  readonly parallelCount: number;
  readonly onProgress: (progress: ScoreProgress) => void;
};

/** Frames of a request: their neighbours have to be sent along, so more of them cost less; but a worker has all of them at once. */
const chunkFrameCount = 6;

/** What the requests of a run gather. */
export type Gathered = {
  readonly frames: FrameScore[];
  kernels: KernelKind;
  scaledBy: string | null;
  /** The first failure; what follows is in vain. */
  failure: Failure | null;
};

type Chunk = { readonly before: LumaPlane | null; readonly pairs: readonly Pair[] };

/** Cuts pairs into requests and sends them out. */
export type Dispatch = {
  /** Resolves when there is room for the next. */
  readonly add: (pair: Pair) => Promise<void>;
  /** Sends what is left and resolves when all answers are there. */
  readonly finish: () => Promise<void>;
};

function toRequest({ before, pairs }: Chunk, after: LumaPlane | null, withMsSsim: boolean): ScoreRequest {
  return {
    references: { kind: "pictures", before, frames: pairs.map(({ reference }) => reference.luma), after },
    received: pairs.map(({ received }) => received?.luma ?? null),
    withMsSsim,
  };
}

function expectedCountOf({ reference, received }: ScoreRunParts): number | null {
  const counts = [reference.facts.frameCount, received.facts.frameCount].filter((count) => count !== null);
  return counts.length === 0 ? null : Math.min(...counts);
}

/** Makes a dispatch; answers go into `gathered` in the order of the pairs. */
export function createDispatch(parts: ScoreRunParts, gathered: Gathered): Dispatch {
  const underWay: { readonly chunk: Chunk; readonly answer: Promise<Result<ScoreAnswer>> }[] = [];
  let before: LumaPlane | null = null;
  let pairs: Pair[] = [];

  async function takeOldest(): Promise<void> {
    const oldest = underWay.shift();
    if (oldest === undefined) return;
    const answer = await oldest.answer;
    if (!answer.ok) {
      gathered.failure ??= answer.failure;
      return;
    }
    const { frames, kernels, scaledBy } = answer.value;
    gathered.kernels = kernels;
    gathered.scaledBy ??= scaledBy;
    const latest = oldest.chunk.pairs.flatMap(({ reference, received, frameId }, index) => {
      const features = frames[index] ?? null;
      if (features === null || received === null) return [];
      const place = { frame: reference.index, receivedFrame: received.index, frameId };
      return [toFrameScore(place, features, parts.map)];
    });
    gathered.frames.push(...latest);
    parts.onProgress({
      scoredCount: gathered.frames.length,
      expectedCount: expectedCountOf(parts),
      latest,
    });
  }

  async function send(after: LumaPlane | null): Promise<void> {
    const chunk = { before, pairs };
    before = pairs.at(-1)?.reference.luma ?? before;
    pairs = [];
    if (!chunk.pairs.some(({ received }) => received !== null)) return;
    if (underWay.length >= parts.parallelCount) await takeOldest();
    underWay.push({ chunk, answer: parts.score(toRequest(chunk, after, parts.withMsSsim)) });
  }

  return {
    add: async (pair) => {
      if (pairs.length >= chunkFrameCount) await send(pair.reference.luma);
      pairs.push(pair);
    },
    finish: async () => {
      await send(null);
      while (underWay.length > 0) await takeOldest();
    },
  };
}
