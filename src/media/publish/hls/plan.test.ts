import { describe, expect, it } from "vitest";

import { senderDefaults } from "../../../core/wire/setup.ts";
import { planHls, shapeOf } from "./plan.ts";

function planned(change: Partial<typeof senderDefaults>) {
  const plan = planHls({ ...senderDefaults, ...change });
  if (!plan.ok) throw new Error(plan.failure.what);
  return plan.value;
}

describe("a plan for HLS", () => {
  it("has segments of 1 s with parts and 2 s without, unless told otherwise", () => {
    expect(planned({}).cadence).toMatchObject({ segmentS: 1, partTargetS: 0.2, framesPerPart: 6 });
    expect(planned({ partMs: 0 }).cadence).toMatchObject({ segmentS: 2, partTargetS: null });
    expect(planned({ partMs: 0, segmentS: 6 }).cadence.segmentS).toBe(6);
  });

  it("has a key frame at every segment", () => {
    expect(planned({ fps: 25, segmentS: 2 }).encode.framesPerKey).toBe(50);
  });

  it("has one rung at the top unless a ladder is asked for", () => {
    expect(planned({}).rungs).toEqual([{ widthPx: 1280, heightPx: 720, bitrateKbps: 2500, folder: "" }]);
  });

  it.each([
    [1920, 1080, ["1920x1080", "1280x720", "640x360"]],
    [1280, 720, ["1280x720", "640x360"]],
    [1600, 900, ["1600x900", "1280x720", "640x360"]],
    [640, 360, ["640x360"]],
  ])("never enlarges the picture: %dx%d", (widthPx, heightPx, sizes) => {
    const { rungs } = planned({ widthPx, heightPx, ladder: true });
    expect(rungs.map((rung) => `${rung.widthPx}x${rung.heightPx}`)).toEqual(sizes);
    expect(rungs.map(({ bitrateKbps }) => bitrateKbps)).toEqual(
      rungs.map(({ bitrateKbps }) => bitrateKbps).toSorted((one, other) => other - one),
    );
  });

  it("is another stream where its rungs or the durations that it promises are others, and no other one else", () => {
    const shape = (change: Partial<typeof senderDefaults>) => shapeOf(planned({ partMs: 0, ...change }));
    const changes = [{ segmentS: 6 }, { segmentS: 2 }, { partMs: 200 }, { partMs: 500 }, { ladder: true }];
    expect(new Set(changes.map(shape)).size).toBe(changes.length);
    expect(shape({ bitrateKbps: 100, codec: "vp9" })).toBe(shape({}));
  });

  it("refuses what players do not take", () => {
    expect(planHls({ ...senderDefaults, codec: "vp8" })).toMatchObject({ failure: { kind: "unsupported" } });
  });
});
