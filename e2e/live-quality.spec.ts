import { expect, type BrowserContext } from "@playwright/test";

import { scoreAgainstScene } from "../bench/parts/score-against-scene.ts";
import type { ScoredFrame } from "../src/core/quality/live-quality.ts";
import type { ReceiverAutomation, SenderAutomation } from "../src/core/wire/automation.ts";
import { openReceiver, openSender, untilMeasuring, untilScored } from "./conditions.ts";
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

async function recordAndScore(device: BrowserContext, join: string) {
  const receiver = await openReceiver(device, join, scoring);
  // Bandwidth estimation has come to rest by then.
  await untilScored(receiver, 6);
  await receiver.getByRole("button", { name: "Record", exact: true }).click();
  const before = (await untilScored(receiver, 6)).length;
  const frames = await untilScored(receiver, before + 15);
  await receiver.getByRole("button", { name: "Stop recording" }).click();
  const saving = receiver.waitForEvent("download");
  await receiver.getByRole("button", { name: "Download" }).click();
  const recorded = await scoreRecording(await (await saving).path());
  return { live: frames.slice(6), recorded };
}

test("live VMAF over WebRTC orders bitrates, and is that of the recording, frame by frame", async ({
  openDevice,
}) => {
  const means: number[] = [];
  for (const kbps of rates) {
    const devices = [await openDevice(), await openDevice({ acceptDownloads: true })] as const;
    const sender = await openSender(devices[0], `${scene}&kbps=${kbps}`);
    const { live, recorded } = await recordAndScore(devices[1], sender.join);
    const pairs = live.flatMap(({ frameId, vmaf }) => {
      const other = recorded.get(frameId);
      return other === undefined ? [] : [{ vmaf, other }];
    });
    expect(pairs.length).toBeGreaterThanOrEqual(8);
    const worst = Math.max(...pairs.map(({ vmaf, other }) => Math.abs(vmaf - other)));
    means.push(meanVmaf(live));
    console.log(
      `${kbps} kbit/s: live VMAF ${meanVmaf(live).toFixed(2)}, ${pairs.length} frames also recorded, largest difference ${worst.toFixed(4)}`,
    );
    expect(worst).toBeLessThan(1);
    await Promise.all(devices.map((device) => device.close()));
  }
  expect(means.toSorted((one, other) => one - other)).toEqual(means);
});

test("live VMAF over HLS orders bitrates, within the budget that it is given", async ({
  openDevice,
  server,
}) => {
  const means: number[] = [];
  for (const kbps of rates) {
    const devices = [await openDevice(), await openDevice()] as const;
    const sender = await devices[0].newPage();
    await sender.goto(`/sender?start=1&via=hls${scene}&kbps=${kbps}`);
    const play = await sender.waitForFunction(() => {
      const doing = (globalThis as Face).streamgauge?.snapshot();
      return doing?.phase === "sending" && "outlet" in doing && doing.outlet?.state === "live"
        ? doing.outlet.playUrl
        : null;
    });
    const playUrl = new URL(String(await play.jsonValue()), server.url).href;
    const receiver = await devices[1].newPage();
    await receiver.goto(`/receiver?start=1&url=${encodeURIComponent(playUrl)}${scoring}`);
    await untilMeasuring(receiver);
    const frames = await untilScored(receiver, 20);
    means.push(meanVmaf(frames));
    const state = await receiver.evaluate(() => (globalThis as Face).streamgauge?.snapshot());
    if (state?.phase !== "measuring" || !("quality" in state) || state.quality.state !== "scoring")
      throw new Error("nothing is scored");
    const { coreRatio, scoredRatio } = state.quality.quality;
    console.log(
      `${kbps} kbit/s: live VMAF ${meanVmaf(frames).toFixed(2)}, ${JSON.stringify({ coreRatio, scoredRatio })}`,
    );
    expect(coreRatio.known && coreRatio.value).toBeLessThan(0.9);
    await Promise.all(devices.map((device) => device.close()));
  }
  expect(means.toSorted((one, other) => one - other)).toEqual(means);
});
