import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { createRtpClock, rtpHz, type TimedFrame } from "./rtp-clock.ts";

/** Frames of 30 a second from an instant on, as one connection brings them. */
function epoch(offset: number, fromUs: number, linkNumber?: number): readonly TimedFrame[] {
  return Array.from({ length: 4 }, (_, index) => ({
    ...(linkNumber === undefined ? {} : { linkNumber }),
    rtpTimestamp: (((offset + index * 3000) % 2 ** 32) + 2 ** 32) % 2 ** 32,
    receivedAtUs: fromUs + Math.round((index * 1e6) / 30),
  }));
}

function instants(frames: readonly TimedFrame[]): readonly number[] {
  const clock = createRtpClock();
  return frames.map((frame) => clock(frame));
}

describe("the clock of a recording", () => {
  it("goes on over the wrap of RTP's timestamps, and back a little", () => {
    const first = 2 ** 32 - 3000;
    const stamps = [first, first + 2000, 1000, 4000, 3000];
    const frames = stamps.map((rtpTimestamp) => ({ rtpTimestamp, receivedAtUs: 0 }));
    expect(instants(frames)).toEqual([0, 2000, 4000, 7000, 6000]);
  });

  it.each([
    ["forward by hours", 1_900_000_000],
    ["back by hours", -1_900_000_000],
    ["back by seconds", -5 * rtpHz],
    ["nowhere", 3 * 3000],
  ])("takes a gap for what it lasted when a new connection's timestamps jump %s", (_, jump) => {
    const gapUs = 2_500_000;
    const frames = [...epoch(7, 0, 0), ...epoch(7 + jump, 100_000 + gapUs, 1)];
    const at = 9000 + (gapUs * rtpHz) / 1e6;
    expect(instants(frames)).toEqual([0, 3000, 6000, 9000, at, at + 3000, at + 6000, at + 9000]);
  });

  it("knows another connection by its timestamps where a recording does not tell", () => {
    const frames = [...epoch(5, 0), ...epoch(-1_000_000_000, 1_100_000)];
    expect(instants(frames)[4]).toBe(9000 + rtpHz);
  });

  it("never goes back from one connection to the next, wherever they begin", () => {
    const offset = fc.integer({ min: 0, max: 2 ** 32 - 1 });
    fc.assert(
      fc.property(offset, offset, fc.integer({ min: -1_000_000, max: 60_000_000 }), (one, other, gapUs) => {
        const [before, after] = [epoch(one, 0, 3), epoch(other, 100_000 + gapUs, 4)];
        const at = instants([...before, ...after]);
        expect(at.every((each, index) => index === 0 || each > (at[index - 1] ?? 0))).toBe(true);
        expect(at.at(-1)).toBeLessThan(9000 * 2 + 3000 + 61 * rtpHz);
      }),
    );
  });
});
