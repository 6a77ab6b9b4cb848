import { measured, missing, type Measured } from "../measured.ts";
import type { StreamEvent } from "./event.ts";
import type { Observation } from "./observation.ts";

/** Size of the picture as received, and how often it changed. */
export type PictureReading = {
  readonly widthPx: Measured;
  readonly heightPx: Measured;
  readonly changeCount: Measured;
  /** Mean over all displayed frames, px: what a ladder came to in the end. */
  readonly meanHeightPx: Measured;
};

/** Follows the size of the received picture: quality ladders and encoders change it on the way. */
export type Picture = {
  /** Takes in any displayed frame; gives a resize event when it is of another size than the one before. */
  readonly add: (observation: Observation) => StreamEvent | null;
  readonly read: () => PictureReading;
};

/** Makes a picture measure that has seen no frame. */
export function createPicture(): Picture {
  let widthPx = 0;
  let heightPx = 0;
  let changeCount = 0;
  let frameCount = 0;
  let heightSumPx = 0;
  return {
    add: (observation) => {
      const isFirst = widthPx === 0;
      frameCount += 1;
      heightSumPx += observation.heightPx;
      const isSame = observation.widthPx === widthPx && observation.heightPx === heightPx;
      if (isSame) return null;
      ({ widthPx, heightPx } = observation);
      if (isFirst) return null;
      changeCount += 1;
      return { kind: "resize", atUs: observation.displayTimeUs, widthPx, heightPx };
    },
    read: () => {
      if (widthPx === 0) {
        const why = missing("no frame has been displayed yet");
        return { widthPx: why, heightPx: why, changeCount: why, meanHeightPx: why };
      }
      return {
        widthPx: measured(widthPx),
        heightPx: measured(heightPx),
        changeCount: measured(changeCount),
        meanHeightPx: measured(heightSumPx / frameCount),
      };
    },
  };
}
