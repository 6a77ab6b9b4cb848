import { describe, expect, it } from "vitest";

import { checkMedia, checkSuccession } from "../../../core/hls/check.ts";
import { resumeLive, type LiveOptions } from "../../../core/hls/live.ts";
import { liveEdgeOf, openDiscontinuityOf, type MediaPlaylist } from "../../../core/hls/playlist.ts";
import { readPlaylist } from "../../../core/hls/read.ts";
import { senderDefaults } from "../../../core/wire/setup.ts";
import type { EncodedChunk } from "../encode/encode.protocol.ts";
import { planHls } from "./plan.ts";
import { createPublisher, type PublisherOptions } from "./publisher.ts";

const fps = 10;
const live: LiveOptions = {
  targetDurationS: 1,
  partTargetS: 0.3,
  windowSegmentCount: 6,
  canBlockReload: true,
  canSkip: true,
};

function planned(ladder: boolean) {
  const size = { widthPx: 1280, heightPx: ladder ? 720 : 360 };
  const plan = planHls({ ...senderDefaults, ...size, codec: "vp9", fps, segmentS: 1, partMs: 300, ladder });
  if (!plan.ok) throw new Error(plan.failure.what);
  return plan.value;
}

/** Frames of all rungs, a key frame every second. */
function chunks(from: number, to: number, rungCount: number): readonly EncodedChunk[] {
  const slots = Array.from({ length: to - from }, (_, index) => from + index);
  return slots.flatMap((slot) =>
    Array.from({ length: rungCount }, (_, rungIndex) => {
      const isKey = slot % fps === 0;
      const timestampUs = slot * 100_000;
      return {
        rungIndex,
        data: new Uint8Array(50),
        isKey,
        slot,
        timestampUs,
        durationUs: 100_000,
        dateUs: 1_795_250_000_000_000 + timestampUs,
        decoderConfig: isKey ? { codec: "vp09.00.31.08", codedWidth: 640, codedHeight: 360 } : null,
      };
    }),
  );
}

const folderOf = (name: string): string => name.slice(0, name.lastIndexOf("/") + 1);

function mediaOf(text: string): MediaPlaylist | null {
  const read = readPlaylist(text, "memory");
  if (!read.ok) throw new Error(read.failure.what);
  expect(read.value.oddities).toEqual([]);
  return read.value.playlist.kind === "media" ? read.value.playlist.media : null;
}

/** A server in memory that holds every playlist it is given to the rules, alone and against the one before. */
function createServer() {
  const files = new Map<string, string>();
  const breaches: string[] = [];
  const put = (name: string, text: string): void => {
    if (name.endsWith(".m3u8")) {
      const after = mediaOf(text);
      const before = files.has(name) ? mediaOf(files.get(name) ?? "") : null;
      if (after !== null) {
        breaches.push(...checkMedia(after).map(({ words }) => words));
        if (before !== null) breaches.push(...checkSuccession(before, after).map(({ words }) => words));
        breaches.push(...reportBreaches(name, after, files));
        for (const uri of listed(after))
          if (!files.has(folderOf(name) + uri)) breaches.push(`${name} lists ${uri}, which is not there`);
      }
    }
    files.set(name, text);
  };
  return { files, breaches, put };
}

function listed({ segments, open }: MediaPlaylist): readonly string[] {
  const heads = [...segments, ...(open === null ? [] : [open])];
  const whole = segments.filter(({ isGap }) => !isGap).map(({ uri }) => uri);
  return [...whole, ...heads.flatMap(({ map, parts }) => [map?.uri ?? "", ...parts.map(({ uri }) => uri)])];
}

/** Place of a part in the stream, of which four make a segment. */
const placeOf = (msn: number, part: number): number => 4 * msn + part;

function lastPlaceOf(playlist: MediaPlaylist): number {
  const { lastMsn, lastSegmentPartCount, openPartCount } = liveEdgeOf(playlist);
  return openPartCount > 0
    ? placeOf(lastMsn + 1, openPartCount - 1)
    : placeOf(lastMsn, Math.max(0, lastSegmentPartCount - 1));
}

/** A report (4.4.5.4) tells of nothing that is not there, and of all but what came just now. */
function reportBreaches(
  name: string,
  { reports }: MediaPlaylist,
  files: ReadonlyMap<string, string>,
): readonly string[] {
  return reports.flatMap(({ uri, lastMsn, lastPart }) => {
    const other = mediaOf(files.get(new URL(uri, `memory:/${name}`).pathname.slice(1)) ?? "");
    const lag = other === null ? Number.NaN : lastPlaceOf(other) - placeOf(lastMsn, lastPart ?? 0);
    return lag >= 0 && lag <= 2 ? [] : [`${name} reports ${uri} to be ${lag} parts from where it is`];
  });
}

/** What a segment has in common with that of another rung. */
function bare({ uri, durationS, programDateTimeMs, isDiscontinuity }: MediaPlaylist["segments"][number]) {
  return { uri, durationS, programDateTimeMs, isDiscontinuity };
}

function createSubject(change: Partial<PublisherOptions> & { readonly ladder?: boolean } = {}) {
  const server = createServer();
  const plan = planned(change.ladder ?? false);
  const told = { live: 0, trouble: 0 };
  let isAway = false;
  const publisher = createPublisher({
    plan,
    codec: "vp9",
    fps,
    holdMs: 0,
    live,
    uploader: {
      put: async ({ name, bytes }) => {
        await new Promise((resolve) => setImmediate(resolve));
        const failure = { kind: "unreachable", what: "away", where: name, next: "Wait." } as const;
        if (isAway) return { kind: "lost", failure };
        server.put(name, typeof bytes === "string" ? bytes : "");
        return { kind: "put", roundTripMs: 1 };
      },
    },
    left: plan.rungs.map(() => null),
    onLive: () => {
      told.live += 1;
    },
    onTrouble: () => {
      told.trouble += 1;
      publisher.suspend();
    },
    onBroken: (error) => {
      throw error;
    },
    onRetired: () => undefined,
    ...change,
  });
  const take = async (from: number, to: number): Promise<void> => {
    for (const chunk of chunks(from, to, plan.rungs.length)) publisher.take(chunk);
    for (let turn = 0; turn < 200; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  };
  const playlist = (name: string): MediaPlaylist => {
    const media = mediaOf(server.files.get(name) ?? "");
    if (media === null) throw new Error(`${name} is no media playlist`);
    return media;
  };
  const away = (next: boolean): void => {
    isAway = next;
  };
  return { server, publisher, told, take, playlist, away };
}

describe("a stream that is published", () => {
  it("has parts, whole segments and dates, and breaks no rule at any step", async () => {
    const { server, take, playlist, told } = createSubject();
    for (let slot = 0; slot < 100; slot += 5) await take(slot, slot + 5);
    expect(server.breaches).toEqual([]);
    expect(told).toEqual({ live: 1, trouble: 0 });
    const { segments, mediaSequence } = playlist("index.m3u8");
    expect(mediaSequence + segments.length).toBe(10);
    expect(segments.map(({ programDateTimeMs }) => (programDateTimeMs ?? 0) % 1000)).toEqual(
      segments.map(() => 0),
    );
    expect(segments.at(-1)?.parts.map(({ durationS }) => durationS)).toEqual([0.3, 0.3, 0.3, 0.1]);
  });

  it("has a ladder, whose rungs tell of each other and begin their segments with the same frames", async () => {
    const { server, take, playlist } = createSubject({ ladder: true });
    for (let slot = 0; slot < 75; slot += 3) await take(slot, slot + 3);
    expect(server.breaches).toEqual([]);
    const read = readPlaylist(server.files.get("index.m3u8") ?? "", "memory");
    expect(read).toMatchObject({
      value: {
        playlist: {
          multivariant: {
            independentSegments: true,
            variants: [
              { uri: "720p/index.m3u8", codecs: ["vp09.00.31.08"], widthPx: 1280, frameRateFps: fps },
              { uri: "360p/index.m3u8", codecs: ["vp09.00.31.08"], widthPx: 640, frameRateFps: fps },
            ],
          },
        },
      },
    });
    const [high, low] = [playlist("720p/index.m3u8"), playlist("360p/index.m3u8")];
    expect(high.reports).toMatchObject([{ uri: "../360p/index.m3u8" }]);
    expect(low.reports).toMatchObject([{ uri: "../720p/index.m3u8" }]);
    expect(low.segments.map(bare)).toEqual(high.segments.map(bare));
  });

  it("claims of each rung what its segments weigh, once that is known", async () => {
    const { server, take } = createSubject({ ladder: true });
    await take(0, 20);
    const asked = server.files.get("index.m3u8");
    await take(20, 75);
    // Ten frames of 50 bytes a second, and what CMAF adds to them.
    expect(asked).toContain("AVERAGE-BANDWIDTH=2500000,");
    expect(server.files.get("index.m3u8")).toMatch(/BANDWIDTH=3125000,AVERAGE-BANDWIDTH=\d{4},/);
  });

  it("has the same discontinuity numbers in all rungs, whatever was left of each", async () => {
    const first = createSubject({ ladder: true });
    await first.take(0, 25);
    const high = resumeLive(live, first.playlist("720p/index.m3u8"));
    const second = createSubject({ ladder: true, left: [high, null] });
    for (let slot = 0; slot < 24; slot += 3) await second.take(slot, slot + 3);
    expect(second.server.breaches.filter((words) => !words.includes("is not there"))).toEqual([]);
    const after = ["720p/index.m3u8", "360p/index.m3u8"].map((name) => second.playlist(name));
    expect(after.map(openDiscontinuityOf)).toEqual([1, 1]);
    expect(after.map(({ segments }) => segments.at(-1)?.uri)).toEqual(["seg-1-4.m4s", "seg-1-2.m4s"]);
  });

  it("goes on with a discontinuity when its server was away, without what was never put", async () => {
    const { server, publisher, take, playlist, told, away } = createSubject();
    await take(0, 25);
    away(true);
    await take(25, 45);
    expect(told.trouble).toBe(1);
    away(false);
    publisher.resume(true);
    await take(45, 75);
    expect(server.breaches).toEqual([]);
    const { segments } = playlist("index.m3u8");
    expect(segments.map(({ isDiscontinuity }) => isDiscontinuity).lastIndexOf(true)).toBe(3);
    expect(segments.map(({ isGap }) => isGap)).toEqual([false, false, true, false, false]);
  });

  it("lists nothing old where its server has lost every file, and numbers go on", async () => {
    const { server, publisher, take, playlist } = createSubject();
    await take(0, 25);
    publisher.suspend();
    server.files.clear();
    publisher.resume(false);
    await take(30, 55);
    expect(server.breaches).toEqual([]);
    const { mediaSequence, discontinuitySequence, segments } = playlist("index.m3u8");
    expect(mediaSequence).toBeGreaterThan(2);
    expect(discontinuitySequence).toBeGreaterThan(0);
    expect(segments).toHaveLength(2);
  });

  it("is taken up by a page that was loaded again, and ends", async () => {
    const first = createSubject();
    await first.take(0, 25);
    const left = [resumeLive(live, first.playlist("index.m3u8"))];
    const second = createSubject({ left });
    for (const [name, text] of first.server.files) second.server.files.set(name, text);
    await second.take(0, 25);
    expect(second.server.breaches).toEqual([]);
    expect(second.server.files.get("index.m3u8")).toMatch(
      /seg-0-1\.m4s[^]*#EXT-X-DISCONTINUITY\n[^]*init-1\.mp4/,
    );
    second.publisher.suspend();
    for (const { name, bytes } of second.publisher.ending()) second.server.put(name, bytes);
    expect(second.server.breaches).toEqual([]);
    expect(second.playlist("index.m3u8").isEnded).toBe(true);
  });
});
