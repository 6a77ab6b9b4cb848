import { describe, expect, it } from "vitest";

import { createLatencyGuard } from "./latency-guard.ts";

const frameMs = 1000 / 30;

/**
 * A stream of 30 frames a second whose latency is `baseMs`, and rises with the pace at which work goes on beside it, within a
 * second, as a jitter buffer does: by `harmMs` at the whole pace.
 */
function play(harmMs: number, seconds: number, baseMs: (atS: number) => number = () => 100) {
  const guard = createLatencyGuard();
  const paces: number[] = [];
  const risesMs: number[] = [];
  const states: string[] = [];
  let riseMs = 0;
  for (let frame = 0; frame < seconds * 30; frame += 1) {
    const nowMs = frame * frameMs;
    riseMs += (guard.pace() * harmMs - riseMs) / 30;
    // Display times come in steps of 60 Hz, and frames differ.
    const jitterMs = (frame * 7919) % 12;
    const delayMs = Math.ceil((baseMs(nowMs / 1000) + riseMs + jitterMs) / 16.7) * 16.7;
    guard.see(1, nowMs, delayMs);
    paces.push(guard.pace());
    risesMs.push(riseMs);
    const { state } = guard.read();
    if (states.at(-1) !== state) states.push(state);
  }
  const part = (pace: (value: number) => boolean, fromS = 0) => {
    const seen = paces.slice(fromS * 30);
    return seen.filter(pace).length / seen.length;
  };
  return { guard, states, part, risesMs };
}

describe("work beside streams", () => {
  it("waits until their latency is known without it, begins slowly, and takes its whole share while it does no harm", () => {
    const { states, part } = play(3, 120);
    expect(states).toEqual(["learning", "sparing", "free"]);
    expect(part((pace) => pace === 1, 30)).toBe(1);
  });

  it("that makes latency rise is paused and goes on more slowly, so that few frames come later than without it", () => {
    const { states, risesMs } = play(150, 300);
    expect(states.slice(0, 4)).toEqual(["learning", "sparing", "paused", "sparing"]);
    expect(risesMs.filter((rise) => rise > 10).length / risesMs.length).toBeLessThan(0.08);
  });

  it("goes on at a pace that does no harm where there is one", () => {
    const { part } = play(30, 300);
    expect(part((pace) => pace > 0 && pace < 1, 60)).toBeGreaterThan(0.7);
  });

  it("is not blamed for what does not fall when it pauses, and takes its whole share again", () => {
    const { states } = play(0, 60, (atS) => (atS < 20 ? 100 : 180));
    expect(states).toEqual(["learning", "sparing", "free", "paused", "free"]);
  });

  it("goes on for half of the time and more where latency rises and falls by itself", () => {
    const { part } = play(0, 300, (atS) => 150 + 60 * Math.sin(atS / 3) + 40 * Math.sin(atS / 7));
    expect(part((pace) => pace > 0, 20)).toBeGreaterThan(0.5);
  });

  it("takes its whole share again once it does no harm any more", () => {
    const guard = createLatencyGuard();
    const states = new Set<string>();
    for (let frame = 0; frame < 400 * 30; frame += 1) {
      const isHarmed = frame < 20 * 30 && guard.pace() > 0;
      guard.see(1, frame * frameMs, isHarmed ? 160 : 100);
      states.add(guard.read().state);
    }
    expect(states).toContain("sparing");
    expect(guard.read()).toEqual({ state: "free" });
  });

  it("waits for no stream that stands still, and for the latency of one that is new", () => {
    const guard = createLatencyGuard();
    guard.see(2, 0, 50);
    const playUntil = (fromMs: number, untilMs: number, streamId: number) => {
      for (let nowMs = fromMs; nowMs < untilMs; nowMs += frameMs) guard.see(streamId, nowMs, 100);
    };
    playUntil(0, 6000, 1);
    expect(guard.pace()).toBeGreaterThan(0);
    guard.see(3, 6000, 80);
    expect(guard.read()).toEqual({ state: "learning" });
    guard.forget(3);
    playUntil(6000, 10_000, 1);
    expect(guard.pace()).toBeGreaterThan(0);
  });
});
