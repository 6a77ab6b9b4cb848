import { existsSync } from "node:fs";
import { join } from "node:path";

import { expect } from "@playwright/test";

import { startMediaServer } from "../media-server.ts";
import { test } from "../server.ts";
import { startJanus } from "./janus.ts";
import { measurePeer } from "./measure.ts";

test("Janus takes the sender's WHIP, and what it hands on is HLS that is measured", async ({
  openDevice,
}) => {
  const janus = await startJanus();
  const media = await startMediaServer(janus.directory);
  try {
    const sender = await (await openDevice()).newPage();
    const shape = "size=640x360&kbps=800&codec=h264";
    await sender.goto(`/sender?start=1&${shape}&via=whip&whip=${encodeURIComponent(janus.whipUrl)}`);
    await expect(sender.getByRole("banner").getByText("Sending")).toBeVisible();
    const playlist = join(janus.directory, "live.m3u8");
    await expect.poll(() => existsSync(playlist), { timeout: 30_000 }).toBe(true);
    const receiver = await (await openDevice()).newPage();
    await receiver.goto(`/receiver?url=${encodeURIComponent(`${media.url}/live.m3u8`)}&start=1`);
    const measures = await measurePeer(receiver, "Janus 1.1.2, ffmpeg 5.1", "WHIP, RTP, HLS of 1 s");
    expect(measures.latencyMs.p50.known).toBe(true);
    await sender.getByRole("button", { name: "Stop" }).click();
    await expect.poll(janus.endedCount).toBe(1);
  } finally {
    await media.stop();
    await janus.stop();
  }
});
