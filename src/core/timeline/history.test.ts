import { describe, expect, it } from "vitest";

import { toReceiverUs } from "../clock/instants.ts";
import { createHistory, type HistoryWindow } from "./history.ts";

const startUs = 1_790_000_000_000_000;
const windows: readonly HistoryWindow[] = [1, 5, 30];

function minutesOf(fps: number, minutes: number, latencyAt: (index: number) => number | null) {
  const history = createHistory();
  const count = minutes * 60 * fps;
  for (let index = 0; index < count; index += 1) {
    const latency = latencyAt(index);
    if (latency !== null) history.addLatency(startUs + (index * 1e6) / fps, latency, 2);
  }
  return { history, endUs: toReceiverUs(startUs + (count * 1e6) / fps) };
}

describe("the history of a stream", () => {
  it.each(windows)("keeps one spike visible in the last %d minutes", (windowMin) => {
    const spikeAt = 60 * 60 * 35 - 1234;
    const { history, endUs } = minutesOf(60, 35, (index) => (index === spikeAt ? 900 : 40));
    const { latency } = history.read(windowMin, endUs);
    expect(latency.length).toBeLessThanOrEqual(300);
    expect(latency.filter((point) => point.maxMs === 900)).toHaveLength(1);
    expect(latency.every((point) => point.minMs === 40 && point.boundMs === 2)).toBe(true);
    expect(latency.every((point) => point.tS <= 0 && point.tS >= -60 * windowMin)).toBe(true);
  });

  it.each(windows)(
    "breaks the line over a gap in the last %d minutes, once and never with 0",
    (windowMin) => {
      const { history, endUs } = minutesOf(30, 1, (index) => (index > 600 && index < 1200 ? null : 40));
      const { latency } = history.read(windowMin, endUs);
      expect(latency.filter((point) => point.meanMs === null)).toHaveLength(1);
      expect(latency.some((point) => point.minMs === 0)).toBe(false);
    },
  );

  it("does not break the line of a stream of one frame a second", () => {
    const { history, endUs } = minutesOf(1, 1, () => 40);
    expect(history.read(1, endUs).latency.every((point) => point.meanMs === 40)).toBe(true);
  });

  it("spreads a rate over the time that it was counted in", () => {
    const history = createHistory();
    history.addBitrateKbps(startUs, startUs + 1_000_000, 2500);
    history.addDisplayedFps(startUs + 500_000, 30);
    const { rates } = history.read(1, toReceiverUs(startUs + 1_000_000));
    expect(rates.map((point) => point.bitrateKbps)).toEqual([2500, 2500, 2500, 2500, 2500]);
    expect(rates.filter((point) => point.displayedMeanFps === 30)).toHaveLength(1);
    expect(rates.every((point) => point.receivedFps === null)).toBe(true);
  });
});
