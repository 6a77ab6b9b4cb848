import { describe, expect, it } from "vitest";

import { toReceiverUs } from "../../core/clock/instants.ts";
import type { Failure } from "../../core/failure.ts";
import type { RunResult } from "../../core/runs/run.ts";
import type { StreamEvent } from "../../core/timeline/event.ts";
import type { Observation } from "../../core/timeline/observation.ts";
import { pathStartUs, quietPath, walkPath } from "../../core/timeline/path.fake.ts";
import { createTimeline } from "../../core/timeline/timeline.ts";
import type { ReceiverSnapshot, StreamReport } from "../../core/wire/automation.ts";
import { receiverDefaults } from "../../core/wire/receiver-setup.ts";
import { createRecord } from "./stream-record.ts";

const at = (afterMs: number) => toReceiverUs(pathStartUs + afterMs * 1000);
const measuredOutcome = { kind: "measured" } as const;

/** A page whose stream plays for 5 s, and what a record takes of it by a clock that the test turns. */
function watched(framesMs = 5000) {
  const clock = { nowMs: 0 };
  const timeline = createTimeline({ startUs: at(0), timeOriginMs: pathStartUs / 1000, canStall: true });
  const observations: Observation[] = [];
  for (const step of walkPath({ ...quietPath, frameCount: (framesMs * 30) / 1000 })) {
    if (step.kind !== "observation") continue;
    timeline.addObservation(step.observation);
    observations.push(step.observation);
  }
  const head = { number: 1, provider: "cdn", via: null, address: "" };
  const record = createRecord({ runId: "run", head, price: null, nowMs: () => clock.nowMs });
  const report = (snapshot: ReceiverSnapshot, events: readonly StreamEvent[]): StreamReport => ({
    number: 1,
    label: "",
    kind: "hls",
    isControl: true,
    snapshot,
    differentialMs: { state: "none", why: "" } as unknown as StreamReport["differentialMs"],
    delivery: null,
    clockWords: null,
    events,
  });
  const readAt = (
    afterMs: number,
    state: "connected" | "lost" | "ended" = "connected",
    why = "",
    standsMs = afterMs,
  ): void => {
    clock.nowMs = afterMs;
    const measures = timeline.snapshot(at(standsMs));
    const snapshot: ReceiverSnapshot = {
      phase: "measuring",
      setup: receiverDefaults,
      connection: state === "ended" ? { state, why, failure: gone } : { state, why },
      paused: false,
      measures,
      quality: { state: "none", why: "" },
    };
    record.take({
      report: report(snapshot, timeline.events()),
      observations: observations.slice(record.nextIndex()),
    });
  };
  const toldAt = (afterMs: number, snapshot: ReceiverSnapshot): void => {
    clock.nowMs = afterMs;
    record.take({ report: report(snapshot, []), observations: [] });
  };
  const resultAt = (afterMs: number): RunResult => {
    clock.nowMs = afterMs;
    return record.result(measuredOutcome);
  };
  return { timeline, readAt, toldAt, resultAt };
}

function valueOf(result: RunResult, key: string): number {
  const figure = result.measures.find((measure) => measure.key === key)?.figure;
  return figure?.known === true ? figure.value : Number.NaN;
}

const gone: Failure = {
  kind: "unreachable",
  what: "playing the stream",
  where: "cdn.example",
  next: "Look.",
};

describe("a stream of a run", () => {
  it("that plays to the end is measured", () => {
    const { readAt, resultAt } = watched();
    readAt(5000);
    expect(resultAt(5000).outcome).toEqual(measuredOutcome);
  });

  const ends: readonly (readonly [string, ReceiverSnapshot, string])[] = [
    [
      "failed",
      { phase: "failed", setup: receiverDefaults, failure: gone },
      "playing the stream failed: cdn.example",
    ],
    ["ended", { phase: "idle", setup: receiverDefaults }, "the stream came to its end"],
  ];

  it.each(ends)(
    "that %s in the middle is not whole, and stands still until the end of the run",
    (_, page, words) => {
      const { readAt, toldAt, resultAt } = watched();
      readAt(5000);
      toldAt(5500, page);
      toldAt(20_000, page);
      const result = resultAt(20_000);
      expect(result.outcome).toMatchObject({
        kind: "failed",
        failure: {
          kind: "ended-early",
          where: `cdn: ${words}`,
          cause: expect.stringContaining("last frame came 5.0 s after"),
        },
      });
      expect(result.kind).toBe("hls");
      expect(result.observationCount).toBe(150);
      expect(valueOf(result, "freeze.ratio")).toBeCloseTo(0.75, 2);
      expect(valueOf(result, "freeze.count")).toBe(1);
      expect(valueOf(result, "frameRate.displayed")).toBeCloseTo(7.5, 0);
    },
  );

  it.each([
    ["goes on to measure", 20_000],
    ["shows how it ended", 5200],
  ])("that the page says has ended, and %s, is not whole, in the page's words", (_, standsMs) => {
    const { readAt, resultAt } = watched();
    readAt(5000);
    readAt(5200, "ended", "the server is gone");
    readAt(20_000, "ended", "the server is gone", standsMs);
    const result = resultAt(20_000);
    expect(result.outcome).toMatchObject({
      kind: "failed",
      failure: { where: "cdn: the server is gone", next: "Look." },
    });
    expect(valueOf(result, "freeze.ratio")).toBeCloseTo(0.75, 2);
    expect(valueOf(result, "freeze.count")).toBe(1);
  });

  it("of which no frame came after the warm-up has failed", () => {
    const { readAt, resultAt } = watched(0);
    readAt(8000);
    expect(resultAt(8000).outcome).toMatchObject({ kind: "failed", failure: { kind: "ended-early" } });
  });

  it("counts stalls and troubles that go on up to the end of the run", () => {
    const { timeline, readAt, resultAt } = watched();
    timeline.setWaiting(at(5100));
    const trouble = { kind: "trouble", trouble: "unreachable", why: "no answer" } as const;
    timeline.addEvent({ ...trouble, atUs: at(1000), durationMs: null });
    timeline.addEvent({ ...trouble, atUs: at(1000), durationMs: 300 });
    timeline.addEvent({ ...trouble, atUs: at(5000), durationMs: null });
    readAt(20_000, "lost", "no answer");
    const result = resultAt(20_000);
    expect(result.outcome).toEqual(measuredOutcome);
    expect(valueOf(result, "stall.count")).toBe(1);
    expect(valueOf(result, "stall.total")).toBeCloseTo(14_900, 0);
    expect(valueOf(result, "recovery.longest")).toBeCloseTo(15_000, 0);
  });
});
