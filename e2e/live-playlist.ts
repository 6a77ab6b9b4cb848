import type { Rule } from "./media-server.ts";

/** Segments that are listed at once. */
const windowCount = 6;

/** A live stream out of segments of one second that lie on a disk. */
export type LivePlaylist = {
  /** Hands out the playlist `live.m3u8` as of now; null for every other path. */
  readonly rule: Rule;
  /** No more segments come until `goOn`; then they come from where it stood. */
  readonly halt: () => void;
  readonly goOn: () => void;
};

/** Makes a live playlist that begins with a whole window, lists a segment more each second, and begins the media again, with a discontinuity, after its end. */
export function createLivePlaylist(segmentCount: number): LivePlaylist {
  const startMs = Date.now() - windowCount * 1000;
  let haltedMs: number | null = null;
  let lostMs = 0;
  const mediaNowMs = (): number => (haltedMs ?? Date.now()) - lostMs;
  return {
    rule: (path) => {
      if (path !== "live.m3u8") return null;
      const endCount = Math.floor((mediaNowMs() - startMs) / 1000);
      const text = playlistOf(endCount, segmentCount, startMs + lostMs);
      return { kind: "text", text, type: "application/vnd.apple.mpegurl" };
    },
    halt: () => {
      haltedMs ??= Date.now();
    },
    goOn: () => {
      if (haltedMs !== null) lostMs += Date.now() - haltedMs;
      haltedMs = null;
    },
  };
}

function playlistOf(endCount: number, segmentCount: number, startMs: number): string {
  const first = Math.max(0, endCount - windowCount);
  const head = [
    "#EXTM3U",
    "#EXT-X-VERSION:7",
    "#EXT-X-TARGETDURATION:1",
    `#EXT-X-MEDIA-SEQUENCE:${first}`,
    `#EXT-X-DISCONTINUITY-SEQUENCE:${Math.floor(Math.max(0, first - 1) / segmentCount)}`,
    '#EXT-X-MAP:URI="init.mp4"',
  ];
  const body = Array.from({ length: endCount - first }, (_, index) => {
    const number = first + index;
    const isBreak = number > 0 && number % segmentCount === 0;
    return [
      ...(isBreak ? ["#EXT-X-DISCONTINUITY", '#EXT-X-MAP:URI="init.mp4"'] : []),
      `#EXT-X-PROGRAM-DATE-TIME:${new Date(startMs + number * 1000).toISOString()}`,
      "#EXTINF:1.000000,",
      `vod${number % segmentCount}.m4s`,
    ];
  });
  return [...head, ...body.flat(), ""].join("\n");
}
