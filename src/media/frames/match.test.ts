import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { toPageMs, toSenderUs } from "../../core/clock/instants.ts";
import type { Observation } from "../../core/timeline/observation.ts";
import { createMatcher, type DisplayReport, type Matcher, type TakenFrame } from "./match.ts";

function frame(frameId: number, arrivedAtMs: number): TakenFrame {
  return {
    frameKey: frameId * 3000,
    arrivedAtMs: toPageMs(arrivedAtMs),
    wasQueued: true,
    presentationTimeUs: frameId * 33_000,
    widthPx: 1280,
    heightPx: 720,
    reading: {
      read: true,
      by: "tracked",
      marker: { runNumber: 1, frameId, captureTimeUs: toSenderUs(frameId) },
    },
    readMs: 0.3,
  };
}

function shown(frameId: number, displayedAtMs: number, presentedCount: number): DisplayReport {
  return {
    frameKey: frameId * 3000,
    displayedAtMs: toPageMs(displayedAtMs),
    presentedCount,
    presentationTimeUs: frameId * 33_000,
    widthPx: 1280,
    heightPx: 720,
    unreadWhy: null,
  };
}

function newMatcher(): Matcher {
  return createMatcher({ timeOriginMs: 0, missingWhy: "busy" });
}

/** Frame id or why unread, display time in ms, R(eported) or I(nferred). */
function brief(observations: readonly Observation[]): string {
  return observations
    .map(({ reading, displayTimeUs, displayTimeSource }) => {
      const what = reading.read ? reading.marker.frameId : reading.why;
      return `${what}@${displayTimeUs / 1000}${displayTimeSource === "reported" ? "R" : "I"}`;
    })
    .join(" ");
}

describe("frames and their display times", () => {
  it("come together whichever is there first", () => {
    const matcher = newMatcher();
    expect(brief(matcher.take(frame(1, 100)))).toBe("");
    expect(brief(matcher.report(shown(1, 110, 1)))).toBe("1@110R");
    expect(brief(matcher.report(shown(2, 143, 2)))).toBe("");
    expect(brief(matcher.take(frame(2, 133)))).toBe("2@143R");
  });

  it("of a frame without a callback are inferred from its arrival and the usual gap", () => {
    const matcher = newMatcher();
    matcher.take(frame(1, 100));
    matcher.report(shown(1, 110, 1));
    matcher.take(frame(2, 116));
    matcher.take(frame(3, 132));
    expect(brief(matcher.report(shown(3, 143, 3)))).toBe("2@126I 3@143R");
  });

  it("are not claimed for a frame that was replaced before a refresh", () => {
    const matcher = newMatcher();
    matcher.take(frame(1, 100));
    matcher.report(shown(1, 110, 1));
    matcher.take(frame(2, 114));
    matcher.take(frame(3, 124));
    expect(brief(matcher.report(shown(3, 127, 2)))).toBe("3@127R");
  });

  it("are kept for the frame that had a refresh to itself when another was replaced", () => {
    const matcher = newMatcher();
    matcher.take(frame(1, 100));
    matcher.report(shown(1, 110, 1));
    for (const [id, at] of [
      [2, 115],
      [3, 131],
      [4, 134],
    ] as const) {
      matcher.take(frame(id, at));
    }
    expect(brief(matcher.report(shown(4, 143, 3)))).toBe("2@125I 4@143R");
  });

  it("without a frame are unread, once a later frame shows that it will not come", () => {
    const matcher = newMatcher();
    matcher.take(frame(1, 100));
    matcher.report(shown(1, 110, 1));
    expect(brief(matcher.report(shown(2, 143, 2)))).toBe("");
    expect(brief(matcher.report(shown(3, 176, 3)))).toBe("");
    expect(brief(matcher.take(frame(3, 170)))).toBe("busy@143R 3@176R");
  });

  it("without a frame are unread after a second at most", () => {
    const matcher = newMatcher();
    matcher.report(shown(1, 100, 1));
    expect(brief(matcher.report(shown(2, 1101, 2)))).toBe("busy@100R");
  });

  it("count frames that were presented but neither reported nor taken", () => {
    const matcher = newMatcher();
    matcher.take(frame(1, 100));
    matcher.report(shown(1, 110, 1));
    matcher.take(frame(4, 200));
    expect(brief(matcher.report(shown(4, 210, 4)))).toBe("busy@135I busy@160I 4@210R");
  });

  it("are not made up when the browser counts a frame again that it presents again", () => {
    const matcher = newMatcher();
    const out: Observation[] = [];
    for (let id = 1; id <= 5; id += 1) {
      out.push(...matcher.take(frame(id, id * 33)), ...matcher.report(shown(id, id * 33 + 10, id * 2)));
    }
    // The first step is all there is to go by for the second frame, which is as good as none.
    expect(brief(out.slice(3))).toBe("3@109R 4@142R 5@175R");
  });

  it("are not made up where the sender made a pause, since a reader that waits for frames drops none", () => {
    const matcher = newMatcher();
    const out: Observation[] = [];
    for (const [place, id] of [1, 2, 3, 4, 9].entries()) {
      const waitedFor = { ...frame(id, id * 33), wasQueued: false };
      out.push(...matcher.take(waitedFor), ...matcher.report(shown(id, id * 33 + 10, place * 2)));
    }
    expect(brief(out.slice(3))).toBe("3@109R 4@142R 9@307R");
  });

  it("are settled and then forgotten at a cut, and nothing is inferred across it", () => {
    const matcher = newMatcher();
    matcher.take(frame(1, 100));
    matcher.report(shown(1, 110, 1));
    matcher.report(shown(2, 143, 2));
    matcher.take(frame(3, 166));
    expect(brief(matcher.cut())).toBe("busy@143R");
    matcher.take(frame(9, 900));
    expect(brief(matcher.report(shown(9, 910, 80)))).toBe("9@910R");
  });

  it("never go back, though the browser expected a frame before the one it showed first", () => {
    const matcher = newMatcher();
    matcher.take(frame(1, 100));
    matcher.report(shown(1, 127, 1));
    matcher.take(frame(2, 105));
    expect(brief(matcher.report(shown(2, 110, 2)))).toBe("2@127R");
  });

  it("are one when a callback speaks of the same frame twice", () => {
    const matcher = newMatcher();
    matcher.take(frame(1, 100));
    matcher.report(shown(1, 110, 1));
    expect(brief(matcher.report(shown(1, 143, 1)))).toBe("");
  });

  it("come out in display order, never more than were presented, whatever is late or missing", () => {
    const steps = fc.array(
      fc.record({ isTaken: fc.boolean(), isReported: fc.boolean(), isReportFirst: fc.boolean() }),
      { minLength: 2, maxLength: 60 },
    );
    fc.assert(
      fc.property(steps, (plan) => {
        const matcher = newMatcher();
        const out = plan.flatMap(({ isTaken, isReported, isReportFirst }, id) => {
          const take = () => (isTaken ? matcher.take(frame(id, id * 33)) : []);
          const report = () => (isReported ? matcher.report(shown(id, id * 33 + 20, id + 1)) : []);
          return isReportFirst ? [...report(), ...take()] : [...take(), ...report()];
        });
        out.push(...matcher.cut());
        const times = out.map(({ displayTimeUs }) => displayTimeUs);
        expect(times).toStrictEqual(times.toSorted((one, other) => one - other));
        const reported = plan.map(({ isReported }, id) => (isReported ? id : -1)).filter((id) => id >= 0);
        const first = reported[0];
        const last = reported.at(-1);
        const presentedCount = first === undefined || last === undefined ? 0 : last - first + 1;
        expect(out.length).toBeLessThanOrEqual(presentedCount);
        expect(out.filter(({ displayTimeSource }) => displayTimeSource === "reported")).toHaveLength(
          reported.length,
        );
      }),
    );
  });
});
