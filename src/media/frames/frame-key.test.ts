import { describe, expect, it } from "vitest";

import { isStillBefore, keyOfDisplayed, keyOfTaken } from "./frame-key.ts";

describe("the key of a frame taken from the element", () => {
  it.each([
    ["is the callback's own", { timestamp: 42_000, rtpTimestamp: null }, { mediaTime: 0.042 }, true],
    [
      "is another when the element already shows the next",
      { timestamp: 59_000, rtpTimestamp: null },
      { mediaTime: 0.042 },
      false,
    ],
    [
      "is its RTP timestamp where it carries one",
      { timestamp: 0, rtpTimestamp: 9000 },
      { mediaTime: 5, rtpTimestamp: 9000 },
      true,
    ],
    [
      "is another when its RTP timestamp is",
      { timestamp: 0, rtpTimestamp: 12_000 },
      { mediaTime: 5, rtpTimestamp: 9000 },
      false,
    ],
    [
      "is the callback's where the browser stamps received frames near 0",
      { timestamp: 5, rtpTimestamp: null },
      { mediaTime: 0, rtpTimestamp: 9000 },
      true,
    ],
    [
      "is the callback's where the browser stamps seconds for microseconds",
      { timestamp: 0, rtpTimestamp: null },
      { mediaTime: 0.15 },
      true,
    ],
    [
      "is the callback's where the frame is stamped on another clock",
      { timestamp: 12, rtpTimestamp: null },
      { mediaTime: 812.5 },
      true,
    ],
  ])("%s", (_, taken, displayed, isSame) => {
    expect(keyOfTaken(taken, displayed) === keyOfDisplayed(displayed)).toBe(isSame);
  });
});

describe("a callback that speaks of a frame to come", () => {
  it.each([
    ["a refresh ahead", 16.7, true],
    ["now", 0, false],
    ["already shown", -4, false],
    ["now, by a clock made coarse", 0.3, false],
  ])("of %s", (_, aheadMs, isBefore) => {
    expect(isStillBefore(1000, { expectedDisplayTime: 1000 + aheadMs })).toBe(isBefore);
  });
});
