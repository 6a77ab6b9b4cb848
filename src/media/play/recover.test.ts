import { describe, expect, it } from "vitest";

import { toPageMs } from "../../core/clock/instants.ts";
import { createFakeTimers } from "../link/timers.fake.ts";
import { createRecovery, steadyMs } from "./recover.ts";
import { createStuckWatch, stuckAfterMs } from "./stuck.ts";
import { createTroubles } from "./troubles.ts";
import type { RoadEvent } from "./way.ts";

describe("a trouble", () => {
  it("is told when it begins, and with its length when it is over", () => {
    const told: RoadEvent[] = [];
    const troubles = createTroubles((event) => told.push(event));
    troubles.begin("playlist-missing", "gone", toPageMs(1000));
    troubles.begin("playlist-missing", "still gone", toPageMs(1500));
    troubles.end(["playlist-missing", "unreachable"], toPageMs(4000));
    troubles.end(["playlist-missing"], toPageMs(5000));
    expect(told).toEqual([
      { kind: "trouble", trouble: "playlist-missing", durationMs: null, why: "gone", atMs: 1000 },
      { kind: "trouble", trouble: "playlist-missing", durationMs: 3000, why: "gone", atMs: 1000 },
    ]);
  });
});

describe("recovery", () => {
  it("tries one at a time, ever more seldom, and at least every 8 s", () => {
    const timers = createFakeTimers();
    const triesAtMs: number[] = [];
    const recovery = createRecovery(
      timers,
      () => 0,
      () => triesAtMs.push(timers.nowMs()),
    );
    for (let atMs = 0; atMs < 60_000; atMs += 100) {
      for (let storm = 0; storm < 10; storm += 1) recovery.schedule("reload");
      timers.advance(100);
    }
    const gapsMs = triesAtMs.slice(1).map((atMs, index) => atMs - (triesAtMs[index] ?? 0));
    expect(triesAtMs.length).toBeLessThan(14);
    expect(Math.max(...gapsMs)).toBeLessThanOrEqual(8100);
    expect(gapsMs).toEqual(gapsMs.toSorted((a, b) => a - b));
  });
});

describe("a try that waits", () => {
  it.each([
    [["load-on", "load-on"], "load-on", 0],
    [["load-on", "reload", "load-on"], "reload", 1],
  ] as const)("becomes a reload where one is asked for: %j", (asked, done, reloadCount) => {
    const timers = createFakeTimers();
    const tries: string[] = [];
    const recovery = createRecovery(
      timers,
      () => 0,
      (how) => tries.push(how),
    );
    for (const how of asked) recovery.schedule(how);
    timers.advance(1000);
    expect(tries).toEqual([done]);
    expect(recovery.reloads()).toBe(reloadCount);
  });
});

describe("media that comes and breaks again", () => {
  it("does not make the next try come sooner until it has come steadily", () => {
    const timers = createFakeTimers();
    let reloadCount = 0;
    const recovery = createRecovery(
      timers,
      () => 0,
      () => {
        reloadCount += 1;
        recovery.succeeded();
        if (reloadCount < 8) recovery.schedule("reload");
      },
    );
    recovery.schedule("reload");
    timers.advance(5000);
    expect(reloadCount).toBe(4);
    expect(recovery.reloads()).toBe(4);
    timers.advance(30_000 + steadyMs);
    expect(reloadCount).toBe(8);
    expect(recovery.reloads()).toBe(0);
  });
});

describe("a player that stands still", () => {
  it("is loaded anew after a while, but not when it has to wait", () => {
    const stuck = createStuckWatch();
    const look = (atMs: number, isWaiting = false) =>
      stuck({ atMs, currentTimeS: 4, hasPlayed: true, isWaiting });
    expect(look(0)).toBe("moving");
    expect(look(stuckAfterMs - 1)).toBe("standing");
    expect(look(stuckAfterMs - 1, true)).toBe("standing");
    expect(look(stuckAfterMs)).toBe("standing");
    expect(look(2 * stuckAfterMs)).toBe("reload");
    expect(look(2 * stuckAfterMs + 1)).toBe("standing");
  });
});
