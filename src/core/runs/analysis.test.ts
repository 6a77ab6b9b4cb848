import { describe, expect, it } from "vitest";

import { toReceiverUs } from "../clock/instants.ts";
import { measured, missing } from "../measured.ts";
import { readBudget, type Budget } from "../plan/budget.ts";
import type { StreamEvent } from "../timeline/event.ts";
import { analyse, type Analysis, type AnalysisOptions } from "./analysis.ts";
import { costPerViewerHour } from "./cost.ts";
import type { PastMedian } from "./judge.ts";
import type { Run } from "./run.ts";
import { fakeRun, fakeRuns } from "./runs.fake.ts";

const fast = [50, 52, 49, 51, 53];
const slow = [151, 149, 152, 150, 154];
const options: AnalysisOptions = {
  control: "direct",
  providers: ["direct", "other"],
  budgets: [],
  past: [],
  seed: 1,
};

function two(first: readonly number[], second: readonly number[], key = "latency.p50"): readonly Run[] {
  return [...fakeRuns("direct", key, first, 1), ...fakeRuns("other", key, second, 100)];
}

function differenceIn({ cells }: Analysis, key: string) {
  return cells[0]?.pairs[0]?.differences.find((one) => one.key === key);
}

describe("what runs tell", () => {
  it("is the median over runs, with an interval and the instrument's own bound", () => {
    const { cells } = analyse(two(fast, slow), options);
    const spread = cells[0]?.providers[0]?.spreads.find(({ key }) => key === "latency.p50");
    expect(spread).toMatchObject({ median: 51, least: 49, most: 53, bound: 2, values: fast });
    expect(spread?.interval?.low).toBeGreaterThanOrEqual(49);
    expect(spread?.interval?.high).toBeLessThanOrEqual(53);
  });

  it("names the better provider where the interval does not hold 0", () => {
    const found = differenceIn(analyse(two(fast, slow), options), "latency.p50");
    expect(found).toMatchObject({ winner: "direct", difference: { shift: 100, effect: 1 } });
  });

  it("takes more as better where it is", () => {
    const rates = analyse(two([30, 30.1, 29.9, 30], [24, 24.1, 23.9, 25], "frameRate.displayed"), options);
    expect(differenceIn(rates, "frameRate.displayed")).toMatchObject({ winner: "direct" });
  });

  it.each([
    ["the same values", fast, fast],
    ["too few runs", [50, 51], [150, 151]],
    ["values that overlap", [50, 80, 60, 70, 90], [55, 85, 65, 75, 95]],
  ])("has no winner with %s", (_, first, second) => {
    expect(differenceIn(analyse(two(first, second), options), "latency.p50")).toMatchObject({ winner: null });
  });

  it("has no winner in what is better neither way", () => {
    const found = differenceIn(analyse(two(fast, slow, "bitrate.mean"), options), "bitrate.mean");
    expect(found).toMatchObject({ winner: null, difference: { shift: 100 } });
  });

  it("says why a figure is missing instead of showing 0", () => {
    const run = fakeRun({ number: 1, provider: "direct", values: { "latency.p50": null } });
    const spread = analyse([run], options).cells[0]?.providers[0]?.spreads[0];
    expect(spread).toMatchObject({ values: [], why: "it was not told", median: Number.NaN });
  });

  it("keeps each combination of settings to itself", () => {
    const runs = ["800 kbit/s", "2 Mbit/s"].map((bitrate, index) =>
      fakeRun({ number: index + 1, provider: "direct", values: { "latency.p50": 40 + index }, bitrate }),
    );
    const { cells } = analyse(runs, options);
    expect(cells.map(({ settings }) => settings[0]?.value)).toEqual(["800 kbit/s", "2 Mbit/s"]);
  });
});

describe("reliability", () => {
  const failure = { kind: "timed-out", what: "Joining the stream", where: "other", next: "" } as const;
  const runs = [
    fakeRun({ number: 1, provider: "direct", values: { "latency.p50": 50 } }),
    fakeRun({ number: 2, provider: "direct", values: {}, outcome: { kind: "failed", failure } }),
    fakeRun({
      number: 3,
      provider: "direct",
      values: { "latency.p50": 9000 },
      outcome: { kind: "cut", why: "Ctrl-C" },
    }),
    fakeRun({ number: 4, provider: "direct", values: { "latency.p50": 52 }, isSaturated: true }),
  ];
  const provider = analyse(runs, options).cells[0]?.providers[0];

  it("counts streams that did not come, not what was cut", () => {
    expect(provider?.joined).toMatchObject({ share: 2 / 3, caseCount: 3 });
    expect(provider?.failures).toEqual([{ words: "Joining the stream: other", count: 1 }]);
    expect(provider?.cutCount).toBe(1);
  });

  it("counts every attempt, but figures hold one a run: the last whole one", () => {
    const attemptOf = (number: number, attempt: number, value: number, isOtherThere: boolean): Run => {
      const own = fakeRun({ number, provider: "direct", values: { "latency.p50": value } });
      const outcome = isOtherThere ? ({ kind: "measured" } as const) : ({ kind: "failed", failure } as const);
      const other = fakeRun({ number, provider: "other", values: { "latency.p50": 90 }, outcome });
      return {
        ...own,
        attempt,
        id: `${own.id}-${attempt}`,
        startedAtUs: own.startedAtUs + attempt,
        results: [...own.results, ...other.results],
      };
    };
    const together = [
      attemptOf(1, 1, 50, false),
      attemptOf(1, 2, 60, true),
      attemptOf(2, 1, 70, false),
      attemptOf(2, 2, 80, false),
    ];
    const [direct, other] = analyse(together, options).cells[0]?.providers ?? [];
    expect(direct).toMatchObject({ wholeCount: 2, joined: { caseCount: 4, share: 1 } });
    expect(direct?.spreads[0]?.values).toEqual([60, 80]);
    expect(other).toMatchObject({ wholeCount: 1, joined: { caseCount: 4, share: 0.25 } });
  });

  it("lets no half run pass as whole", () => {
    expect(provider?.spreads[0]?.values).toEqual([50, 52]);
  });

  it("says where a stream was still in trouble when its run ended", () => {
    const run = fakeRun({ number: 1, provider: "direct", values: {} });
    const [result] = run.results;
    if (result === undefined) throw new Error("a fake run has a result");
    const atUs = toReceiverUs(run.startedAtUs);
    const trouble = { kind: "trouble", atUs, trouble: "stuck", why: "no frames" } as const;
    const withEvents = (number: number, events: readonly StreamEvent[]): Run => ({
      ...run,
      number,
      results: [{ ...result, events }],
    });
    const lasting = { ...trouble, durationMs: null };
    const { cells } = analyse(
      [withEvents(1, [lasting]), withEvents(2, [lasting, { ...trouble, durationMs: 900 }])],
      options,
    );
    expect(cells[0]?.providers[0]).toMatchObject({ wholeCount: 2, unrecoveredCount: 1 });
  });

  it("marks runs on a saturated machine", () => {
    expect(provider?.saturatedCount).toBe(1);
  });
});

describe("budgets", () => {
  function budget(text: string, provider: string | null = null): Budget {
    const read = readBudget(text, provider);
    if (!read.ok) throw new Error(read.words);
    return read.budget;
  }

  function outcomesOf(text: string, past: readonly PastMedian[] = [], provider: string | null = null) {
    const analysis = analyse(two(fast, slow), { ...options, budgets: [budget(text, provider)], past });
    return analysis.verdicts.map((verdict) => [verdict.provider, verdict.outcome, verdict.note]);
  }

  it("hold for every provider, or for the one they name", () => {
    expect(outcomesOf("latency.p50 < 100 ms")).toEqual([
      ["direct", "kept", ""],
      ["other", "broken", ""],
    ]);
    expect(outcomesOf("latency.p50 < 100 ms", [], "direct")).toHaveLength(1);
  });

  it("say where the interval reaches over the limit", () => {
    expect(outcomesOf("latency.p50 < 52 ms", [], "direct")).toEqual([
      ["direct", "kept", "the 95 % interval reaches over the limit"],
    ]);
  });

  it("are unknown, not kept, where there is nothing to judge", () => {
    expect(outcomesOf("vmaf.mean > 80", [], "direct")[0]?.slice(0, 2)).toEqual(["direct", "unknown"]);
  });

  const past = (medians: readonly number[]): readonly PastMedian[] => [
    { provider: "direct", settings: [], measure: "latency.p50", medians },
  ];

  it.each([
    ["kept", [50, 51, 49, 50, 50, 10, 10]],
    ["broken", [40, 41, 42]],
    ["kept", []],
  ])("of regression are %s against medians of %j before", (outcome, medians) => {
    const [verdict] = outcomesOf("regression(latency.p50) < 10 % vs last 5", past(medians), "direct");
    expect(verdict?.[1]).toBe(outcome);
  });
});

describe("a budget of regression", () => {
  function outcomeOf(key: string, now: number, before: number, limit: string, pastWhy?: string) {
    const read = readBudget(`regression(${key}) ${limit} vs last 5`, null);
    if (!read.ok) throw new Error(read.words);
    const past = [{ provider: "direct", settings: [], measure: key, medians: [before] }];
    const more = pastWhy === undefined ? {} : { pastWhy };
    const [verdict] = analyse(fakeRuns("direct", key, [now], 1), {
      ...options,
      budgets: [read.budget],
      past,
      ...more,
    }).verdicts;
    return verdict;
  }

  it.each([
    ["vmaf.mean", 50, 90, "broken", 4 / 9],
    ["vmaf.mean", 90, 50, "kept", -0.8],
    ["latency.p50", 90, 50, "broken", 0.8],
    ["latency.p50", 50, 90, "kept", -4 / 9],
    // Two clocks may be apart by more than the latency.
    ["latency.p50", -1, -2, "broken", 0.5],
    ["bitrate.mean", 120, 100, "broken", 0.2],
  ])("takes %s of %d after %d for worse or better as it is", (key, now, before, outcome, value) => {
    const verdict = outcomeOf(key, now, before, "< 5 %");
    expect(verdict?.outcome).toBe(outcome);
    expect(verdict?.value).toBeCloseTo(value, 9);
  });

  it("is unknown, not kept, where the comparisons before could not be read", () => {
    expect(outcomeOf("latency.p50", 50, 50, "< 5 %", "the store is in use")).toMatchObject({
      outcome: "unknown",
      value: null,
      note: "the comparisons before could not be read: the store is in use",
    });
  });
});

describe("cost per viewer-hour", () => {
  it.each([
    // 1000 kbit/s are 0.45 GB an hour.
    [{ currency: "EUR", perDeliveredGB: 0.1 }, 0.045],
    [{ currency: "EUR", perViewerMinute: 0.001 }, 0.06],
    [{ currency: "EUR", perPublishedMinute: 0.1, viewers: 100 }, 0.06],
    [{ currency: "EUR" }, 0],
  ])("of %j comes to %d", (price, cost) => {
    const figure = costPerViewerHour(price, measured(1000));
    expect(figure.known ? figure.value : Number.NaN).toBeCloseTo(cost, 9);
  });

  it("is unknown without prices, or where bytes are charged and were not told", () => {
    expect(costPerViewerHour(null, measured(1000)).known).toBe(false);
    expect(costPerViewerHour({ currency: "EUR", perDeliveredGB: 1 }, missing("no")).known).toBe(false);
  });
});
