/** The instants at which frames came to the reader, in order; all on one clock, ms. */
type Arrivals = readonly number[];

/**
 * Which of the frames between two reported ones were shown, by index. Where more were taken than presented, a screen refresh
 * passed between no two of them: the newer one took the place of the older. So those go whose successor came soonest after.
 * @param arrivals of the frames between, in order
 * @param nextArrivalMs of the reported frame after them
 * @param shownCount how many of them were presented
 */
export function chooseShown(
  arrivals: Arrivals,
  nextArrivalMs: number,
  shownCount: number,
): readonly number[] {
  const kept = arrivals.map((arrivedAtMs, index) => ({ arrivedAtMs, index }));
  while (kept.length > Math.max(0, shownCount)) {
    const gaps = kept.map(
      ({ arrivedAtMs }, place) => (kept[place + 1]?.arrivedAtMs ?? nextArrivalMs) - arrivedAtMs,
    );
    kept.splice(gaps.lastIndexOf(Math.min(...gaps)), 1);
  }
  return kept.map(({ index }) => index);
}

/**
 * Adds `count` instants to ascending ones between two bounds, each in the middle of the widest gap left: for frames known to have
 * been shown of which nothing else is known.
 */
export function spreadInto(known: Arrivals, fromMs: number, toMs: number, count: number): readonly number[] {
  const added: number[] = [];
  const marks = [fromMs, ...known, toMs];
  for (let index = 0; index < count; index += 1) {
    const gaps = marks.slice(1).map((mark, place) => mark - (marks[place] ?? mark));
    const widest = gaps.indexOf(Math.max(...gaps));
    const middleMs = ((marks[widest] ?? fromMs) + (marks[widest + 1] ?? toMs)) / 2;
    marks.splice(widest + 1, 0, middleMs);
    added.push(middleMs);
  }
  return added.toSorted((one, other) => one - other);
}

/** A median over the latest values. */
export type RunningMedian = {
  readonly add: (value: number) => void;
  /** Null before the first value. */
  readonly read: () => number | null;
};

/** Makes a running median over the last `size` values. */
export function createRunningMedian(size: number): RunningMedian {
  const values: number[] = [];
  return {
    add: (value) => {
      values.push(value);
      if (values.length > size) values.shift();
    },
    read: () => values.toSorted((one, other) => one - other)[values.length >> 1] ?? null,
  };
}

/** What of a taken frame tells whether others went missing before it. */
export type Stamped = {
  /** us on any clock that rises with the stream. */
  readonly presentationTimeUs: number;
  /** Whether it lay ready when it was asked for; one that was waited for came out of an empty queue, which drops nothing. */
  readonly wasQueued: boolean;
};

/**
 * Tells how many frames can have gone missing among frames taken one after the other: as many as their stamps leave room for.
 * `presentedFrames` alone is no proof, since browsers count a frame again that they present again.
 */
export type RoomFinder = {
  /**
   * @param between frames taken since the last call's
   * @param frame the next; null where that one is missing itself
   * @returns infinity where there is nothing to tell by
   */
  readonly roomBefore: (between: readonly Stamped[], frame: Stamped | null) => number;
  /** What follows does not follow on what was before. */
  readonly cut: () => void;
};

/** Makes a room finder; what a usual step is it learns from the last `size` steps. */
export function createRoomFinder(size: number): RoomFinder {
  const steps = createRunningMedian(size);
  let lastUs: number | null = null;

  function roomBefore(between: readonly Stamped[], frame: Stamped | null): number {
    const usualStepUs = steps.read();
    const canTell = lastUs !== null && frame !== null && usualStepUs !== null && usualStepUs > 0;
    let roomCount = 0;
    for (const { presentationTimeUs, wasQueued } of frame === null ? between : [...between, frame]) {
      const stepUs = presentationTimeUs - (lastUs ?? presentationTimeUs);
      if (lastUs !== null) steps.add(stepUs);
      if (canTell && wasQueued) roomCount += Math.max(0, Math.round(stepUs / usualStepUs) - 1);
      lastUs = presentationTimeUs;
    }
    if (frame === null) lastUs = null;
    return canTell ? roomCount : Infinity;
  }

  return {
    roomBefore,
    cut: () => {
      lastUs = null;
    },
  };
}
