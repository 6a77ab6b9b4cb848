/** Frames after which the earliest of them is forgotten, s: the clock of a camera may run faster than the page's. */
const rememberedS = 5;

/** Says when the places of a grid were due. */
export type Dating = {
  /**
   * @param slot the place of a frame
   * @param takenAtUs when the frame came, epoch us
   * @returns when its place was due: as if all frames had been as quick as the quickest of late, epoch us
   */
  readonly date: (slot: number, takenAtUs: number) => number;
};

/**
 * Makes a dating of a grid of `fps`. Frames come late, one more and one less, but none comes early: the least delay dates
 * all, so that the dates of places are as far apart as the places themselves.
 */
export function createDating(fps: number): Dating {
  const slotUs = 1_000_000 / fps;
  const rememberedCount = Math.ceil(rememberedS * fps);
  let beforeUs = Infinity;
  let nowUs = Infinity;
  let takenCount = 0;
  return {
    date: (slot, takenAtUs) => {
      if (takenCount === rememberedCount) {
        beforeUs = nowUs;
        nowUs = Infinity;
        takenCount = 0;
      }
      takenCount += 1;
      nowUs = Math.min(nowUs, takenAtUs - slot * slotUs);
      return Math.min(beforeUs, nowUs) + slot * slotUs;
    },
  };
}

/** Lets frames through from when they come in their own time. */
export type BacklogGate = {
  /**
   * @param timestampUs the frame's own media time, any zero
   * @param takenAtUs when the frame came, same unit, any zero
   */
  readonly lets: (timestampUs: number, takenAtUs: number) => boolean;
};

/** Catching up by more of a frame's time than this from one frame to the next is the work of a backlog. */
const catchUpShare = 0.25;

/**
 * Makes a gate that keeps back what gathered while the encoder was opened: such frames come at once and would date the
 * beginning of the stream too late. At least one frame is kept back; once one was let through, all are.
 */
export function createBacklogGate(fps: number): BacklogGate {
  const mostUs = (catchUpShare * 1_000_000) / fps;
  let isOpen = false;
  let delayBeforeUs: number | null = null;
  return {
    lets: (timestampUs, takenAtUs) => {
      const delayUs = takenAtUs - timestampUs;
      isOpen ||= delayBeforeUs !== null && delayBeforeUs - delayUs < mostUs;
      delayBeforeUs = delayUs;
      return isOpen;
    },
  };
}
