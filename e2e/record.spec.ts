import { expect, type Page } from "@playwright/test";

import { emulateNetwork } from "../src/cli/drive/conditions.ts";
import {
  measuresOf,
  observationsOf,
  openReceiver,
  openSender,
  untilJoinable,
  untilMeasuring,
  untilOtherRun,
} from "./conditions.ts";
import {
  encodedHashes,
  framesOf,
  instantsOf,
  missingIn,
  packetsOf,
  sha256,
  slicesSha256,
  watchEncoder,
} from "./encoded.ts";
import { decodedCount, downloadKept, record, untilMore } from "./recordings.ts";
import { test } from "./server.ts";

/** Has the browser play a file quickly to its end; resolves with where that is, s. */
async function playedUntilS(page: Page, file: Buffer): Promise<number> {
  return page.evaluate(async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (char) => char.codePointAt(0) ?? 0);
    const video = document.createElement("video");
    video.src = URL.createObjectURL(new Blob([bytes], { type: "video/mp4" }));
    video.muted = true;
    video.playbackRate = 8;
    const ended = new Promise<number>((resolve, reject) => {
      video.addEventListener("ended", () => resolve(video.currentTime));
      video.addEventListener("error", () => reject(new Error(video.error?.message)));
    });
    await video.play();
    return ended;
  }, file.toString("base64"));
}

test("a recording of WebRTC over a network that loses packets holds the sender's frames, each once and in order, and outlives a reload @beside", async ({
  openDevice,
}) => {
  const context = await openDevice();
  const page = await context.newPage();
  await watchEncoder(page);
  await page.goto("/sender?start=1&codec=vp8&size=320x180&kbps=400");
  const join = await untilJoinable(page);
  const device = await openDevice({ acceptDownloads: true });
  const receiver = await device.newPage();
  // Frames whose packets are sent again come after later ones, some of them twice.
  const lossy = { name: "lossy", delayMs: 30, jitterMs: null, lossRatio: 0.05, rateKbps: null };
  await emulateNetwork(receiver, { asked: lossy, by: "browser", limits: [] });
  await receiver.goto(`/receiver?join=${join}&start=1`);
  await untilMeasuring(receiver);
  await record(receiver, 90);
  const first = await downloadKept(receiver);
  const frames = await framesOf(first.bytes, sha256);
  expect(frames.length).toBeGreaterThanOrEqual(60);
  expect(missingIn(frames, await encodedHashes(page))).toBeLessThan(5);
  expect(await decodedCount(first.path)).toBe(frames.length);

  await receiver.getByRole("button", { name: "Keep last 30 s" }).click();
  await expect(receiver.getByRole("button", { name: "Download" })).toHaveCount(2);
  await receiver.goto("/receiver");
  await expect(receiver.getByRole("button", { name: "Download" })).toHaveCount(2);
  const kept = await downloadKept(receiver);
  const sent = await encodedHashes(page);
  for (const { bytes } of [kept, await downloadKept(receiver)])
    expect(missingIn(await framesOf(bytes, sha256), sent)).toBeLessThan(10);
  await receiver.getByRole("button", { name: "Delete" }).first().click();
  await receiver.getByRole("button", { name: "Delete" }).first().click();
  await expect(receiver.getByRole("button", { name: "Download" })).toHaveCount(0);
});

test("a recording of HLS is byte for byte what the origin served @beside", async ({ openDevice, server }) => {
  const sender = await (await openDevice()).newPage();
  await sender.goto("/sender?start=1&via=hls&size=320x180&kbps=400");
  const play = await sender.waitForFunction(() => {
    const doing = (
      globalThis as unknown as {
        streamgauge?: { snapshot: () => { phase: string; outlet?: { state: string; playUrl: string } } };
      }
    ).streamgauge?.snapshot();
    return doing?.phase === "sending" && doing.outlet?.state === "live" ? doing.outlet.playUrl : null;
  });
  const playUrl = new URL(String(await play.jsonValue()), server.url).href;
  const receiver = await (await openDevice({ acceptDownloads: true })).newPage();
  const served = new Map<string, Buffer>();
  await receiver.route(/\.(?:m4s|mp4|ts)(?:\?|$)/, async (route) => {
    const response = await route.fetch({ maxRetries: 2 });
    served.set(new URL(route.request().url()).pathname, await response.body());
    await route.fulfill({ response });
  });
  await receiver.goto(`/receiver?url=${encodeURIComponent(playUrl)}&start=1`);
  await untilMeasuring(receiver);
  await record(receiver, 120);
  const { path, bytes } = await downloadKept(receiver);
  // In the order of their numbers: requests that are under way together are answered in any.
  const bodies = [...served]
    .toSorted(([one], [other]) => one.localeCompare(other, "en", { numeric: true }))
    .map(([, body]) => body);
  const init = bodies.find((body) => body.subarray(4, 8).toString() === "ftyp");
  if (init === undefined) throw new Error("no init was served");
  expect(bytes.subarray(0, init.length).equals(init)).toBe(true);
  const media = bodies.filter((body) => body !== init);
  const starts = media.map((_, from) => Buffer.concat(media.slice(from)));
  const rest = bytes.subarray(init.length);
  expect(rest.length).toBeGreaterThan(100_000);
  expect(starts.some((from) => from.subarray(0, rest.length).equals(rest))).toBe(true);
  expect(await decodedCount(path)).toBeGreaterThanOrEqual(90);
  const indexed = await downloadKept(receiver, "MP4");
  const copied = (await packetsOf(indexed.bytes)).map(sha256);
  expect(copied).toEqual((await packetsOf(bytes)).map(sha256));
  expect(indexed.bytes.indexOf("moov")).toBeLessThan(indexed.bytes.indexOf("mdat"));
  await receiver.unrouteAll({ behavior: "ignoreErrors" });
});

test("a recording goes on over a reconnect, and a page that is closed while it records loses at most two seconds @beside", async ({
  openDevice,
}) => {
  const sender = await openSender(await openDevice(), "&codec=h264&size=320x180&kbps=400");
  const device = await openDevice({ acceptDownloads: true });
  const receiver = await openReceiver(device, sender.join);
  await receiver.getByRole("button", { name: "Record", exact: true }).click();
  await untilMore(receiver, 60);
  const { runNumber } = await measuresOf(receiver);
  await sender.page.reload();
  await untilOtherRun(receiver, runNumber);
  await untilMore(receiver, 90);
  const seen = (await observationsOf(receiver)).filter(({ reading }) => reading.read);
  await receiver.close();
  const later = await device.newPage();
  await later.goto("/receiver");
  await expect(later.getByText("its page was closed while recording")).toBeVisible();
  await expect(later.getByRole("button", { name: "Download" })).toHaveCount(1);
  const { path, bytes } = await downloadKept(later);
  // Recorded since the button: 150 frames displayed after it, of which those of two seconds may be missing.
  expect(seen.length).toBeGreaterThan(150);
  expect(await decodedCount(path)).toBeGreaterThanOrEqual(150 - 60);
  // The new connection's timestamps begin anywhere within 13 hours; the file's gap is the time that passed.
  const instantsS = await instantsOf(bytes);
  const lastS = instantsS.at(-1) ?? 0;
  const stepsS = instantsS.slice(1).map((instantS, index) => instantS - (instantsS[index] ?? 0));
  expect(Math.min(...stepsS)).toBeGreaterThan(0);
  expect(lastS).toBeLessThan(60);
  expect(Math.abs((await playedUntilS(later, bytes)) - lastS)).toBeLessThan(0.2);
});

test("a recording of H.264 holds the sender's frames, every one, and ends in clear words when there is no room @beside", async ({
  openDevice,
}) => {
  const sender = await (await openDevice()).newPage();
  await watchEncoder(sender);
  await sender.goto("/sender?start=1&codec=h264&size=640x360&kbps=4000");
  const receiver = await openReceiver(
    await openDevice({ acceptDownloads: true }),
    await untilJoinable(sender),
    "&keep=1&ring=0",
  );
  await receiver.getByRole("button", { name: "Record", exact: true }).click();
  await expect(receiver.getByText("ended: no room was left")).toBeVisible();
  const { path, bytes } = await downloadKept(receiver);
  // The room that was given, and what came between two looks at it.
  expect(bytes.length).toBeLessThan(2_000_000);
  const frames = await framesOf(bytes, slicesSha256);
  expect(frames.length).toBeGreaterThan(10);
  expect(missingIn(frames, await encodedHashes(sender))).toBe(0);
  expect(await decodedCount(path)).toBe(frames.length);
});
