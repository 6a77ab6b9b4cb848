import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { createManifestWatch } from "./manifest-watch.ts";

/** A live manifest of segments of two seconds, as dash.js reads it. */
function manifest(segmentCount: number, { id = "0", year = "2020", updateS = 2 } = {}): object {
  const SegmentTimeline = { S: [{ t: 0, d: 2000, r: segmentCount - 1 }] };
  return {
    type: "dynamic",
    availabilityStartTime: new Date(year),
    publishTime: new Date(segmentCount),
    minimumUpdatePeriod: updateS,
    Period: [
      {
        id,
        AdaptationSet: [{ Representation: [{ SegmentTemplate: { timescale: 1000, SegmentTimeline } }] }],
      },
    ],
  };
}

describe("a live manifest that is followed", () => {
  it("goes stale when it lists no new segment for a segment and a half beside the time between two looks", () => {
    const watch = createManifestWatch();
    watch.add(manifest(5), 0);
    watch.add({ ...manifest(5), publishTime: new Date(9) }, 4000);
    expect(watch.staleMs(5000)).toBeNull();
    expect(watch.staleMs(5100)).toBe(5100);
    watch.add(manifest(6), 6000);
    expect(watch.staleMs(6100)).toBeNull();
  });

  it.each([
    ["its segments follow from the clock", { ...manifest(5), Period: [{ id: "0", AdaptationSet: [] }] }],
    ["it is of a recording", { ...manifest(5), type: "static" }],
    ["it never asks to be loaded again", { ...manifest(5), minimumUpdatePeriod: undefined }],
  ])("never goes stale where %s", (_what, given) => {
    const watch = createManifestWatch();
    watch.add(given, 0);
    expect(watch.staleMs(1e9)).toBeNull();
  });

  it.each([
    ["another segment", manifest(6), false],
    ["another period, whose time line begins at its own zero", manifest(1, { id: "1" }), false],
    ["a time line that goes back", manifest(2), true],
    ["another beginning", manifest(6, { year: "2021" }), true],
  ])("brings %s: begun anew %s", (_what, next, isRestarted) => {
    const watch = createManifestWatch();
    watch.add(manifest(5), 0);
    expect(watch.add(next, 5000).isRestarted).toBe(isRestarted);
    expect(watch.staleMs(9000)).toBeNull();
  });

  it("is passed over when it is none, whatever it is", () => {
    fc.assert(
      fc.property(fc.anything(), (anything) => {
        const watch = createManifestWatch();
        watch.add(manifest(5), 0);
        watch.add(anything, 1000);
        expect(watch.staleMs(500)).toBeNull();
      }),
    );
  });
});
