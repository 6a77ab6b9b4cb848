import { describe, expect, it } from "vitest";

import { toReceiverUs } from "../../core/clock/instants.ts";
import { measured } from "../../core/measured.ts";
import type { UnreadReason } from "../../core/timeline/observation.ts";
import { createTimeline } from "../../core/timeline/timeline.ts";
import { figureWords } from "../parts/format.ts";
import { bufferChoice } from "./choices.ts";
import { toHeadline, toMarkerless, toPanels, toRatePanel, toReadingWarning } from "./view.ts";

const startUs = toReceiverUs(1e12);
const empty = createTimeline({ startUs, timeOriginMs: 0, canStall: false }).snapshot(startUs);

describe("the view of a stream", () => {
  it("shows nothing as 0 before anything was measured", () => {
    expect(toHeadline(empty).known).toBe(false);
    const figures = [toRatePanel(empty), ...toPanels(empty)].flatMap((panel) =>
      panel.rows.map((row) => [row.label, row.figure] as const),
    );
    const zeros = figures.filter(([, figure]) => figure.known && Number.parseFloat(figure.value) === 0);
    expect(zeros.map(([label]) => label)).toEqual(["exchanges", "read / displayed"]);
  });

  it("warns when less than 99 % is read, and says why, most frequent first", () => {
    const reading = {
      ...empty.reading,
      readRatio: measured(0.9),
      displayedCount: 100,
      readCount: 90,
      unreadCounts: { absent: 2, broken: 8, foreign: 0, busy: 0, unavailable: 0 },
    };
    expect(toReadingWarning({ ...empty, reading }, true)).toMatch(
      /^10 of 100 frames .* 8: .*check digits.*; 2: no marker.* more bitrate/,
    );
    const well = { ...empty, reading: { ...reading, readRatio: measured(0.995) } };
    expect(toReadingWarning(well, true)).toBeNull();
  });

  it.each<[string, Partial<Record<UnreadReason, number>>, boolean, RegExp]>([
    [
      "a poster's QR that is filmed",
      { foreign: 88, absent: 2 },
      true,
      /not Streamgauge's.*keep other codes out/,
    ],
    ["a marker that is smeared", { broken: 80, absent: 10 }, true, /check digits failed.*more bitrate/],
    ["a protected stream", { unavailable: 90 }, true, /no pixels.*DRM/],
    ["a device that is too slow", { busy: 50, absent: 40 }, true, /too busy.*fewer streams/],
    ["markers that nobody looks for", { unavailable: 90 }, false, /^Markers are left unread, as read=0/],
  ])("does not take %s for a stream without markers", (_what, counts, isReading, words) => {
    const none = empty.reading.unreadCounts;
    const reading = {
      ...empty.reading,
      readRatio: measured(0),
      displayedCount: 90,
      unreadCounts: { ...none, ...counts },
    };
    expect(toMarkerless({ ...empty, reading })).toBeNull();
    expect(toReadingWarning({ ...empty, reading }, isReading)).toMatch(words);
  });

  it("takes no stream for protected that gave the pixels of other frames", () => {
    const unreadCounts = { ...empty.reading.unreadCounts, unavailable: 15 };
    const counts = { readRatio: measured(0.8), displayedCount: 90, readCount: 75, unreadCounts };
    const warning = toReadingWarning({ ...empty, reading: { ...empty.reading, ...counts } }, true);
    expect(warning).toMatch(/no pixels\. Close other tabs/);
  });

  it("says what a stream without markers has all the same, though some of its frames were not looked at", () => {
    const unreadCounts = { ...empty.reading.unreadCounts, absent: 85, busy: 5 };
    const reading = { ...empty.reading, readRatio: measured(0), displayedCount: 90, unreadCounts };
    expect(toMarkerless({ ...empty, reading })).toMatch(/^No marker is in these pictures/);
    expect(toReadingWarning({ ...empty, reading }, true)).toBeNull();
  });

  it("prints the offset of the clocks with its bound", () => {
    const clock = { ...empty.clock, road: "peer", offsetMs: measured(3217.004, 0.21) } as const;
    const rows = toPanels({ ...empty, clock }).find((panel) => panel.title === "Clock")?.rows ?? [];
    expect(rows.map((row) => figureWords(row.figure)).slice(0, 1)).toEqual(["3217.00 ± 0.21 ms"]);
  });

  it("offers a jitter buffer that only the address asks for", () => {
    expect(bufferChoice.offer(137).map((choice) => choice.value)).toContain("137");
    expect([bufferChoice.fromText("auto"), bufferChoice.fromText("137")]).toEqual([null, 137]);
  });
});
