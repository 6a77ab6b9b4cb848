import type { ScoredPictures } from "../../core/quality/score-dispatch.ts";

/** Keeps the pictures of the worst frames of a run. */
export type WorstKeeper = {
  readonly add: (frame: ScoredPictures) => void;
  /** Worst first. */
  readonly read: () => readonly ScoredPictures[];
};

/** Frames that are kept with their pictures. */
const keptCount = 6;
/** Frames so near to one that is kept show the same flaw; of those the worst stays. */
const apartFrames = 5;

/** Makes a keeper; frames come in order. */
export function createWorstKeeper(): WorstKeeper {
  let kept: readonly ScoredPictures[] = [];
  return {
    add: (frame) => {
      const { score } = frame;
      const isNear = (other: ScoredPictures): boolean =>
        Math.abs(other.score.frame - score.frame) < apartFrames;
      const near = kept.filter(isNear);
      if (near.some((other) => other.score.vmaf <= score.vmaf)) return;
      kept = [...kept.filter((other) => !isNear(other)), frame]
        .toSorted((one, other) => one.score.vmaf - other.score.vmaf)
        .slice(0, keptCount);
    },
    read: () => kept,
  };
}
