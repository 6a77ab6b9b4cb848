import { describe, expect, it } from "vitest";

import { toReceiverUs } from "../../core/clock/instants.ts";
import { measured } from "../../core/measured.ts";
import { createTimeline } from "../../core/timeline/timeline.ts";
import { figureWords } from "../parts/format.ts";
import { bufferChoice } from "./choices.ts";
import { toHeadline, toPanels, toRatePanel, toReadingWarning } from "./view.ts";

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
    expect(toReadingWarning({ ...empty, reading })).toMatch(
      /^10 of 100 frames .* 8: .*check digits.*; 2: no marker/,
    );
    expect(toReadingWarning({ ...empty, reading: { ...reading, readRatio: measured(0.995) } })).toBeNull();
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
