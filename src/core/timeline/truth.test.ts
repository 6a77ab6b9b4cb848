import { describe, expect, it } from "vitest";

import { createOffsetEstimator } from "../clock/estimator.ts";
import { toReceiverUs, type ReceiverUs } from "../clock/instants.ts";
import type { Measured } from "../measured.ts";
import type { StreamEvent } from "./event.ts";
import { pathStartUs, quietPath, walkPath, type PathScript } from "./path.fake.ts";
import type { Snapshot } from "./snapshot.ts";
import { createTimeline } from "./timeline.ts";

const startUs = toReceiverUs(pathStartUs);

function measurePath(change: Partial<PathScript>, afterMs = 0) {
  const timeline = createTimeline({ startUs, timeOriginMs: pathStartUs / 1000, canStall: false });
  const estimator = createOffsetEstimator();
  let atUs: ReceiverUs = startUs;
  for (const step of walkPath({ ...quietPath, ...change })) {
    ({ atUs } = step);
    if (step.kind === "observation") {
      timeline.addObservation(step.observation);
    } else {
      estimator.add(step.sample);
      timeline.setOffset("peer", estimator.read(step.atUs));
    }
  }
  const snapshot = timeline.snapshot(toReceiverUs(atUs + afterMs * 1000));
  return { timeline, snapshot, events: timeline.events() };
}

function valueOf(figure: Measured): number {
  if (!figure.known) throw new Error(`missing: ${figure.why}`);
  return figure.value;
}

function boundOf(figure: Measured): number {
  return figure.known ? figure.bound : Number.NaN;
}

function kinds(events: readonly StreamEvent[]): readonly string[] {
  return events.map((event) => event.kind);
}

const exact = (value: number): Measured => ({ known: true, value, bound: 0 });

describe("a stream with a known delay", () => {
  const plainMs = valueOf(measurePath({}).snapshot.latencyMs.p50);

  it.each([0, 137, 500, 2000])("is measured %d ms later by just that", (heldMs) => {
    const { latencyMs } = measurePath({ heldMs }).snapshot;
    expect(Math.abs(valueOf(latencyMs.p50) - plainMs - heldMs)).toBeLessThan(5);
    expect(Math.abs(valueOf(latencyMs.p50) - (42 + heldMs))).toBeLessThan(boundOf(latencyMs.p50));
    expect(boundOf(latencyMs.p50)).toBeLessThan(5 + 0.005 * heldMs);
  });

  it.each([
    ["ahead by 3.217 s", { senderAheadMs: 3217, senderDriftPpm: 50 }],
    ["behind by 40 s", { senderAheadMs: -40_000, senderDriftPpm: 50 }],
    ["behind by 40 s and losing", { senderAheadMs: -40_000, senderDriftPpm: -50 }],
  ])("is measured the same, within its bound, when the sender's clock is %s", (_, clock) => {
    const script = { frameCount: 9000, exchangeMs: [0.3, 12] as const };
    const straight = measurePath(script).snapshot.latencyMs;
    const shifted = measurePath({ ...script, ...clock }).snapshot.latencyMs;
    for (const name of ["now", "mean", "p50", "p95", "p99", "max"] as const) {
      const movedMs = Math.abs(valueOf(shifted[name]) - valueOf(straight[name]));
      expect(movedMs).toBeLessThanOrEqual(boundOf(shifted[name]));
    }
    expect(Math.abs(valueOf(shifted.p50) - 42)).toBeLessThanOrEqual(boundOf(shifted.p50));
    expect(boundOf(shifted.p50)).toBeLessThan(5);
  });

  it("is measured from its first frame, though the clocks are compared only later", () => {
    const timeline = createTimeline({ startUs, timeOriginMs: 0, canStall: false });
    const estimator = createOffsetEstimator();
    const steps = [...walkPath({ ...quietPath, frameCount: 60 })];
    let atUs = startUs;
    for (const step of steps) {
      if (step.kind === "observation") timeline.addObservation(step.observation);
      ({ atUs } = step);
    }
    expect(timeline.snapshot(atUs).latencyMs.p50).toMatchObject({ known: false, why: /clocks/ });
    for (const step of steps) {
      if (step.kind === "exchange") estimator.add(step.sample);
    }
    timeline.setOffset("peer", estimator.read(atUs));
    expect(timeline.latencyHistogram().totalCount).toBe(60);
    expect(Math.abs(valueOf(timeline.snapshot(atUs).latencyMs.p50) - 42)).toBeLessThan(5);
  });
});

describe("a stream with known faults", () => {
  it("is counted exactly", () => {
    const { snapshot, events } = measurePath({
      dropped: new Set([100, 101, 102, 250, 600]),
      repeated: new Set([30, 300, 301]),
      swapped: new Set([400, 500]),
      pausesMs: new Map([
        [200, 700],
        [700, 1500],
      ]),
    });
    expect(snapshot.frames).toMatchObject({
      sentCount: exact(900),
      displayedCount: exact(895),
      lostCount: exact(5),
      lossRatio: exact(5 / 900),
      duplicateCount: exact(3),
      outOfOrderCount: exact(2),
    });
    expect(snapshot.freezes.count).toEqual(exact(2));
    expect(Math.abs(valueOf(snapshot.freezes.totalMs) - (2200 + 2 * (1000 / 30)))).toBeLessThan(8);
    expect(Math.abs(valueOf(snapshot.freezes.longestMs) - 1533)).toBeLessThan(5);
    expect(events.filter((event) => event.kind === "loss")).toMatchObject([
      { count: 3, firstFrameId: 100 },
      { count: 1, firstFrameId: 250 },
      { count: 1, firstFrameId: 600 },
    ]);
    expect(events.filter((event) => event.kind === "disorder")).toMatchObject([
      { frameId: 400, afterFrameId: 401 },
      { frameId: 500, afterFrameId: 501 },
    ]);
    expect(kinds(events).filter((kind) => kind === "freeze")).toHaveLength(2);
  });

  it("owns that an unread frame may hide a loss", () => {
    const { frames } = measurePath({
      dropped: new Set([100, 250]),
      unread: new Set([101, 500, 501]),
    }).snapshot;
    expect(frames.lostCount).toEqual({ known: true, value: 2, bound: 3 });
    expect(frames.displayedCount).toEqual({ known: true, value: 898, bound: 3 });
  });

  it("does not freeze, nor lose a frame, because the page that shows it is hidden", () => {
    const timeline = createTimeline({ startUs, timeOriginMs: 0, canStall: false });
    const hiddenUs = startUs + 10_000_000;
    const seenAgainUs = hiddenUs + 7_000_000;
    const whileHidden: Snapshot[] = [];
    let atUs = startUs;
    for (const step of walkPath(quietPath)) {
      if (step.kind !== "observation") continue;
      if (atUs < hiddenUs && step.atUs >= hiddenUs) timeline.setHidden(true, toReceiverUs(hiddenUs));
      if (atUs < seenAgainUs && step.atUs >= seenAgainUs) {
        whileHidden.push(timeline.snapshot(toReceiverUs(seenAgainUs - 1_000_000)));
        timeline.setHidden(false, toReceiverUs(seenAgainUs));
      }
      ({ atUs } = step);
      if (atUs < hiddenUs || atUs >= seenAgainUs) timeline.addObservation(step.observation);
    }
    const none = { count: exact(0), ratio: exact(0) };
    expect(whileHidden).toMatchObject([{ freezes: none, hiddenMs: 6000 }]);
    const { freezes, frames, hiddenMs } = timeline.snapshot(atUs);
    expect({ ...freezes, ...frames, hiddenMs }).toMatchObject({
      count: exact(0),
      lostCount: exact(0),
      sentCount: exact(690),
      hiddenMs: 7000,
    });
    expect(timeline.events()).toContainEqual({ kind: "hidden", atUs: hiddenUs, durationMs: 7000 });
  });

  it("is frozen while it stands still, before the next picture comes", () => {
    const { freezes, latencyMs, frameRateFps } = measurePath({}, 4000).snapshot;
    expect(freezes.count).toEqual(exact(1));
    expect(valueOf(freezes.totalMs)).toBeCloseTo(4000, 0);
    expect(frameRateFps.displayed).toEqual(exact(0));
    expect(latencyMs.now.known).toBe(false);
  });

  it("shows its frame rate", () => {
    expect(measurePath({ fps: 60 }).snapshot.frameRateFps.displayed).toEqual(exact(60));
    expect(measurePath({ fps: 24, jitterMs: 0 }).snapshot.frameRateFps.displayed).toEqual(exact(24));
  });
});

describe("a snapshot", () => {
  it("cannot be changed by whoever holds it", () => {
    const { snapshot } = measurePath({ frameCount: 60 });
    const frames: Snapshot["frames"] = snapshot.frames;
    expect(Object.isFrozen(snapshot) && Object.isFrozen(frames) && Object.isFrozen(frames.lostCount)).toBe(
      true,
    );
  });

  it("has a reason for everything before the first frame, and no number", () => {
    const timeline = createTimeline({ startUs, timeOriginMs: 0, canStall: false });
    const { latencyMs, frameRateFps, frames, freezes, joinMs, jitterMs, picture } =
      timeline.snapshot(startUs);
    for (const group of [latencyMs, frameRateFps, frames, freezes, joinMs, jitterMs, picture]) {
      for (const figure of Object.values<Measured>(group)) {
        expect(figure.known ? "a number" : figure.why).not.toMatch(/^(a number)?$/);
      }
    }
  });
});
