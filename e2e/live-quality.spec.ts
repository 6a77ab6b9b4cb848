import { writeFile } from "node:fs/promises";

import { expect, type Page } from "@playwright/test";

import { scoreAgainstScene } from "../bench/parts/score-against-scene.ts";
import type { ScoredFrame } from "../src/core/quality/live-quality.ts";
import { smallModel } from "../src/core/quality/small-model.fake.ts";
import type { ReceiverAutomation, SenderAutomation } from "../src/core/wire/automation.ts";
import { openReceiver, openSender, untilMeasuring, untilScored } from "./conditions.ts";
import { openHlsSender } from "./hls-conditions.ts";
import { downloadKept, startRecording } from "./recordings.ts";
import { test } from "./server.ts";

type Face = { readonly streamgauge?: SenderAutomation | ReceiverAutomation };

const rates = [300, 800, 2500] as const;
const size = { widthPx: 640, heightPx: 360 };
const seed = 7;
const scene = `&size=${size.widthPx}x${size.heightPx}&seed=${seed}`;
/** More of a core than stands by default, so that the test need not wait long. */
const scoring = "&scoring=80";

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function meanVmaf(frames: readonly ScoredFrame[]): number {
  return meanOf(frames.map(({ vmaf }) => vmaf));
}

/** VMAF of every frame of a recording, by frame id: decoded by ffmpeg, scored in this process. */
async function scoreRecording(path: string): Promise<ReadonlyMap<number, number>> {
  const { frames } = await scoreAgainstScene(path, seed, size);
  return new Map(frames.map(({ frameId, vmaf }) => [frameId ?? -1, vmaf]));
}

/** A recording that was saved, and what was scored live meanwhile. */
type Recording = { readonly path: string; readonly live: readonly ScoredFrame[] };

/**
 * Records while frames are scored live.
 * @param frameCount how many to score meanwhile: over HLS, those displayed first were received before
 */
async function recordScored(receiver: Page, frameCount: number): Promise<Recording> {
  // Bandwidth estimation has come to rest by then.
  await untilScored(receiver, 6);
  await startRecording(receiver);
  const before = (await untilScored(receiver, 6)).length;
  const frames = await untilScored(receiver, before + frameCount);
  await receiver.getByRole("button", { name: "Stop recording" }).click();
  const path = test.info().outputPath("recording");
  await writeFile(path, (await downloadKept(receiver)).bytes);
  return { path, live: frames.slice(6) };
}

/**
 * Live scores are those of the recording, within 1 VMAF on every frame that both have.
 * @returns the mean of the live ones
 */
async function expectSame(label: string, { live, path }: Recording): Promise<number> {
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
  return meanVmaf(live);
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

test("live VMAF over WebRTC orders bitrates, and is that of the recording, frame by frame", async ({
  openDevice,
}) => {
  // A busy machine is scored on more slowly.
  test.slow();
  const means: number[] = [];
  for (const kbps of rates) {
    const devices = await Promise.all([openDevice(), openDevice({ acceptDownloads: true })]);
    const sender = await openSender(devices[0], `${scene}&kbps=${kbps}`);
    const receiver = await openReceiver(devices[1], sender.join, scoring);
    const recording = await recordScored(receiver, 10);
    if (kbps === rates.at(-1)) await expectModelUsed(receiver);
    await Promise.all(devices.map((device) => device.close()));
    means.push(await expectSame(`WebRTC, ${kbps} kbit/s`, recording));
  }
  expect(means.toSorted((one, other) => one - other)).toEqual(means);
});

test("live VMAF over HLS orders bitrates, is that of the recording, and stays within its budget", async ({
  openDevice,
  server,
}) => {
  // A busy machine is scored on more slowly.
  test.slow();
  const means: number[] = [];
  for (const kbps of rates) {
    const devices = await Promise.all([openDevice(), openDevice({ acceptDownloads: true })]);
    const { playUrl } = await openHlsSender(devices[0], `${scene}&kbps=${kbps}`);
    const receiver = await devices[1].newPage();
    const url = encodeURIComponent(new URL(playUrl, server.url).href);
    await receiver.goto(`/receiver?start=1&url=${url}${scoring}`);
    await untilMeasuring(receiver);
    const recording = await recordScored(receiver, 28);
    const state = await receiver.evaluate(() => (globalThis as Face).streamgauge?.snapshot());
    if (state?.phase !== "measuring" || !("quality" in state) || state.quality.state !== "scoring")
      throw new Error("nothing is scored");
    const { coreRatio } = state.quality.quality;
    expect(coreRatio.known && coreRatio.value).toBeLessThan(0.9);
    await Promise.all(devices.map((device) => device.close()));
    means.push(await expectSame(`HLS, ${kbps} kbit/s`, recording));
  }
  expect(means.toSorted((one, other) => one - other)).toEqual(means);
});
