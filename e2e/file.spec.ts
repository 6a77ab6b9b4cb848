import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

import { expect, type Page } from "@playwright/test";

import type { Marker } from "../src/core/marker/payload.ts";
import { findFirefox, launchFirefox } from "./firefox.ts";
import { startMediaServer } from "./media-server.ts";
import {
  createTestFinder,
  playInPage,
  readByFfmpeg,
  readPlayed,
  requestFor,
  type MarkedFile,
} from "./read-back.ts";
import { test } from "./server.ts";

const size = { widthPx: 640, heightPx: 360 };
const fps = 20;
const frameCount = 20;

/** Renders by the sender's page as it stands and saves what came of it. */
async function renderInTab(sender: Page, kind: "mp4" | "webm", path: string): Promise<void> {
  await sender.getByLabel("Kind").selectOption(kind);
  await sender.getByLabel("Length, s").fill(String(frameCount / fps));
  await sender.getByRole("button", { name: "Render a file" }).click();
  const saving = sender.waitForEvent("download");
  await sender.getByRole("button", { name: /^Save marked-/ }).click();
  await (await saving).saveAs(path);
}

function expectAll(markers: readonly (Marker | null)[], name: string): void {
  const all = Array.from({ length: frameCount }, (_, frameId) => frameId);
  expect(
    markers.map((marker) => marker?.frameId ?? null),
    name,
  ).toEqual(all);
  expect(new Set(markers.map((marker) => marker?.runNumber)).size, name).toBe(1);
  const times = markers.map((marker) => (marker?.captureTimeUs ?? 0) - (markers[0]?.captureTimeUs ?? 0));
  expect(times, name).toEqual(all.map((frameId) => (frameId * 1_000_000) / fps));
}

/** Whether a file's index stands before its pictures. */
async function hasIndexFirst(path: string): Promise<boolean> {
  const bytes = await readFile(path);
  return bytes.indexOf("moov") < bytes.indexOf("mdat");
}

test("files rendered by the command line and in the tab, also over a user's own video, play in Chromium, Firefox and ffmpeg and read back frame by frame @still", async ({
  openDevice,
  server,
}) => {
  const directory = await mkdtemp(join(tmpdir(), "streamgauge-file-"));
  const file = (name: string): MarkedFile => ({ path: join(directory, name), size, fps });
  const command = join(import.meta.dirname, "../dist/node/streamgauge.js");
  const length = ["--size", "640x360", "--fps", String(fps), "--duration", String(frameCount / fps)];
  await promisify(execFile)(process.execPath, [command, "render", ...length, "--out", file("cli.mp4").path]);

  const sender = await (await openDevice({ acceptDownloads: true })).newPage();
  const shape = `size=640x360&fps=${fps}&kbps=1500`;
  await sender.goto(`/sender?${shape}`);
  await renderInTab(sender, "mp4", file("tab.mp4").path);
  await renderInTab(sender, "webm", file("tab.webm").path);
  await sender.goto(`/sender?${shape}&scene=file`);
  await sender.getByLabel("Video file").setInputFiles(file("cli.mp4").path);
  await renderInTab(sender, "mp4", file("over.mp4").path);

  const media = await startMediaServer(directory);
  const firefox = findFirefox() === null ? null : await launchFirefox();
  try {
    const find = await createTestFinder();
    const other = (await firefox?.newPage()) ?? null;
    await other?.goto(server.url);
    for (const [name, coding] of [
      ["cli.mp4", "h264,yuv420p"],
      ["tab.mp4", "h264,yuv420p"],
      ["tab.webm", "vp9,yuv420p"],
      ["over.mp4", "h264,yuv420p"],
    ] as const) {
      const decoded = await readByFfmpeg(find, file(name));
      expect(decoded.coding).toBe(coding);
      expectAll(decoded.markers, `${name} in ffmpeg`);
      if (name.endsWith("mp4")) expect(await hasIndexFirst(file(name).path), name).toBe(true);
      const request = requestFor(file(name), `${media.url}/${name}`, frameCount);
      const played = [
        ["Chromium", await sender.evaluate(playInPage, request)],
        ["Firefox", (await other?.evaluate(playInPage, request)) ?? null],
      ] as const;
      for (const [browser, made] of played) {
        if (made === null) continue;
        expect([made.widthPx, made.heightPx]).toEqual([size.widthPx, size.heightPx]);
        expect(made.endS).toBeCloseTo(frameCount / fps, 0);
        expectAll(readPlayed(find, made, size), `${name} in ${browser}`);
      }
    }
  } finally {
    await firefox?.close();
    await media.stop();
    await rm(directory, { recursive: true });
  }
});

test("rendering shows how far it is, is cancelled, and is refused in words @still", async ({
  openDevice,
}) => {
  const sender = await (await openDevice()).newPage();
  await sender.goto("/sender?size=1280x720");
  await sender.getByLabel("Length, s").fill("60");
  await sender.getByRole("button", { name: "Render a file" }).click();
  await expect(sender.getByText(/^Frame \d+ of 1800$/)).toBeVisible();
  await sender.getByRole("button", { name: "Cancel" }).click();
  await expect(sender.getByRole("button", { name: "Render a file" })).toBeVisible();
  await sender.goto("/sender?scene=camera");
  await sender.getByRole("button", { name: "Render a file" }).click();
  await expect(sender.getByRole("alert")).toContainText("can only be sent");
});
