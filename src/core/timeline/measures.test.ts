import { describe, expect, it } from "vitest";

import { toReceiverUs, toSenderUs, type ReceiverUs } from "../clock/instants.ts";
import type { ClockOffset } from "../clock/offset.ts";
import { measured } from "../measured.ts";
import { createEventLog, maxEventCount } from "./event-log.ts";
import { createFreezes } from "./freezes.ts";
import type { MarkerReading, Observation } from "./observation.ts";
import { createOffsetLog } from "./offset-log.ts";
import { createRate } from "./rate.ts";
import { createTimeline } from "./timeline.ts";

const startUs = 1_790_000_000_000_000;
const atMs = (ms: number): ReceiverUs => toReceiverUs(startUs + ms * 1000);
const offset: ClockOffset = {
  atUs: startUs,
  offsetMs: 0,
  boundMs: 1,
  driftPpm: 0,
  driftBoundPpm: 0,
  bestRoundTripMs: 2,
  exchangeCount: 8,
};

function shownAt(ms: number, reading: MarkerReading, change: Partial<Observation> = {}): Observation {
  return {
    displayTimeUs: atMs(ms),
    displayTimeSource: "reported",
    reading,
    presentationTimeUs: ms * 1000,
    widthPx: 1280,
    heightPx: 720,
    readMs: 0.4,
    ...change,
  };
}

function markerOf(frameId: number, capturedMs: number, runNumber = 7): MarkerReading {
  const captureTimeUs = toSenderUs(startUs + capturedMs * 1000);
  return { read: true, marker: { runNumber, frameId, captureTimeUs }, by: "tracked" };
}

function newTimeline(canStall = false) {
  const timeline = createTimeline({ startUs: atMs(0), timeOriginMs: startUs / 1000, canStall });
  timeline.setOffset("peer", offset);
  return timeline;
}

describe("a freeze", () => {
  it.each([
    { fps: 30, gapMs: 183.3, count: 0 },
    { fps: 30, gapMs: 183.4, count: 1 },
    { fps: 5, gapMs: 599, count: 0 },
    { fps: 5, gapMs: 600, count: 1 },
  ])("at $fps fps: $gapMs ms without a picture counts $count", ({ fps, gapMs, count }) => {
    const freezes = createFreezes();
    for (let index = 0; index <= 30; index += 1) freezes.add(atMs((index * 1000) / fps), 0);
    const lastMs = 30_000 / fps;
    expect(freezes.read(atMs(lastMs + gapMs)).count).toEqual(measured(count));
    freezes.add(atMs(lastMs + gapMs), 0);
    expect(freezes.read(atMs(lastMs + gapMs)).count).toEqual(measured(count));
  });

  it("is not ended by the same picture shown again", () => {
    const timeline = newTimeline();
    for (let id = 0; id < 30; id += 1) timeline.addObservation(shownAt(id * 33, markerOf(id, id * 33)));
    for (let again = 0; again < 30; again += 1) {
      timeline.addObservation(shownAt((30 + again) * 33, markerOf(29, 29 * 33)));
    }
    const events = timeline.addObservation(shownAt(60 * 33, markerOf(30, 60 * 33)));
    expect(events).toMatchObject([{ kind: "freeze", durationMs: 31 * 33 }]);
    const { frames, latencyMs } = timeline.snapshot(atMs(60 * 33));
    expect(frames.duplicateCount).toEqual(measured(30));
    expect(latencyMs.max).toMatchObject({ value: 0 });
  });
});

describe("a timeline", () => {
  it.each([41, 118, 999, 4321])("knows no percentile beyond the greatest latency, %d ms", (latencyMs) => {
    const timeline = newTimeline();
    timeline.addObservation(shownAt(latencyMs, markerOf(0, 0)));
    const { p50, p99, max } = timeline.snapshot(atMs(latencyMs)).latencyMs;
    if (!p50.known || !p99.known || !max.known) throw new Error("every one of them is known");
    expect(Math.max(p50.value, p99.value)).toBeLessThanOrEqual(max.value);
    expect(p99.value + p99.bound).toBeGreaterThanOrEqual(max.value);
  });

  it("keeps another run's frames out of every figure of this one", () => {
    const timeline = newTimeline();
    for (let id = 0; id < 60; id += 1) {
      timeline.addObservation(
        shownAt(id * 33, id % 10 === 5 ? markerOf(9000, -50_000, 8) : markerOf(id, id * 33 - 40)),
      );
    }
    const { latencyMs, frames, runNumber } = timeline.snapshot(atMs(60 * 33));
    expect(runNumber).toBe(7);
    expect(latencyMs.max).toMatchObject({ value: 40 });
    expect(frames.lostCount).toEqual(measured(6));
    expect(timeline.events().filter((event) => event.kind === "other-run")).toHaveLength(1);
  });

  it("measures what can be known of a stream without markers", () => {
    const timeline = newTimeline();
    for (let index = 0; index < 90; index += 1) {
      timeline.addObservation(shownAt(index * 40, { read: false, why: "absent" }));
    }
    const snapshot = timeline.snapshot(atMs(89 * 40));
    expect(snapshot.frameRateFps.displayed).toEqual(measured(25, 25));
    expect(snapshot.freezes.count).toEqual(measured(0));
    expect(snapshot.reading).toMatchObject({ readRatio: measured(0), unreadCounts: { absent: 90 } });
    expect(snapshot.latencyMs.p50).toEqual({ known: false, why: "no marker has been read yet" });
  });

  it("tells of a stretch that could not be read when it is over, and of a new picture size", () => {
    const timeline = newTimeline();
    timeline.addObservation(shownAt(0, markerOf(0, 0)));
    for (let id = 1; id < 10; id += 1)
      timeline.addObservation(shownAt(id * 33, { read: false, why: "broken" }));
    timeline.addObservation(shownAt(330, markerOf(10, 330), { widthPx: 640, heightPx: 360 }));
    expect(timeline.events()).toMatchObject([
      { kind: "run", runNumber: 7 },
      { kind: "unread", count: 9, why: "the marker's check digits did not agree", durationMs: 297 },
      { kind: "resize", widthPx: 640, heightPx: 360 },
    ]);
    const { changeCount, heightPx, meanHeightPx } = timeline.snapshot(atMs(330)).picture;
    expect([changeCount, heightPx]).toEqual([measured(1), measured(360)]);
    // Ten frames of 720 lines and one of 360.
    expect(meanHeightPx).toMatchObject({ value: expect.closeTo(687.27, 2) });
  });

  it("begins anew on reset, with the clock and the join times it had", () => {
    const timeline = newTimeline(true);
    timeline.markJoinAsked(atMs(-500));
    timeline.addEvent({ kind: "stall", atUs: atMs(1), durationMs: 300 });
    for (let id = 0; id < 60; id += 1) timeline.addObservation(shownAt(id * 33, markerOf(id, id * 33 - 40)));
    expect(timeline.snapshot(atMs(2000)).stalls.totalMs).toEqual(measured(300));
    timeline.reset(atMs(2000));
    const snapshot = timeline.snapshot(atMs(3000));
    expect(snapshot).toMatchObject({ elapsedMs: 1000, runNumber: 7, joinMs: { firstFrame: measured(500) } });
    expect(snapshot.stalls.totalMs).toEqual(measured(0));
    expect(snapshot.latencyMs.p50.known || snapshot.frames.sentCount.known).toBe(false);
    expect(snapshot.clock.offsetMs.known).toBe(true);
    expect(timeline.events()).toMatchObject([{ kind: "reset" }]);
  });

  it("counts the stall that goes on, what of it is before a reset left out", () => {
    const timeline = newTimeline(true);
    timeline.setWaiting(atMs(100));
    expect(timeline.snapshot(atMs(120)).stalls.count).toEqual(measured(0));
    expect(timeline.snapshot(atMs(1100)).stalls).toEqual({ count: measured(1), totalMs: measured(1000) });
    timeline.reset(atMs(2100));
    expect(timeline.snapshot(atMs(2600)).stalls.totalMs).toEqual(measured(500));
    timeline.addEvent({ kind: "stall", atUs: atMs(100), durationMs: 3000 });
    expect(timeline.snapshot(atMs(9000)).stalls).toEqual({ count: measured(1), totalMs: measured(1000) });
    timeline.setWaiting(atMs(9000));
    timeline.setWaiting(null);
    expect(timeline.snapshot(atMs(9900)).stalls.count).toEqual(measured(1));
  });

  it("turns the browser's counts into rates, and says what it does not count", () => {
    const timeline = newTimeline();
    timeline.addTransport({ atMs: 0, receivedBytes: 1000, framesReceivedCount: 10, framesDecodedCount: 8 });
    timeline.addTransport({
      atMs: 1000,
      receivedBytes: 313_500,
      framesReceivedCount: 40,
      framesDecodedCount: 37,
    });
    const { bitrateKbps, frameRateFps, frames } = timeline.snapshot(atMs(1000));
    expect(bitrateKbps).toEqual(measured(2500));
    expect(frameRateFps).toMatchObject({ received: measured(30), decoded: measured(29) });
    expect(frames.droppedCount.known).toBe(false);
    expect(timeline.snapshot(atMs(9000)).bitrateKbps.known).toBe(false);
  });
});

describe("a count that a new connection began again", () => {
  it("goes on from where it was", () => {
    const rate = createRate();
    for (const [second, count] of [100, 130, 10, 40].entries()) rate.add(second * 1000, count);
    expect(rate.total()).toEqual(measured(70));
    expect(rate.perSecond(3000)).toEqual(measured(30));
  });
});

describe("an old frame", () => {
  it("is measured with the offset of its own time, on its own side of a clock jump", () => {
    const log = createOffsetLog();
    for (let second = 0; second < 20_000; second += 1) {
      log.add({ ...offset, atUs: startUs + second * 1e6, offsetMs: second < 10_000 ? 5 : 3217 });
    }
    for (const second of [0, 777, 9999, 9999.9, 10_000, 10_003, 15_000, 19_999]) {
      expect(log.at(startUs + second * 1e6)?.offsetMs).toBe(second < 10_000 ? 5 : 3217);
    }
  });
});

describe("the list of events", () => {
  it("holds the last ones and counts those it dropped", () => {
    const log = createEventLog();
    for (let index = 0; index < maxEventCount + 10; index += 1) {
      log.add([{ kind: "note", atUs: atMs(index), text: String(index) }]);
    }
    expect(log.read()).toHaveLength(maxEventCount);
    expect(log.read()[0]).toMatchObject({ text: "10" });
    expect(log.droppedCount()).toBe(10);
  });
});
