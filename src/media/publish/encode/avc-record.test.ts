import { describe, expect, it } from "vitest";

import { isSoundAvcRecord } from "./avc-record.shared.ts";

describe("the record that tells a decoder of H.264 what comes", () => {
  it.each([
    [
      "as x264 and ffmpeg write it",
      "0142c01effe100176742c01ed900a02ff9610000030001001e84800f162e48010004",
      true,
    ],
    [
      "as Firefox 153 hands it out",
      "0142c01e03010018676742c01ed900a02ff9610000030001001e84800f162e480100",
      false,
    ],
    ["of another profile than its pictures", "0164001effe100176742c01ed900a02ff961000003", false],
    ["cut short", "0142c01eff", false],
    ["that is none", "", false],
  ])("is in order: %s, %s, %s", (_name, hex, isSound) => {
    const bytes = new Uint8Array(hex.match(/../g)?.map((pair) => Number.parseInt(pair, 16)) ?? []);
    expect(isSoundAvcRecord(bytes)).toBe(isSound);
  });
});
