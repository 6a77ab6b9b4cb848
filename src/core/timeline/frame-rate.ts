import type { ReceiverUs } from "../clock/instants.ts";
import { measured, missing, type Measured } from "../measured.ts";

/**
 * Display times are rounded and refreshes are not evenly spaced to the last us: a frame that lies a second before the end but for
 * so little begins the second, it is not a picture more in it, us. Less than half of the shortest time between two pictures.
 */
const edgeSlackUs = 500;

/** Counts the pictures displayed in the last second. */
export type FrameRate = {
  /**
   * Takes in a displayed picture that differs from the one before it.
   * @param isSure false when its marker was not read, so that it may be the same picture again
   */
  readonly add: (displayTimeUs: ReceiverUs, isSure: boolean) => void;
  /** Pictures a second over the second that ends at `nowUs`. */
  readonly read: (nowUs: ReceiverUs) => Measured;
  /** The same over the second that ends exactly at an instant that all frames known are enough for. */
  readonly at: (endUs: number) => Measured;
};

/** Enough for one second at 500 frames a second. */
const heldCount = 512;
const windowUs = 1_000_000;
/** A frame displayed may still be with the reader: the window ends at the last known frame if that is so recent. */
const readerSlackUs = 250_000;

/** Makes a frame rate that has seen no picture. */
export function createFrameRate(): FrameRate {
  const timesUs = new Float64Array(heldCount).fill(-Infinity);
  const unsure = new Uint8Array(heldCount);
  let next = 0;
  let firstUs: number | null = null;
  let lastUs = -Infinity;

  function at(endUs: number): Measured {
    if (firstUs === null) return missing("no frame has been displayed yet");
    if (endUs - firstUs < windowUs) return missing("less than a second has been measured");
    let count = 0;
    let unsureCount = 0;
    for (const [index, timeUs] of timesUs.entries()) {
      if (timeUs <= endUs - windowUs + edgeSlackUs || timeUs > endUs) continue;
      count += 1;
      unsureCount += unsure[index] ?? 0;
    }
    return measured(count, unsureCount);
  }

  return {
    add: (displayTimeUs, isSure) => {
      timesUs[next] = displayTimeUs;
      unsure[next] = isSure ? 0 : 1;
      next = (next + 1) % heldCount;
      firstUs ??= displayTimeUs;
      lastUs = Math.max(lastUs, displayTimeUs);
    },
    read: (nowUs) => at(nowUs - lastUs < readerSlackUs ? lastUs : nowUs),
    at,
  };
}
