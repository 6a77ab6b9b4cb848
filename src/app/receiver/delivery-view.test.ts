import { expect, it } from "vitest";

import { measured, missing } from "../../core/measured.ts";
import type { DeliveryReport } from "../../core/timeline/delivery.ts";
import type { RungReading } from "../../core/timeline/rungs.ts";
import { figureWords } from "../parts/format.ts";
import { toDeliveryPanels } from "./delivery-view.ts";

const none = missing("it is of no interest here");

function delivered(rungs: readonly RungReading[]): DeliveryReport {
  return {
    protocol: "hls",
    isLive: true,
    isLowLatency: true,
    targetDurationS: none,
    segmentS: none,
    partS: none,
    windowS: none,
    behindEdgeMs: none,
    bufferMs: none,
    dateTimeLatencyMs: none,
    rung: null,
    rungs,
    rungCount: rungs.length,
    rungSwitchCount: 0,
    breaches: [],
    requests: {
      count: 0,
      failedCount: 0,
      firstByteMs: none,
      wholeMs: none,
      bytes: none,
      ageS: none,
      cacheHitRatio: none,
      cacheWords: null,
    },
  };
}

const low: RungReading = {
  widthPx: 640,
  heightPx: 360,
  bitrateKbps: 800,
  playedMs: 90_000,
  playedRatio: measured(0.75),
  mediaKbps: measured(650),
};
const high: RungReading = { ...low, widthPx: 1280, heightPx: 720, bitrateKbps: 2500, playedMs: 0 };

function rowsOf(rungs: readonly RungReading[]): readonly string[] {
  const panel = toDeliveryPanels(delivered(rungs)).find(({ title }) => title === "Rungs");
  return (panel?.rows ?? []).map(({ label, figure }) => `${label}: ${figureWords(figure)}`);
}

it("tells what became of each rung, the highest first, and that one was never played", () => {
  const untouched = { ...high, playedRatio: measured(0), mediaKbps: missing("nothing came") };
  expect(rowsOf([low, untouched])).toEqual(["1280×720: not played", "640×360: 75 %, 650 kbit/s"]);
});

it("tells rungs of one size apart by what is listed of them", () => {
  expect(rowsOf([low, { ...low, bitrateKbps: 1600 }])).toEqual([
    "1: 640×360, 1600 kbit/s: 75 %, 650 kbit/s",
    "2: 640×360, 800 kbit/s: 75 %, 650 kbit/s",
  ]);
});

it("says nothing of rungs where there is but one", () => {
  expect(rowsOf([low])).toEqual([]);
});
