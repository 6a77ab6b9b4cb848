import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { composeOffsets, toServerClockFacts } from "./compose.ts";
import { createOffsetEstimator, maxSampleCount, nextPingDelayMs, type ClockStep } from "./estimator.ts";
import { sampleOf } from "./exchange.ts";
import { offsetMsAt, type ClockOffset } from "./offset.ts";

const startUs = 1_790_000_000_000_000;

/** Two clocks with a known difference: `offsetMs` at `startUs` on ours, growing by `driftPpm`. */
type Truth = { readonly offsetMs: number; readonly driftPpm: number };

function trueOffsetMs(truth: Truth, oursUs: number): number {
  return truth.offsetMs + ((oursUs - startUs) * truth.driftPpm) / 1e9;
}

function theirs(truth: Truth, oursUs: number): number {
  return Math.round(oursUs - trueOffsetMs(truth, oursUs) * 1000);
}

function exchangeAt(truth: Truth, atUs: number, thereMs: number, holdMs: number, backMs: number) {
  const arrivesUs = atUs + thereMs * 1000;
  const answeredUs = arrivesUs + holdMs * 1000;
  return sampleOf({
    t1Us: Math.round(atUs),
    t2Us: theirs(truth, arrivesUs),
    t3Us: theirs(truth, answeredUs),
    t4Us: Math.round(answeredUs + backMs * 1000),
  });
}

function errorAt(offset: ClockOffset, truth: Truth, atUs: number) {
  const claimed = offsetMsAt(offset, atUs);
  if (!claimed.known) throw new Error("an offset is always known");
  return { errorMs: Math.abs(claimed.value - trueOffsetMs(truth, atUs)), boundMs: claimed.bound };
}

const truths = fc.record({
  offsetMs: fc.double({ min: -40_000, max: 40_000, noNaN: true }),
  driftPpm: fc.double({ min: -100, max: 100, noNaN: true }),
});
const delaysMs = fc.tuple(
  fc.double({ min: 0.05, max: 120, noNaN: true }),
  fc.double({ min: 0, max: 5, noNaN: true }),
  fc.double({ min: 0.05, max: 120, noNaN: true }),
);

function lastOffset(truth: Truth, delays: readonly (readonly [number, number, number])[]) {
  const estimator = createOffsetEstimator();
  const steps: ClockStep[] = [];
  let atUs = startUs;
  for (const [index, [there, hold, back]] of delays.entries()) {
    atUs += nextPingDelayMs(index) * 1000;
    const sample = exchangeAt(truth, atUs, there, hold, back);
    if (sample === null) throw new Error("a true exchange was refused");
    const step = estimator.add(sample);
    if (step !== null) steps.push(step);
  }
  return { offset: estimator.read(atUs + 250_000), atUs, steps };
}

describe("the clock offset", () => {
  it("lies within its bound at any later instant, however the delays fall", () => {
    fc.assert(
      fc.property(
        truths,
        fc.array(delaysMs, { minLength: 1, maxLength: 90 }),
        fc.double({ min: 0, max: 300, noNaN: true }),
        (truth, delays, laterS) => {
          const { offset, atUs, steps } = lastOffset(truth, delays);
          if (offset === null) throw new Error("no offset after an exchange");
          const { errorMs, boundMs } = errorAt(offset, truth, atUs + laterS * 1e6);
          expect(errorMs).toBeLessThanOrEqual(boundMs);
          expect(steps).toEqual([]);
        },
      ),
      { numRuns: 300 },
    );
  });

  it("is far surer than its bound when both ways take equally long", () => {
    fc.assert(
      fc.property(truths, fc.double({ min: 1, max: 50, noNaN: true }), (truth, oneWayMs) => {
        const delays = Array.from({ length: 60 }, () => [oneWayMs, 0.2, oneWayMs] as const);
        const { offset, atUs } = lastOffset(truth, delays);
        if (offset === null) throw new Error("no offset after an exchange");
        const { errorMs, boundMs } = errorAt(offset, truth, atUs);
        expect(errorMs).toBeLessThan(boundMs / 5);
        expect(boundMs).toBeLessThan(oneWayMs + 0.5);
      }),
      { numRuns: 100 },
    );
  });

  it("claims no drift before the samples prove one, and finds it after", () => {
    const truth = { offsetMs: 3217, driftPpm: 50 };
    const short = lastOffset(
      truth,
      Array.from({ length: 8 }, () => [1, 0, 2]),
    ).offset;
    const long = lastOffset(
      truth,
      Array.from({ length: 300 }, () => [1, 0, 2]),
    ).offset;
    expect(short).toMatchObject({ driftPpm: 0, driftBoundPpm: 100 });
    expect(long?.driftBoundPpm).toBeLessThan(20);
    expect(Math.abs((long?.driftPpm ?? 0) - 50)).toBeLessThan(long?.driftBoundPpm ?? 0);
    expect(long?.boundMs).toBeLessThan(2);
  });

  it.each([3217, -40_000, 12])("begins anew and says so when a clock jumps by %d ms", (jumpMs) => {
    const estimator = createOffsetEstimator();
    const before = { offsetMs: 100, driftPpm: 20 };
    const after = { offsetMs: 100 + jumpMs, driftPpm: 20 };
    const steps: ClockStep[] = [];
    for (let second = 0; second < 60; second += 1) {
      const sample = exchangeAt(second < 30 ? before : after, startUs + second * 1e6, 2, 0, 4);
      const step = sample === null ? null : estimator.add(sample);
      if (step !== null) steps.push(step);
    }
    expect(steps).toHaveLength(1);
    expect(Math.abs((steps[0]?.byMs ?? 0) - jumpMs)).toBeLessThan(4);
    const offset = estimator.read(startUs + 60e6);
    if (offset === null) throw new Error("no offset after an exchange");
    const { errorMs, boundMs } = errorAt(offset, after, startUs + 60e6);
    expect(errorMs).toBeLessThanOrEqual(boundMs);
    expect(offset.exchangeCount).toBe(30);
  });

  it("follows a drift that changes, without calling it a jump", () => {
    const estimator = createOffsetEstimator();
    let offsetMs = 0;
    let stepCount = 0;
    for (let second = 0; second < 600; second += 1) {
      offsetMs += second < 300 ? 0.02 : -0.06;
      const sample = exchangeAt({ offsetMs, driftPpm: 0 }, startUs + second * 1e6, 0.3, 0, 0.4);
      if (sample !== null && estimator.add(sample) !== null) stepCount += 1;
    }
    const offset = estimator.read(startUs + 599e6);
    expect(stepCount).toBe(0);
    expect(Math.abs((offset?.offsetMs ?? 0) - offsetMs)).toBeLessThan(offset?.boundMs ?? 0);
  });

  it("refuses stamps that cannot be true", () => {
    expect(sampleOf({ t1Us: 1000, t2Us: 0, t3Us: 0, t4Us: 0 })).toBeNull();
    expect(sampleOf({ t1Us: 0, t2Us: 0, t3Us: 90_000, t4Us: 1000 })).toBeNull();
    expect(sampleOf({ t1Us: 0, t2Us: 5000, t3Us: 1000, t4Us: 9000 })).toBeNull();
  });

  it("holds a bounded number of samples", () => {
    const estimator = createOffsetEstimator();
    const truth = { offsetMs: 1, driftPpm: 0 };
    for (let index = 0; index < 3 * maxSampleCount; index += 1) {
      const sample = exchangeAt(truth, startUs + index * 1000, 1, 0, 1);
      if (sample !== null) estimator.add(sample);
    }
    expect(estimator.read(startUs + 1e6)?.exchangeCount).toBe(3 * maxSampleCount);
  });

  it("comes out of two offsets to the server, within the sum of their bounds", () => {
    fc.assert(
      fc.property(
        truths,
        truths,
        fc.array(delaysMs, { minLength: 8, maxLength: 40 }),
        (one, other, delays) => {
          const receiver = lastOffset(one, delays).offset;
          const sender = lastOffset(other, delays).offset;
          if (receiver === null || sender === null) throw new Error("no offset after an exchange");
          const composed = composeOffsets(receiver, toServerClockFacts(sender));
          const { errorMs, boundMs } = composedError(composed, one, other);
          expect(errorMs).toBeLessThanOrEqual(boundMs);
        },
      ),
      { numRuns: 100 },
    );
  });
});

/** Both truths are against the server; the sender's clock at that instant is found from the receiver's through the server's. */
function composedError(composed: ClockOffset, receiver: Truth, sender: Truth) {
  const serverUs = composed.atUs - trueOffsetMs(receiver, composed.atUs) * 1000;
  let senderUs = serverUs;
  for (let round = 0; round < 4; round += 1) senderUs = serverUs + trueOffsetMs(sender, senderUs) * 1000;
  const truthMs = (composed.atUs - senderUs) / 1000;
  const claimed = offsetMsAt(composed, composed.atUs);
  if (!claimed.known) throw new Error("an offset is always known");
  return { errorMs: Math.abs(claimed.value - truthMs), boundMs: claimed.bound };
}
