import { expect, type BrowserContext, type Page } from "@playwright/test";

import type { StreamReport } from "../src/core/wire/automation.ts";
import { longestRetryMs } from "../src/media/link/retry.ts";
import { untilFailed } from "./conditions.ts";
import { createLiveManifest } from "./live-manifest.ts";
import { createLivePlaylist } from "./live-playlist.ts";
import { marked, type MarkedMedia } from "./marked-media.ts";
import type { Answer } from "./media-server.ts";
import { mediaTest as test } from "./media-test.ts";
import { decodedCount, downloadKept, record } from "./recordings.ts";
import { figure, openStreams, reportsOf, untilEvent, untilRead } from "./streams.ts";

test.describe("a marked stream made by ffmpeg is found out, played and read @beside", () => {
  for (const [name, path, kind, kept] of [
    ["HLS", marked.hls, "hls", /^segments, MP4/u],
    ["DASH", marked.dash, "dash", /^segments, MP4/u],
    ["MP4", marked.mp4, "file", /^raw luma/u],
  ] as const) {
    test(`${name}, and its recording plays`, async ({ openDevice, media, mediaServer }) => {
      const page = await openStreams(await openDevice({ acceptDownloads: true }), [
        `${mediaServer.url}/${path}`,
      ]);
      const report = await untilRead(page, 60);
      expect(report.kind).toBe(kind);
      expectMarkers(report, media);
      // Whether a bitstream comes is waited for; luma is kept from then on.
      await record(page, 75);
      await expect(page.getByRole("cell", { name: kept })).toBeVisible();
      expect(await decodedCount((await downloadKept(page)).path)).toBeGreaterThanOrEqual(20);
    });
  }

  test("an address that does not tell what it is", async ({ openDevice, mediaServer }) => {
    mediaServer.behave((path) => (path === "live/stream" ? playlistText(mediaServer.url) : null));
    const page = await openStreams(await openDevice(), [`${mediaServer.url}/live/stream`]);
    expect((await untilRead(page, 30)).kind).toBe("hls");
  });

  test("a file that is dropped on the page", async ({ openDevice, media, mediaServer }) => {
    const page = await (await openDevice()).newPage();
    await page.goto("/receiver");
    await expect(page.getByRole("button", { name: "Scan QR" })).toBeVisible();
    await dropFile(page, `${mediaServer.url}/${marked.mp4}`);
    expectMarkers(await untilRead(page, 60), media);
    await expect(page.getByText("dropped.mp4").first()).toBeVisible();
  });
});

test("a live playlist tells its place, its dates and its requests beside the markers @beside", async ({
  openDevice,
  mediaServer,
}) => {
  mediaServer.behave(createLivePlaylist(40).rule);
  const page = await openStreams(await openDevice(), [`${mediaServer.url}/live.m3u8`]);
  const { delivery } = await untilRead(page, 120);
  if (delivery === null) throw new Error("there is a playlist");
  expect(delivery).toMatchObject({ isLive: true, isLowLatency: false, breaches: [] });
  expect(figure(delivery.segmentS)).toBe(1);
  expect(figure(delivery.windowS)).toBe(6);
  const behindEdgeMs = figure(delivery.behindEdgeMs);
  expect(behindEdgeMs).toBeGreaterThan(500);
  // The playlist dates its segments by when they end: what is behind the edge is at least so old.
  expect(figure(delivery.dateTimeLatencyMs)).toBeGreaterThan(behindEdgeMs);
  expect(figure(delivery.requests.ageS)).toBe(7);
  expect(figure(delivery.requests.cacheHitRatio)).toBe(1);
  await expect(page.getByRole("region", { name: "Playlist" })).toContainText("live");
  await expect(page.getByRole("region", { name: "Requests" })).toContainText("HIT from e2e");
});

test.describe("a fault is recognised, told with how long it lasted, and played through @beside", () => {
  const faults: readonly Fault[] = [
    ["a playlist that is gone", "playlist-missing", /m3u8$/, { kind: "status", status: 404 }, 3],
    ["segments that are gone", "segment-missing", /m4s$/, { kind: "status", status: 404 }, 3],
    ["segments that are corrupt", "segment-corrupt", /vod\d+\.m4s$/, { kind: "corrupt" }, 4],
    ["a network that is gone", "unreachable", /./, { kind: "cut" }, 10],
  ];
  for (const [name, trouble, spoils, how, lastsS] of faults) {
    test(name, async ({ openDevice, mediaServer }) => {
      const live = createLivePlaylist(40);
      mediaServer.behave(live.rule);
      const page = await openStreams(await openDevice(), [`${mediaServer.url}/live.m3u8`]);
      const { delivery } = await untilRead(page, 30);
      const askedBefore = mediaServer.asked().length;
      const spoiltMs = Date.now();
      mediaServer.behave((path) => (spoils.test(path) ? how : live.rule(path)));
      await untilEvent(page, { kind: "trouble", trouble, isOver: false });
      // The fault goes on for a while: a player without patience would storm its server.
      await page.waitForTimeout(lastsS * 1000);
      expect(mediaServer.asked().length - askedBefore).toBeLessThan(8 * (lastsS + 3));
      mediaServer.behave(live.rule);
      const lastedMs = Date.now() - spoiltMs;
      const durationMs = await untilEvent(page, { kind: "trouble", trouble, isOver: true });
      expect(durationMs).toBeGreaterThan(1000);
      const { displayedCount } = (await readingOf(page)) ?? { displayedCount: 0 };
      await untilRead(page, displayedCount + 60);
      await expect(page.getByText("Connected", { exact: true })).toBeVisible();
      if (trouble !== "unreachable") return;
      // What was buffered is played to its end; the rest of the time, and until the next try, the viewer waits.
      const bufferMs = delivery === null ? 0 : figure(delivery.bufferMs);
      const waitedMs = await stalledMs(page);
      expect(waitedMs).toBeGreaterThan(lastedMs - bufferMs - 1500);
      expect(waitedMs).toBeLessThan(lastedMs - bufferMs + longestRetryMs + 2000);
    });
  }

  test("a live DASH stream whose segments are gone, then its manifest stale; nobody else is asked", async ({
    openDevice,
    mediaServer,
  }) => {
    const context = await openDevice();
    const hosts = new Set<string>();
    context.on("request", (request) => hosts.add(new URL(request.url()).hostname));
    const whole = await (await fetch(`${mediaServer.url}/${marked.dash}`)).text();
    const live = createLiveManifest(marked.dash, whole);
    mediaServer.behave(live.rule);
    const page = await openStreams(context, [`${mediaServer.url}/${marked.dash}`]);
    const { kind, delivery } = await untilRead(page, 30);
    expect([kind, delivery?.isLive]).toEqual(["dash", true]);
    expect(figure(delivery?.requests.cacheHitRatio ?? missing)).toBe(1);
    const connected = page.getByText("Connected", { exact: true });
    mediaServer.behave((path) => (path.endsWith(".m4s") ? { kind: "status", status: 404 } : live.rule(path)));
    for (const [trouble, mend] of [
      ["segment-missing", () => mediaServer.behave(live.rule)],
      ["playlist-stale", live.goOn],
    ] as const) {
      await untilEvent(page, { kind: "trouble", trouble, isOver: false });
      mend();
      expect(await untilEvent(page, { kind: "trouble", trouble, isOver: true })).toBeGreaterThan(0);
      await untilRead(page, ((await readingOf(page))?.displayedCount ?? 0) + 15);
      await expect(connected).toBeVisible();
      live.halt();
    }
    // All of it was shorter than what was buffered, and cost none of it.
    expect(await stalledMs(page)).toBe(0);
    expect([...hosts].filter((host) => !/^(?:127\.0\.0\.1|localhost)?$/.test(host))).toEqual([]);
  });

  test("a playlist that goes stale, and a break in the time line", async ({ openDevice, mediaServer }) => {
    const live = createLivePlaylist(12);
    mediaServer.behave(live.rule);
    const page = await openStreams(await openDevice(), [`${mediaServer.url}/live.m3u8`]);
    await untilRead(page, 30);
    live.halt();
    await untilEvent(page, { kind: "trouble", trouble: "playlist-stale", isOver: false });
    // Longer than what is buffered: the player runs dry.
    await page.waitForTimeout(4000);
    live.goOn();
    const durationMs = await untilEvent(page, { kind: "trouble", trouble: "playlist-stale", isOver: true });
    expect(durationMs).toBeGreaterThan(0);
    await untilEvent(page, { kind: "discontinuity" });
    await untilRead(page, ((await readingOf(page))?.displayedCount ?? 0) + 30);
    expect(await stalledMs(page)).toBeGreaterThan(500);
  });
});

test.describe("what cannot be played is refused in words @still", () => {
  const refusals: readonly (readonly [name: string, path: string, how: Answer, words: RegExp])[] = [
    ["a redirect in circles", "loop.m3u8", { kind: "redirect", to: "/loop.m3u8" }, /redirect/i],
    [
      "a playlist of 50 MB",
      "huge.m3u8",
      { kind: "flood", byteCount: 50e6, type: "application/vnd.apple.mpegurl" },
      /larger than is taken/,
    ],
    [
      "a codec that nobody has",
      "codec.m3u8",
      {
        kind: "text",
        text: '#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1000000,CODECS="mp4v.20.9"\nvod.m3u8\n',
        type: "application/vnd.apple.mpegurl",
      },
      /codec/,
    ],
    [
      "what is no stream",
      "page",
      { kind: "text", text: "<html></html>", type: "text/html" },
      /begins like no/,
    ],
  ];
  for (const [name, path, how, words] of refusals) {
    test(name, async ({ openDevice, mediaServer }) => {
      mediaServer.behave((asked) => (asked === path ? how : null));
      const page = await goTo(await openDevice(), `${mediaServer.url}/${path}`);
      expect(await untilFailed(page)).toMatch(words);
    });
  }

  test("a server that does not let the page read", async ({ openDevice, mediaServer }) => {
    mediaServer.behave(() => null, false);
    const context = await openDevice();
    for (const path of [marked.hls, marked.dash]) {
      const page = await goTo(context, `${mediaServer.url}/${path}`);
      expect(await untilFailed(page)).toMatch(/CORS/);
    }
  });

  test("a tab that may not be shared", async ({ openDevice }) => {
    const context = await openDevice();
    const page = await context.newPage();
    await page.addInitScript(() => {
      navigator.mediaDevices.getDisplayMedia = () =>
        Promise.reject(new DOMException("must be called from a user gesture", "InvalidStateError"));
    });
    await page.goto("/receiver?url=screen:&start=1");
    expect(await untilFailed(page)).toMatch(/only after a click/);
    const [report] = await reportsOf(page);
    expect(report?.snapshot).toMatchObject({ phase: "failed", failure: { kind: "denied" } });
  });

  test("addresses that are programs, files of this device, or nothing browsers play", async ({ page }) => {
    await page.goto("/receiver");
    for (const [address, words] of [
      ["javascript:alert(1)", /a program/],
      ["file:///etc/passwd", /Drop the file/],
      ["data:video/mp4,x", /Data addresses/],
      ["rtmp://a.example/b", /do not play RTMP/],
    ] as const) {
      await page.getByLabel(/Join code/).fill(address);
      await page.getByRole("button", { name: "Measure", exact: true }).click();
      await expect(page.getByRole("alert")).toContainText(words);
    }
  });
});

const missing = { known: false, why: "there is no report" } as const;

type Fault = readonly [name: string, trouble: string, spoils: RegExp, how: Answer, lastsS: number];

async function goTo(context: BrowserContext, address: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(`/receiver?url=${encodeURIComponent(address)}&start=1`);
  return page;
}

async function readingOf(page: Page) {
  const [report] = await reportsOf(page);
  return report?.snapshot.phase === "measuring" ? report.snapshot.measures.reading : null;
}

/** How long the viewer of the first stream has waited in all, ms. */
async function stalledMs(page: Page): Promise<number> {
  const [report] = await reportsOf(page);
  const stalls = report?.snapshot.phase === "measuring" ? report.snapshot.measures.stalls : null;
  return stalls === null ? 0 : figure(stalls.totalMs);
}

function expectMarkers({ snapshot }: StreamReport, { runNumber }: MarkedMedia): void {
  if (snapshot.phase !== "measuring") throw new Error(`it is ${snapshot.phase}`);
  expect(snapshot.measures.runNumber).toBe(runNumber);
  expect(snapshot.measures.reading.readCount).toBeGreaterThan(30);
}

function playlistText(origin: string): Answer {
  const segments = Array.from({ length: 10 }, (_, index) => `#EXTINF:1,\n${origin}/vod${index}.m4s`);
  const head = `#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-TARGETDURATION:1\n#EXT-X-MAP:URI="${origin}/init.mp4"`;
  return { kind: "text", text: [head, ...segments, "#EXT-X-ENDLIST", ""].join("\n"), type: "text/plain" };
}

/** Drops a file on the page as a person does, with the bytes of an address. */
async function dropFile(page: Page, address: string): Promise<void> {
  await page.evaluate(async (from) => {
    const bytes = await (await fetch(from)).blob();
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File([bytes], "dropped.mp4", { type: "video/mp4" }));
    document.body.dispatchEvent(new DragEvent("drop", { bubbles: true, dataTransfer }));
  }, address);
}
