import { describe, expect, it } from "vitest";

import { measured, missing, type Measured } from "../../core/measured.ts";
import type { StreamReport } from "../../core/wire/automation.ts";
import { receiverDefaults } from "../../core/wire/receiver-setup.ts";
import { toCompareRows, toCompareTable } from "./compare-view.ts";
import { differencesOf, spreadOf } from "./difference-view.ts";
import { chooseMoment } from "./moment.ts";

/** A report of a stream that is so much slower than the control. */
function report(number: number, p50: Measured): StreamReport {
  const none = missing("not measured");
  return {
    number,
    label: `stream ${number}`,
    kind: "hls",
    isControl: number === 1,
    snapshot: { phase: "idle", setup: receiverDefaults },
    differentialMs: { now: none, mean: none, p50, p95: none, pairCount: 0 },
    delivery: null,
    clockWords: null,
    events: [],
  };
}

const control = missing("this stream is the control");

describe("streams side by side", () => {
  it.each([
    ["the slowest is marked", [control, measured(500, 5), measured(2000, 5)], [false, false, true]],
    [
      "none is, where their bounds overlap",
      [control, measured(500, 5), measured(508, 5)],
      [false, false, false],
    ],
    [
      "none is, where one alone is known",
      [control, measured(500, 5), missing("not yet")],
      [false, false, false],
    ],
  ] as const)("%s", (_what, figures, worst) => {
    const rows = toCompareRows(
      figures.map((figure, index) => report(index + 1, figure)),
      null,
    );
    expect(rows.map(({ cells }) => cells.diff50.isWorst)).toEqual(worst);
  });

  it.each([
    [true, [2, 3, 1]],
    [false, [3, 2, 1]],
  ])("are sorted upwards %s, what is not known last", (isAscending, order) => {
    const reports = [report(1, control), report(2, measured(500)), report(3, measured(2000))];
    const rows = toCompareRows(reports, { column: "diff50", isAscending });
    expect(rows.map(({ number }) => number)).toEqual(order);
  });

  it("are saved with unit and bound of every column, and nothing where nothing is known", () => {
    const { columns, rows } = toCompareTable([report(1, control), report(2, measured(500, 5))]);
    const at = columns.indexOf("Δ p50 ms");
    expect(columns[at + 1]).toBe("Δ p50 bound");
    expect(rows.map((cells) => cells.slice(at, at + 2))).toEqual([
      [null, null],
      [500, 5],
    ]);
  });

  it("are laid beside each other by the newest frame that all have shown", () => {
    const frames = (...ids: readonly number[]) => ids.map((frameId) => ({ runNumber: 7, frameId }));
    expect(chooseMoment([frames(30, 60, 90), frames(30, 60), []])).toEqual({ runNumber: 7, frameId: 60 });
    expect(chooseMoment([frames(90), frames(30)])).toBeNull();
    expect(chooseMoment([])).toBeNull();
  });

  it("have their differences as shares of their own frames, on one axis with the control at 0", () => {
    const bins = { lowMs: 400, widthMs: 100, counts: [1, 3], underCount: 0, overCount: 4 };
    const differences = differencesOf([{ id: 1 }, { id: 2 }], {
      distribution: (id) => (id === 1 ? null : bins),
    });
    expect(differences).toEqual([
      {
        id: 2,
        bins: [
          { lowMs: 400, highMs: 500, count: 12.5 },
          { lowMs: 500, highMs: 600, count: 37.5 },
        ],
      },
    ]);
    expect(spreadOf(differences)).toEqual({ lowMs: 0, highMs: 600, tallestPct: 37.5 });
    expect(spreadOf([])).toBeNull();
  });
});
