import { M3U8Parser } from "hls.js";
import { describe, expect, it } from "vitest";

import { writeDelta } from "./delta.ts";
import { reduceLive, startLive, toMediaPlaylist, type LivePlaylist } from "./live.ts";
import { initName, partName, segmentName } from "./names.ts";
import type { MultivariantPlaylist } from "./playlist.ts";
import { writeMediaPlaylist, writeMultivariantPlaylist } from "./write.ts";

const url = "https://cdn.example/hls/live.m3u8";

/** `count` parts of 200 ms, five to a segment, restarted once after `restartAt` of them. */
function publish(count: number, restartAt: number): LivePlaylist {
  const options = {
    targetDurationS: 1,
    partTargetS: 0.2,
    windowSegmentCount: 16,
    canBlockReload: true,
    canSkip: true,
  };
  let live = startLive(options, { uri: initName(0), byteRange: null });
  let discontinuity = 0;
  for (let made = 0; made < count; made += 1) {
    const msn = live.mediaSequence + live.segments.length;
    const index = live.open.parts.length;
    if (made === restartAt) {
      discontinuity += 1;
      live = reduceLive(live, {
        kind: "restart",
        map: { uri: initName(1), byteRange: null },
        gapUri: "gap.m4s",
      });
    }
    const uri = partName(discontinuity, msn, index);
    const hintUri = index < 4 ? partName(discontinuity, msn, index + 1) : partName(discontinuity, msn + 1, 0);
    const programDateTimeMs = 1_700_000_000_000 + made * 200;
    live = reduceLive(live, {
      kind: "part",
      uri,
      durationS: 0.2,
      isIndependent: index === 0,
      programDateTimeMs,
      hintUri,
    });
    if (index === 4) {
      live = reduceLive(live, {
        kind: "segment",
        uri: segmentName(discontinuity, msn),
        durationS: 1,
        hintUri,
      });
    }
  }
  return live;
}

function parse(text: string) {
  return M3U8Parser.parseLevelPlaylist(text, url, 0, "main" as never, 0, null);
}

describe("hls.js", () => {
  const playlist = toMediaPlaylist(publish(102, 75));
  const text = writeMediaPlaylist(playlist);

  it("reads a live playlist with the same numbers, and finds nothing wrong", () => {
    const details = parse(text);
    expect(details.playlistParsingError).toBeNull();
    expect(details).toMatchObject({
      live: true,
      targetduration: 1,
      partTarget: 0.2,
      partHoldBack: 0.6,
      canBlockReload: true,
      canSkipUntil: 6,
      startSN: playlist.mediaSequence,
      endSN: playlist.mediaSequence + playlist.segments.length - 1,
      endCC: 1,
      lastPartSn: 20,
      lastPartIndex: 1,
      preloadHint: { URI: "seg-1-20.2.m4s" },
    });
    expect(details.fragments.map((fragment) => fragment.relurl)).toEqual(
      playlist.segments.map(({ uri }) => uri),
    );
    expect(details.fragments.at(-1)?.programDateTime).toBe(playlist.segments.at(-1)?.programDateTimeMs);
    expect(details.fragments.map((fragment) => fragment.initSegment?.relurl)).toEqual(
      playlist.segments.map(({ map }) => map?.uri),
    );
  });

  it("reads an end within a segment as a whole stream with a shorter last segment", () => {
    const segment = { kind: "segment", uri: "seg-1-20.m4s", durationS: 0.4, hintUri: null } as const;
    const closed = reduceLive(publish(102, 75), segment);
    const ended = toMediaPlaylist(reduceLive(closed, { kind: "end", gapUri: "gap.m4s" }));
    const details = parse(writeMediaPlaylist(ended));
    expect(details.playlistParsingError).toBeNull();
    expect(details).toMatchObject({ live: false, endSN: 20, lastPartSn: 20, lastPartIndex: 1 });
    const last = details.fragments.at(-1);
    expect(last).toMatchObject({ relurl: "seg-1-20.m4s", duration: 0.4, endList: true });
    expect(last?.gap).not.toBe(true);
    expect(details.edge).toBeCloseTo(details.fragments[0]!.start + details.totalduration, 6);
  });

  it("reads a delta update as the whole less what it skips", () => {
    const details = parse(writeDelta(text, playlist) ?? "");
    expect(details.playlistParsingError).toBeNull();
    expect(details.skippedSegments).toBe(10);
    expect([details.endSN, details.lastPartSn, details.lastPartIndex]).toEqual([19, 20, 1]);
  });

  it("learns from a delta update, too, where the other rungs of a ladder stand", () => {
    const report = { uri: "../360p/live.m3u8", lastMsn: 20, lastPart: 0 };
    const rung = toMediaPlaylist(reduceLive(publish(102, 75), { kind: "reports", reports: [report] }));
    const details = parse(writeDelta(writeMediaPlaylist(rung), rung) ?? "");
    expect(details.renditionReports).toMatchObject([
      { URI: "../360p/live.m3u8", "LAST-MSN": "20", "LAST-PART": "0" },
    ]);
  });

  it("reads a ladder with every rung", () => {
    const variant = (heightPx: number): MultivariantPlaylist["variants"][number] => ({
      uri: `${heightPx}p/live.m3u8`,
      bandwidthBps: heightPx * 4000,
      averageBandwidthBps: heightPx * 3000,
      codecs: ["avc1.64001F"],
      widthPx: (heightPx * 16) / 9,
      heightPx,
      frameRateFps: 29.97,
      audioGroup: null,
    });
    const ladder = {
      version: 6,
      independentSegments: true,
      renditions: [],
      variants: [1080, 720, 360].map(variant),
    };
    const parsed = M3U8Parser.parseMasterPlaylist(writeMultivariantPlaylist(ladder), url);
    expect(parsed.playlistParsingError).toBeNull();
    expect(
      parsed.levels.map(({ bitrate, width, height, videoCodec }) => ({ bitrate, width, height, videoCodec })),
    ).toEqual([
      { bitrate: 4_320_000, width: 1920, height: 1080, videoCodec: "avc1.64001F" },
      { bitrate: 2_880_000, width: 1280, height: 720, videoCodec: "avc1.64001F" },
      { bitrate: 1_440_000, width: 640, height: 360, videoCodec: "avc1.64001F" },
    ]);
  });
});
