import { writeFile } from "node:fs/promises";

import { type BrowserContext, expect, type Page } from "@playwright/test";

import { scoreAgainstScene } from "../bench/parts/score-against-scene.ts";
import type { ScoredFrame } from "../src/core/quality/live-quality.ts";
import { smallModel } from "../src/core/quality/small-model.fake.ts";
import { mean } from "../src/core/statistics/quantile.ts";
import {
  measuresOf,
  openReceiver,
  openSender,
  reset,
  untilDisplayed,
  untilMeasuring,
  untilScored,
} from "./conditions.ts";
import { openHlsSender } from "./hls-conditions.ts";
import { downloadKept, startRecording } from "./recordings.ts";
import { test, type OpenDevice } from "./server.ts";

const rates = [300, 800, 2500] as const;
const size = { widthPx: 640, heightPx: 360 };
const seed = 7;
const scene = `&size=${size.widthPx}x${size.heightPx}&seed=${seed}`;
/** A whole core, so that scores come before all else and the test need not wait long. */
const scoring = "&scoring=100";

/** Mean VMAF of some frames. */
function meanVmaf(frames: readonly ScoredFrame[]): number {
  return mean(frames.map(({ vmaf }) => vmaf));
}

/** VMAF of every frame of a recording, by frame id: decoded by ffmpeg, scored in this process. */
async function scoreRecording(path: string): Promise<ReadonlyMap<number, number>> {
  const { frames } = await scoreAgainstScene(path, seed, size);
  return new Map(frames.map(({ frameId, vmaf }) => [frameId ?? -1, vmaf]));
}

/** A recording that was saved, and what was scored live meanwhile. */
type Recording = { readonly path: string; readonly live: readonly ScoredFrame[] };

/** Forgets what was scored before bandwidth estimation had come to rest. */
async function untilSteady(receiver: Page): Promise<void> {
  await untilMeasuring(receiver);
  await untilDisplayed(receiver, 100);
  await reset(receiver);
}

/** Records while frames are scored live. */
async function recordScored(receiver: Page): Promise<Recording> {
  await startRecording(receiver);
  const before = (await measuresOf(receiver)).reading.displayedCount;
  // What is displayed first over HLS was received before.
  await untilDisplayed(receiver, before + 100);
  await receiver.getByRole("button", { name: "Stop recording" }).click();
  const live = await untilScored(receiver, 10);
  const path = test.info().outputPath("recording");
  await writeFile(path, (await downloadKept(receiver)).bytes);
  return { path, live };
}

/** Live scores are those of the recording, within 1 VMAF on every frame that both have. */
async function expectSame(label: string, { live, path }: Recording): Promise<void> {
  const recorded = await scoreRecording(path);
  const pairs = live.flatMap(({ frameId, vmaf }) => {
    const other = recorded.get(frameId);
    return other === undefined ? [] : [{ vmaf, other }];
  });
  expect(pairs.length).toBeGreaterThanOrEqual(8);
  const worst = Math.max(...pairs.map(({ vmaf, other }) => Math.abs(vmaf - other)));
  console.log(
    `${label}: live VMAF ${meanVmaf(live).toFixed(2)}, ${pairs.length} frames also recorded, largest difference ${worst.toFixed(4)}`,
  );
  expect(worst).toBeLessThan(1);
}

/** A model that is loaded scores live frames from then on, which say so; the page's address does not. */
async function expectModelUsed(receiver: Page): Promise<void> {
  await receiver.getByText("Model", { exact: true }).click();
  await receiver.getByLabel(/^VMAF model/u).setInputFiles({
    name: "small.json",
    mimeType: "application/json",
    buffer: Buffer.from(JSON.stringify(smallModel)),
  });
  await expect(receiver.getByText("Scores by small.json (the model itself).")).toBeVisible();
  const frames = await untilScored(receiver, 3);
  expect(new Set(frames.map(({ map }) => map))).toEqual(new Set(["small.json (the model itself)"]));
  expect(receiver.url()).not.toContain("small");
}

/** The bitrate whose stream is recorded as well. */
const recordedKbps = 800;

/** Opens sender and receiver at a bitrate: of the sender's address, and of two devices. */
type Open = (sending: string, devices: readonly [BrowserContext, BrowserContext]) => Promise<Page>;

/** Live scores rise with the bitrate; at one of them they are those of the recording. Looks at the last receiver before it is closed. */
async function expectOrdered(
  label: string,
  openDevice: OpenDevice,
  open: Open,
  lookAt?: (receiver: Page) => Promise<void>,
): Promise<void> {
  const means: number[] = [];
  for (const kbps of rates) {
    const devices = await Promise.all([openDevice(), openDevice({ acceptDownloads: true })]);
    const receiver = await open(`${scene}&kbps=${kbps}`, devices);
    await untilSteady(receiver);
    const recording = kbps === recordedKbps ? await recordScored(receiver) : null;
    means.push(meanVmaf(await untilScored(receiver, 10)));
    if (kbps === rates.at(-1)) await lookAt?.(receiver);
    await Promise.all(devices.map((device) => device.close()));
    if (recording !== null) await expectSame(`${label}, ${kbps} kbit/s`, recording);
  }
  expect(means.toSorted((one, other) => one - other)).toEqual(means);
}

test("live VMAF over WebRTC orders bitrates, and is that of the recording, frame by frame @beside", async ({
  openDevice,
}) => {
  // A busy machine is scored on more slowly.
  test.slow();
  const open: Open = async (sending, devices) => {
    const sender = await openSender(devices[0], sending);
    return openReceiver(devices[1], sender.join, scoring);
  };
  await expectOrdered("WebRTC", openDevice, open, expectModelUsed);
});

test("live VMAF over HLS orders bitrates, and is that of the recording, frame by frame @beside", async ({
  openDevice,
  server,
}) => {
  // A busy machine is scored on more slowly.
  test.slow();
  await expectOrdered("HLS", openDevice, async (sending, devices) => {
    const { playUrl } = await openHlsSender(devices[0], `${sending}&segment=1&part=200`);
    const receiver = await devices[1].newPage();
    const url = encodeURIComponent(new URL(playUrl, server.url).href);
    await receiver.goto(`/receiver?start=1&url=${url}${scoring}`);
    return receiver;
  });
});
