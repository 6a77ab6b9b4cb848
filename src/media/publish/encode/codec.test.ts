import { describe, expect, it } from "vitest";

import { codecStrings, encoderConfigs } from "./codec.shared.ts";

describe("the codec string of a size and rate", () => {
  it.each([
    ["h264", 640, 360, 30, "avc1.64001e"],
    ["h264", 1280, 720, 30, "avc1.64001f"],
    ["h264", 1280, 720, 60, "avc1.640020"],
    ["h264", 1920, 1080, 30, "avc1.640028"],
    ["h264", 1920, 1080, 60, "avc1.64002a"],
    ["h264", 3840, 2160, 60, "avc1.640034"],
    ["vp9", 1280, 720, 30, "vp09.00.31.08"],
    ["vp9", 1920, 1080, 60, "vp09.00.41.08"],
    ["av1", 1280, 720, 30, "av01.0.05M.08"],
    ["av1", 1920, 1080, 30, "av01.0.08M.08"],
    ["vp8", 1280, 720, 30, "vp8"],
  ] as const)(
    "for %s at %dx%d and %d fps has a level that it fits into",
    (codec, widthPx, heightPx, fps, best) => {
      expect(codecStrings(codec, { widthPx, heightPx, bitrateKbps: 1000 }, fps)[0]).toBe(best);
    },
  );

  it("goes down to the profile that every decoder takes", () => {
    const rung = { widthPx: 1280, heightPx: 720, bitrateKbps: 2500 };
    expect(codecStrings("h264", rung, 30).at(-1)).toBe("avc1.42e01f");
  });
});

describe("an encoder's configuration", () => {
  it("speaks of H.264's form only for H.264", () => {
    const rung = { widthPx: 640, heightPx: 360, bitrateKbps: 800 };
    const plan = { fps: 30, framesPerKey: 30, rungs: [rung], avcFormat: "annexb" } as const;
    expect(encoderConfigs({ ...plan, codec: "h264" }, rung)[0]?.avc).toEqual({ format: "annexb" });
    expect(encoderConfigs({ ...plan, codec: "vp9" }, rung)[0]).not.toHaveProperty("avc");
  });
});
