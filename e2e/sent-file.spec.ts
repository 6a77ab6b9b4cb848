import { join } from "node:path";

import { expect, type Page } from "@playwright/test";

import type { ScoreReport } from "../src/core/quality/score-report.ts";
import { mean } from "../src/core/statistics/quantile.ts";
import { openReceiver, untilJoinable, untilScored } from "./conditions.ts";
import { startRecording } from "./recordings.ts";
import { openKept, scoreChosen } from "./score-page.ts";
import { test } from "./server.ts";

const clips = join(import.meta.dirname, "../src/core/quality/cases");
/** 20 pictures: it is shown over and over. */
const sent = join(clips, "cells.ref.mp4");

async function sendFile(sender: Page, bitrateKbps: number): Promise<string> {
  await sender.goto(`/sender?scene=file&size=480x270&fps=30&kbps=${bitrateKbps}`);
  await sender.getByLabel("Video file").setInputFiles(sent);
  await sender.getByRole("button", { name: "Start sending" }).click();
  return untilJoinable(sender);
}

/** Scores the one recording there is as a user does; resolves with what the page exports. */
async function scoreRecorded(receiver: Page): Promise<ScoreReport> {
  const tab = await openKept(receiver);
  await tab.getByLabel(/^The file that was sent: cells\.ref\.mp4/u).setInputFiles(sent);
  return scoreChosen(tab, 60_000);
}

test("a video file that is sent is scored against the same file at the receiver, live and recorded, and against no other @beside", async ({
  openDevice,
}) => {
  // A busy machine is scored on more slowly.
  test.slow();
  const sender = await (await openDevice()).newPage();
  const receiver = await openReceiver(
    await openDevice({ acceptDownloads: true }),
    await sendFile(sender, 3000),
    "&scoring=100",
  );
  await expect(receiver.getByText("This stream is of the file cells.ref.mp4")).toBeVisible();
  const field = receiver.getByLabel(/^The file that the sender sends/u);
  await field.setInputFiles(join(clips, "pattern360.ref.mp4"));
  await expect(receiver.getByRole("alert")).toContainText("not the file that was sent");
  await field.setInputFiles(sent);
  // Bandwidth estimation has come to rest by then.
  await untilScored(receiver, 4);
  await startRecording(receiver);
  const { length: before } = await untilScored(receiver, 4);
  const frames = (await untilScored(receiver, before + 8)).slice(before);
  await receiver.getByRole("button", { name: "Stop recording" }).click();
  const report = await scoreRecorded(receiver);
  const byId = new Map(report.frames.map(({ frameId, vmaf }) => [frameId, vmaf]));
  const pairs = frames.filter(({ frameId }) => byId.has(frameId));
  const differences = pairs.map(({ frameId, vmaf }) => Math.abs(vmaf - (byId.get(frameId) ?? Number.NaN)));
  expect(pairs.length).toBeGreaterThan(3);
  expect(Math.max(...differences)).toBeLessThan(0.01);
  // What a viewer saw is measured: frames that came and were not displayed are no pairs.
  const { receivedCount, scoredCount, neverShownCount } = report.coverage;
  expect(scoredCount + neverShownCount).toBe(receivedCount);
  expect(scoredCount).toBeGreaterThan(0.7 * receivedCount);
  const good = mean(frames.map(({ vmaf }) => vmaf));
  expect(good).toBeGreaterThan(95);

  await sender.getByRole("button", { name: "Stop" }).click();
  await sender.getByLabel("Bitrate, kbit/s").fill("400");
  await sender.getByRole("button", { name: "Start sending" }).click();
  const second = await openReceiver(await openDevice(), await untilJoinable(sender), "&scoring=100");
  await second.getByLabel(/^The file that the sender sends/u).setInputFiles(sent);
  const poor = mean((await untilScored(second, 8)).slice(3).map(({ vmaf }) => vmaf));
  console.log(`live VMAF of a sent file: ${good.toFixed(2)} at 3000 kbit/s, ${poor.toFixed(2)} at 400`);
  expect(poor).toBeLessThan(good - 3);
});
