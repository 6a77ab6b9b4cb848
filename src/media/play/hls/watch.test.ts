import { describe, expect, it } from "vitest";

import { toPageMs } from "../../../core/clock/instants.ts";
import { createFakeTimers } from "../../link/timers.fake.ts";
import { createTroubles } from "../troubles.ts";
import type { RoadEvent } from "../way.ts";
import { createPlaylistWatch } from "./playlist-watch.ts";
import { createRecovery, steadyMs } from "./recover.ts";
import { cacheWordOf, createRequests } from "./requests.ts";
import { createStuckWatch, stuckAfterMs } from "./stuck.ts";

const playlist = (sequence: number, count = 4) =>
  [
    "#EXTM3U",
    "#EXT-X-VERSION:7",
    "#EXT-X-TARGETDURATION:2",
    `#EXT-X-MEDIA-SEQUENCE:${sequence}`,
    ...Array.from({ length: count }, (_, index) => `#EXTINF:2,\ns${sequence + index}.ts`),
  ].join("\n");
const url = "https://a.example/x.m3u8";

describe("a live playlist that is followed", () => {
  it("goes stale when it brings nothing new for 1.5 target durations, reloaded or not", () => {
    const watch = createPlaylistWatch();
    expect(watch.add(playlist(1), url, 0).staleMs).toBeNull();
    expect(watch.add(playlist(1), url, 2900).staleMs).toBeNull();
    expect(watch.add(playlist(1), url, 3100).staleMs).toBe(3100);
    expect(watch.staleMs(5000)).toBe(5000);
    expect(watch.add(playlist(2), url, 5100).staleMs).toBeNull();
    expect(watch.staleMs(5200)).toBeNull();
  });

  it("is known to have begun anew", () => {
    const watch = createPlaylistWatch();
    watch.add(playlist(100), url, 0);
    expect(watch.add(playlist(0), url, 2000).isRestarted).toBe(true);
  });

  it("is followed through delta updates, whose addresses tell what each of them waited for", () => {
    const watch = createPlaylistWatch();
    watch.add(playlist(1, 8), url, 0);
    for (const step of [1, 2, 3]) {
      const lines = playlist(1 + step, 8).split("\n");
      const delta = [...lines.slice(0, 4), "#EXT-X-SKIP:SKIPPED-SEGMENTS=5", ...lines.slice(14)].join("\n");
      const news = watch.add(
        delta,
        `${url}?_HLS_msn=${8 + step}&_HLS_part=${step}&_HLS_skip=YES`,
        2000 * step,
      );
      expect(news).toEqual({ staleMs: null, isRestarted: false });
    }
    expect(watch.staleMs(6000 + 2900)).toBeNull();
  });

  it("is followed on when a player comes back to a rung and asks for what is new alone", () => {
    const watch = createPlaylistWatch();
    watch.add(playlist(1, 8), url, 0);
    watch.add(playlist(2, 8), "https://a.example/low.m3u8", 2000);
    const lines = playlist(3, 8).split("\n");
    const delta = [...lines.slice(0, 4), "#EXT-X-SKIP:SKIPPED-SEGMENTS=5", ...lines.slice(14)].join("\n");
    watch.add(delta, `${url}?_HLS_skip=YES`, 4000);
    expect(watch.facts()?.windowS).toBe(16);
    expect(watch.staleMs(4000 + 2900)).toBeNull();
    expect(watch.breaches()).toEqual([]);
  });

  it("is not compared with another rendition's", () => {
    const watch = createPlaylistWatch();
    watch.add(playlist(100), url, 0);
    expect(watch.add(playlist(0), `${url}?low`, 2000).isRestarted).toBe(false);
  });
});

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

describe("what caches say", () => {
  it.each([
    [{ "x-cache": "Hit from cloudfront" }, "hit"],
    [{ "x-cache": "TCP_MISS from a" }, "miss"],
    [{ "cf-cache-status": "DYNAMIC" }, "miss"],
    [{ "cache-status": "edge; hit; ttl=3" }, "hit"],
    [{}, undefined],
  ])("%j is a %s", (headers, kind) => {
    expect(cacheWordOf(new Headers(headers as Record<string, string>))?.kind).toBe(kind);
  });

  it("is missing, with the reason, where headers are hidden", () => {
    const requests = createRequests();
    requests.add({ times: { startMs: 0, firstMs: 20, endMs: 50 }, byteCount: 1000, headers: new Headers() });
    expect(requests.read()).toMatchObject({
      firstByteMs: { known: true, value: 20 },
      wholeMs: { known: true, value: 50 },
      ageS: { known: false },
      cacheHitRatio: { known: false },
    });
  });
});
