import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";

import { expect, type Page } from "@playwright/test";

import { measuresOf, untilDisplayed } from "./conditions.ts";

/** Frames that ffmpeg decodes of a file. */
export async function decodedCount(path: string): Promise<number> {
  const counting = ["-v", "error", "-count_frames", "-select_streams", "v:0"];
  const { stdout } = await promisify(execFile)("ffprobe", [
    ...counting,
    "-show_entries",
    "stream=nb_read_frames",
    "-of",
    "csv=p=0",
    path,
  ]);
  return Number(stdout.trim());
}

/** Downloads the newest recording, or has the button of this name do so. */
export async function downloadKept(
  receiver: Page,
  name = "Download",
): Promise<{ readonly path: string; readonly bytes: Buffer }> {
  const saving = receiver.waitForEvent("download");
  await receiver.getByRole("button", { name }).first().click();
  const path = await (await saving).path();
  return { path, bytes: await readFile(path) };
}

/** The receiver displays this many more frames. */
export async function untilMore(receiver: Page, count: number): Promise<void> {
  const before = (await measuresOf(receiver)).reading.displayedCount;
  await untilDisplayed(receiver, before + count);
}

/** Begins a recording, and waits until it has begun: that takes a key frame, which has to be sent for. */
export async function startRecording(receiver: Page): Promise<void> {
  const kept = receiver.getByRole("button", { name: "Download", exact: true });
  const keptBefore = await kept.count();
  await receiver.getByRole("button", { name: "Record", exact: true }).click();
  await expect(kept).toHaveCount(keptBefore + 1);
  await expect(receiver.getByText("waits for a key frame")).toHaveCount(0);
}

/** Records this many displayed frames. */
export async function record(receiver: Page, count: number): Promise<void> {
  await startRecording(receiver);
  await untilMore(receiver, count);
  await receiver.getByRole("button", { name: "Stop recording" }).click();
}
