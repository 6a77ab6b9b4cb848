import type { FrameItem } from "./item.ts";

/** Ticks of RTP a second for video (RFC 3551 section 4.3). */
export const rtpHz = 90_000;

/** What of a frame tells its instant. */
export type TimedFrame = Pick<FrameItem, "linkNumber" | "rtpTimestamp" | "receivedAtUs">;

/**
 * RTP and arrival run apart by so much at most while a timestamp belongs to the ones before, s: no network holds a frame for longer, and a
 * new random offset is nearer than that once in 2400 times.
 */
const longestDriftS = 10;
/** The least step from one connection's frames to the next's, ticks: 1 ms, the finest that WebM's clock tells. */
const leastStep = rtpHz / 1000;

/**
 * Makes the clock of a file: frames, in the order they arrived, become instants in ticks of 90 kHz from the first. Within a connection those
 * are the sender's, by RTP timestamp, over the wrap of its 32 bits. Where another connection begins, or the timestamps jump to elsewhere
 * (RFC 3550 section 5.1: they begin at random), time goes on by what passed at the receiver, so that a gap lasts as long as it did.
 */
export function createRtpClock(): (frame: TimedFrame) => number {
  let last: (TimedFrame & { readonly at: number }) | null = null;
  let latest = 0;
  return (frame) => {
    if (last === null) {
      last = { ...frame, at: 0 };
      return 0;
    }
    // Signed 32 bits: the shorter way round, either way.
    const step = (frame.rtpTimestamp - last.rtpTimestamp) | 0;
    const passed = Math.round(((frame.receivedAtUs - last.receivedAtUs) * rtpHz) / 1e6);
    const goesOn = frame.linkNumber === last.linkNumber && Math.abs(step - passed) <= longestDriftS * rtpHz;
    const at = goesOn ? last.at + step : Math.max(last.at + passed, latest + leastStep);
    last = { ...frame, at };
    latest = Math.max(latest, at);
    return at;
  };
}
