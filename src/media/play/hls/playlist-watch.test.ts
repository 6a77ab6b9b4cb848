import { describe, expect, it } from "vitest";

import { createPlaylistWatch } from "./playlist-watch.ts";

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
