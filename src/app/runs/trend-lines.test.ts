import { expect, it } from "vitest";

import { measured } from "../../core/measured.ts";
import type { TrendFigure } from "../../core/wire/runs.ts";
import { showUnder, trendLines } from "./trend-lines.ts";

function figureOf(change: Partial<TrendFigure>): TrendFigure {
  return {
    runId: "",
    stream: 1,
    provider: "cdn",
    plan: "Noon",
    settings: "",
    network: "none",
    startedAtUs: 0,
    figure: measured(1),
    ...change,
  };
}

it("what was measured under other settings or another network is on a line of its own", () => {
  const lines = trendLines([
    figureOf({ settings: "encoder.bitrate=400 kbit/s" }),
    figureOf({ settings: "encoder.bitrate=800 kbit/s" }),
    figureOf({ settings: "encoder.bitrate=400 kbit/s", network: "lossy" }),
    figureOf({ settings: "encoder.bitrate=400 kbit/s" }),
  ]);
  expect(lines.map(({ name, figures }) => [name, figures.length])).toEqual([
    ["cdn · encoder.bitrate=400 kbit/s · none", 2],
    ["cdn · encoder.bitrate=800 kbit/s · none", 1],
    ["cdn · encoder.bitrate=400 kbit/s · lossy", 1],
  ]);
});

it("a line says no more than what tells it from others", () => {
  expect(trendLines([figureOf({}), figureOf({ provider: "direct" })]).map(({ name }) => name)).toEqual([
    "cdn",
    "direct",
  ]);
  expect(showUnder(figureOf({}))).toBe("");
  expect(showUnder(figureOf({ settings: "a=1", network: "lossy" }))).toBe("a=1 · lossy");
});
