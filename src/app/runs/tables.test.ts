import { describe, expect, it } from "vitest";

import { measured, missing } from "../../core/measured.ts";
import type { RunList } from "../../core/wire/runs.ts";
import { toComparedTable, toListTable, toTrendTable } from "./tables.ts";

const startedAtUs = Date.UTC(2026, 10, 21, 12) * 1000;
const began = "2026-11-21T12:00:00.000Z";
const p50 = { key: "latency.p50", unit: "ms", figure: measured(84.6, 0.9) };
const unknown = { ...p50, figure: missing("no marker has been read yet") };

describe("what the Runs tab shows, as a table", () => {
  it("has a row for each stream of each run in the list", () => {
    const list: RunList = {
      totalCount: 1,
      runs: [
        {
          id: "r",
          comparisonId: "c",
          comparisonName: "Noon",
          startedAtUs,
          endedAtUs: null,
          state: "measured",
          isSaturated: null,
          number: 1,
          repeat: 1,
          attempt: 1,
          settings: [],
          conditions: "none",
          note: "",
          tags: ["lab", "wifi"],
          streams: [
            {
              number: 1,
              provider: "direct",
              state: "measured",
              measures: [p50],
            },
            {
              number: 2,
              provider: "CDN",
              state: "failed",
              measures: [unknown],
            },
          ],
        },
      ],
    };
    expect(toListTable(list, ["latency.p50"])).toEqual({
      columns: [
        "run",
        "began",
        "comparison",
        "stream",
        "provider",
        "state",
        "latency.p50 ms",
        "latency.p50 bound",
        "tags",
      ],
      rows: [
        ["r", began, "Noon", 1, "direct", "measured", 84.6, 0.9, "lab, wifi"],
        ["r", began, "Noon", 2, "CDN", "failed", null, null, "lab, wifi"],
      ],
    });
  });

  it("has a row for each measure of runs side by side, and nothing where a run has not measured it", () => {
    const stream = { runId: "r", stream: 1, startedAtUs };
    const table = toComparedTable([
      { ...stream, label: "direct", measures: new Map([[p50.key, p50]]) },
      { ...stream, label: "CDN", measures: new Map() },
    ]);
    expect(table.rows).toEqual([["latency.p50", "ms", 84.6, 0.9, null, null]]);
    expect(table.columns.slice(2, 4)).toEqual([`direct ${began}`, `direct ${began} bound`]);
  });

  it("has a row for each run of a trend", () => {
    const under = { plan: "Noon", settings: "fps=30", network: "none" };
    const figures = [
      { runId: "r", stream: 1, provider: "CDN", ...under, startedAtUs, figure: measured(2, 1) },
    ];
    expect(toTrendTable("latency.p50", { unit: "ms", figures }).rows).toEqual([
      ["r", began, 1, "CDN", "Noon", "fps=30", "none", 2, 1],
    ]);
  });
});
