import { describe, expect, it } from "vitest";

import { measured, missing } from "../../core/measured.ts";
import type { Measure } from "../../core/runs/run.ts";
import { compareAddress, listAddress, readRunsView, runAddress } from "./address.ts";
import { readTags, toChartPoints, toComparedRows, toMeasureFigure, type ComparedStream } from "./view.ts";

const id = "00000000-0000-7000-8000-000000000001";

describe("the address of the Runs tab", () => {
  it("shows what it names, and the list when it names nothing that there can be", () => {
    expect(readRunsView(new URL(runAddress(id), "http://x").search)).toEqual({ kind: "run", runId: id });
    expect(readRunsView(new URL(compareAddress([id, id]), "http://x").search)).toMatchObject({
      kind: "compare",
    });
    expect(readRunsView("?run=../etc")).toMatchObject({ kind: "list" });
    expect(readRunsView("?limit=-1")).toMatchObject({ kind: "list", query: { limit: 50 } });
  });

  it("keeps the filters that a change does not touch, and goes back to the first page", () => {
    const view = readRunsView("?provider=direct&offset=50&sort=latency.p95");
    if (view.kind !== "list") throw new Error("no list");
    expect(listAddress(view.query, { tag: "lab" })).toBe("/runs?provider=direct&sort=latency.p95&tag=lab");
    expect(listAddress(view.query, { provider: "", sort: "started" })).toBe("/runs");
  });
});

function stream(values: Readonly<Record<string, number>>): ComparedStream {
  const measures = Object.entries(values).map(([key, value]): Measure => ({
    key,
    unit: "ms",
    figure: measured(value),
  }));
  return {
    runId: id,
    stream: 1,
    label: "x",
    startedAtUs: 0,
    measures: new Map(measures.map((each) => [each.key, each])),
  };
}

describe("streams side by side", () => {
  it("mark the worst of each measure, whichever way is better, and none where they are alike", () => {
    const rows = toComparedRows([
      stream({ "latency.p95": 60, "vmaf.mean": 90, "freeze.count": 0 }),
      stream({ "latency.p95": 900, "vmaf.mean": 95, "freeze.count": 0 }),
    ]);
    const worst = Object.fromEntries(
      rows.map(({ key, cells }) => [key, cells.map(({ isWorst }) => isWorst)]),
    );
    expect(worst).toEqual({
      "latency.p95": [false, true],
      "vmaf.mean": [true, false],
      "freeze.count": [false, false],
    });
  });

  it("say what one of them lacks, and leave out what none has", () => {
    const none = stream({});
    const rows = toComparedRows([stream({ "latency.p50": 40 }), none]);
    expect(rows[0]?.cells[1]?.figure).toEqual({ known: false, why: "not measured" });
    expect(toComparedRows([none])).toEqual([]);
  });
});

it.each([
  ["ratio", measured(0.0467), { known: true, value: "4.67", unit: "%" }],
  ["count", measured(3), { known: true, value: "3", unit: "" }],
  ["kbit/s", measured(1234.5), { known: true, value: "1235", unit: "kbit/s" }],
  ["ms", missing("no marker was read"), { known: false, why: "no marker was read" }],
])("a figure in %s is printed as people read it", (unit, figure, printed) => {
  expect(toMeasureFigure({ key: "x", unit, figure })).toMatchObject(printed);
});

it("a slice without latency is a gap in the chart, not a 0", () => {
  const chart = {
    fromUs: 0,
    sliceUs: 500_000,
    frameCounts: [30, 0],
    leastMs: [20, null],
    meanMs: [30, null],
    greatestMs: [40, null],
  };
  expect(toChartPoints(chart)).toEqual([
    { atS: 0, mean: 30, band: [20, 40], fps: 60 },
    { atS: 0.5, mean: null, band: null, fps: 0 },
  ]);
});

it("tags are split by commas, each once", () => {
  expect(readTags(" lab, 5G,,lab ")).toEqual(["lab", "5G"]);
});
