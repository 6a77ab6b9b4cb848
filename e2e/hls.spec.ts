import { spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect, type Page } from "@playwright/test";

import { startNginx } from "../bench/parts/nginx.ts";
import {
  known,
  measuresOf,
  observationsOf,
  reset,
  untilClockKnown,
  untilDisplayed,
  untilFailed,
  untilOtherRun,
} from "./conditions.ts";
import { startDelayProxy } from "./delay-proxy.ts";
import {
  openHlsSender,
  openInPlace,
  streamsOf,
  throttleOf,
  untilEndedWhole,
  untilLatencyBelow,
  untilPaired,
  untilPlayable,
  untilSegments,
  untilSize,
} from "./hls-conditions.ts";
import { startServer, test, type InstrumentServer } from "./server.ts";
import { untilEvent } from "./streams.ts";

/** A small stream of 1 s segments and 200 ms parts. */
const small = "&size=320x180&fps=20&kbps=400&segment=1&part=200";

/** A stream that three players beside each other do not burden. */
const tiny = "&size=320x180&fps=30&kbps=400&segment=1&part=200";

const injectedMs = [500, 2000] as const;

/**
 * How far a difference of medians may be from the injected one: a player holds its place to some 15 ms, and Chromium shows a
 * frame up to half of its time early or late, and at the next refresh of the screen.
 */
const roomMs = 100;

/** ffmpeg says it of its own live fMP4 too: with each reload of a playlist it reads the initialization section again. */
const saidOfEveryLiveStream = /^.*Found duplicated MOOV Atom.*\n/gm;

/** What ffprobe says of an address; it must warn of nothing. */
function probe(args: readonly string[]): string {
  const { stdout, stderr, status } = spawnSync("ffprobe", ["-v", "warning", ...args], {
    encoding: "utf8",
    timeout: 30_000,
  });
  expect({ status, words: stderr.replaceAll(saidOfEveryLiveStream, "") }).toEqual({ status: 0, words: "" });
  return stdout;
}

/** When the key frames of a rung stand, s, in the whole segments that it lists now. */
async function keyTimesOf(playlistUrl: string): Promise<readonly number[]> {
  const read = async (url: string): Promise<Buffer> =>
    Buffer.from(await (await fetch(new URL(url, playlistUrl))).arrayBuffer());
  const playlist = (await read(playlistUrl)).toString();
  const names = [/(?<=#EXT-X-MAP:URI=")[^"]+/, /^seg-\d+-\d+\.m4s$/gm].flatMap(
    (name) => playlist.match(name) ?? [],
  );
  const directory = await mkdtemp(join(tmpdir(), "streamgauge-rung-"));
  try {
    const file = join(directory, "rung.mp4");
    await writeFile(file, Buffer.concat(await Promise.all(names.map(read))));
    // A file put together of segments is warned of for what no player meets.
    const asked = [
      "-v",
      "error",
      "-skip_frame",
      "nokey",
      "-show_entries",
      "frame=pts_time",
      "-of",
      "csv=p=0",
    ];
    return probe([...asked, file])
      .split("\n")
      .map(Number.parseFloat)
      .filter(Number.isFinite);
  } finally {
    await rm(directory, { recursive: true });
  }
}

/** The marker's latency and the one by the playlist's dates, which comes another way, are the same on one machine. */
async function expectDatesToAgree(receiver: Page): Promise<void> {
  await expect
    .poll(async () => {
      const [stream] = await streamsOf(receiver);
      const byDate = stream?.delivery?.dateTimeLatencyMs;
      const byMarker = (await measuresOf(receiver)).latencyMs.now;
      return byDate?.known === true && byMarker.known ? Math.abs(byDate.value - byMarker.value) : Infinity;
    })
    .toBeLessThan(150);
}

/** When key frames stand in both of two streams, s. */
async function sharedKeyTimes(url: string, otherUrl: string): Promise<readonly number[]> {
  const [times = [], others = []] = await Promise.all([url, otherUrl].map(keyTimesOf));
  return times.filter((time) => others.includes(time));
}

async function openLink(page: Page, link: string): Promise<Page> {
  await page.goto(link);
  return page;
}

/** The server is started anew at the same port: both pages come back by themselves, and the viewer is told and measured on. */
async function startAnew(server: InstrumentServer, sender: Page, receiver: Page): Promise<InstrumentServer> {
  const before = await measuresOf(receiver);
  await server.kill();
  await untilEvent(receiver, { kind: "trouble", trouble: "unreachable", isOver: false });
  const next = await startServer(["--port", `${server.port}`]);
  const over = { kind: "trouble", trouble: "unreachable", isOver: true } as const;
  expect(await untilEvent(receiver, over)).toBeGreaterThan(0);
  await untilPlayable(sender);
  await untilDisplayed(receiver, before.reading.displayedCount + 40);
  expect((await measuresOf(receiver)).runNumber).toBe(before.runNumber);
  return next;
}

test("a tab's low-latency HLS is measured, goes on after its server, then its sender began anew, and ends when stopped", async ({
  openDevice,
}) => {
  let server = await startServer();
  try {
    const sender = await openHlsSender(await openDevice(), small, server.url);
    const link = await sender.page.getByRole("link", { name: /receiver\?url=/ }).getAttribute("href");
    const receiver = await openLink(await (await openDevice()).newPage(), link ?? "");
    await untilDisplayed(receiver, 40);
    await reset(receiver);
    await untilDisplayed(receiver, 100);
    await untilClockKnown(receiver, 3);

    const measures = await measuresOf(receiver);
    const [stream] = await streamsOf(receiver);
    const { delivery } = stream ?? {};
    // Three parts; a stall of a machine under load takes a while to be made up.
    expect(known(measures.latencyMs.p50, "p50")).toBeGreaterThan(500);
    expect(known(measures.latencyMs.p50, "p50")).toBeLessThan(4000);
    expect(delivery).toMatchObject({ isLive: true, isLowLatency: true, breaches: [], rungCount: 1 });
    expect(delivery?.partS).toMatchObject({ value: 0.2 });
    const dateTimeMs = known(delivery?.dateTimeLatencyMs ?? { known: false, why: "" }, "PDT latency");
    expect(Math.abs(dateTimeMs - known(measures.latencyMs.now, "latency"))).toBeLessThan(150);

    server = await startAnew(server, sender.page, receiver);
    await sender.page.reload();
    expect((await untilPlayable(sender.page)).playUrl).toBe(sender.playUrl);
    await untilOtherRun(receiver, measures.runNumber);
    await untilEvent(receiver, { kind: "discontinuity" });

    await sender.page.getByRole("button", { name: "Stop" }).click();
    expect(await untilEndedWhole(sender.playUrl)).toMatch(/^seg-.*\.m4s\n#EXT-X-ENDLIST\n$/m);
  } finally {
    await server.stop();
  }
});

test("a delay in the way is measured as the difference to the control", async ({ openDevice, server }) => {
  // A busy machine brings players to their places more slowly.
  test.slow();
  const proxy = await startDelayProxy(server.url, injectedMs);
  try {
    await openHlsSender(await openDevice(), tiny, proxy.url);
    const urls = proxy.playUrls();
    // A stream has to be longer than the distance that it is played at.
    for (const url of urls) await untilSegments(url, 4);
    const query = urls.map((url) => `url=${encodeURIComponent(url)}`).join("&");
    const receiver = await (await openDevice()).newPage();
    await openInPlace(receiver, `/receiver?${query}&sync=2&start=1`, 2000);
    await untilPaired(receiver, 180);
    // Players come to their exact place at a rate that nobody sees: on a busy machine, which makes them stall, after a while.
    await expect(async () => {
      await reset(receiver);
      await untilPaired(receiver, 150);
      const [, ...others] = await streamsOf(receiver);
      const measuredMs = others.map(({ differentialMs }) => known(differentialMs.p50, "difference"));
      for (const [index, delayMs] of injectedMs.entries())
        expect(Math.abs((measuredMs[index] ?? 0) - delayMs), `${measuredMs.join(" and ")} ms`).toBeLessThan(
          roomMs,
        );
    }).toPass({ timeout: 60_000 });
  } finally {
    await proxy.stop();
  }
});

test("a low-latency ladder is measured over a change of rung, and ffmpeg reads it, with key frames at the same instants", async ({
  openDevice,
}) => {
  const sender = await openHlsSender(
    await openDevice(),
    "&size=960x540&fps=15&kbps=1200&segment=1&part=200&ladder=1",
  );
  const playlistOf = (height: number): string => new URL(`${height}p/index.m3u8`, sender.playUrl).href;
  const receiver = await openLink(await (await openDevice()).newPage(), sender.link);
  const rungs = { high: { widthPx: 960, heightPx: 540 }, low: { widthPx: 640, heightPx: 360 } };
  await untilSize(receiver, rungs.high, 30);
  await untilClockKnown(receiver, 3);
  await expectDatesToAgree(receiver);
  const throttle = await throttleOf(receiver);
  // Less than the high rung takes and more than the low one does.
  await throttle(850);
  await untilEvent(receiver, { kind: "rung" });
  await throttle(null);
  await untilSize(receiver, rungs.low, 45);
  await untilLatencyBelow(receiver, 2500);
  await expectDatesToAgree(receiver);

  const [stream] = await streamsOf(receiver);
  const events = stream?.events ?? [];
  expect(events.find(({ kind }) => kind === "rung")).toMatchObject(rungs.low);
  expect(events.find(({ kind }) => kind === "resize")).toMatchObject(rungs.low);
  const { delivery } = stream ?? {};
  expect(delivery).toMatchObject({ isLowLatency: true, breaches: [], rung: rungs.low });
  expect(delivery?.rungs).toMatchObject([rungs.low, rungs.high]);
  const heard = JSON.stringify({ rungs: delivery?.rungs, events });
  for (const { playedMs, mediaKbps } of delivery?.rungs ?? []) {
    expect(playedMs, heard).toBeGreaterThan(1000);
    expect(known(mediaKbps, "bitrate of a rung"), heard).toBeGreaterThan(100);
  }
  const observations = await observationsOf(receiver);
  for (const { heightPx } of [rungs.high, rungs.low]) {
    const ofSize = observations.filter((one) => one.heightPx === heightPx);
    expect(ofSize.filter(({ reading }) => reading.read).length).toBeGreaterThan(0.9 * ofSize.length);
  }
  await receiver.context().close();

  const probed = probe(["-of", "json", "-show_streams", sender.playUrl]);
  const { streams } = JSON.parse(probed) as { readonly streams: readonly { readonly height: number }[] };
  expect(streams.map(({ height }) => height)).toEqual([540, 360]);
  expect((await sharedKeyTimes(playlistOf(540), playlistOf(360))).length).toBeGreaterThanOrEqual(3);

  await sender.page.getByRole("button", { name: "Stop" }).click();
  await Promise.all([540, 360].map((height) => untilEndedWhole(playlistOf(height))));
  probe(["-count_frames", "-show_streams", sender.playUrl]);
});

test("files go to nginx by PUT and are played from there, over a restart of the sender @beside", async ({
  openDevice,
}) => {
  const nginx = await startNginx({}, "dav");
  test.skip(nginx === null, "nginx is not installed");
  const put = `http://127.0.0.1:${nginx?.port}/live/{name}`;
  try {
    const sender = await openHlsSender(await openDevice(), `${small}&put=${encodeURIComponent(put)}`);
    expect(sender.playUrl).toBe(put.replace("{name}", "index.m3u8"));
    const receiver = await openLink(await (await openDevice()).newPage(), sender.link);
    await untilDisplayed(receiver, 40);
    const { runNumber } = await measuresOf(receiver);
    await sender.page.reload();
    await untilPlayable(sender.page);
    await untilOtherRun(receiver, runNumber);
    const playlist = await (await fetch(sender.playUrl)).text();
    expect(playlist).toContain("#EXT-X-DISCONTINUITY\n");
    // A plain server neither holds requests nor skips segments.
    expect(playlist).not.toMatch(/CAN-BLOCK-RELOAD|CAN-SKIP|PRELOAD-HINT/);
  } finally {
    await nginx?.stop();
  }
});

test("where files cannot be put, the page says why, without the secret @still", async ({ page, server }) => {
  const nowhere = encodeURIComponent("http://127.0.0.1:9/live/{name}?sig=s3cret");
  await page.goto(`${server.url}/sender?start=1&via=hls${tiny}&put=${nowhere}`);
  const said = await untilFailed(page);
  expect(said).toMatch(/could not be put/);
  expect(said + page.url()).not.toContain("s3cret");
});
