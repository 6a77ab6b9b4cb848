import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect, test as base } from "@playwright/test";

import { measuresOf, observationsOf, reset, untilDisplayed } from "../conditions.ts";
import { startMediaServer } from "../media-server.ts";
import { test } from "../server.ts";
import { toReadFigures, type PeerRow } from "./measure.ts";

/** Renders live into ffmpeg, which encodes and cuts HLS: a source without any browser. */
function startPipe(directory: string) {
  const command = join(import.meta.dirname, "../../dist/node/streamgauge.js");
  const live = ["--realtime", "--size", "640x360", "--fps", "25", "--duration", "90", "--out", "-"];
  const source = spawn(process.execPath, [command, "render", ...live], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  const encode = [
    "-c:v",
    "libx264",
    "-preset",
    "veryfast",
    "-tune",
    "zerolatency",
    "-b:v",
    "800k",
    "-g",
    "25",
  ];
  const cut = [
    "-f",
    "hls",
    "-hls_time",
    "1",
    "-hls_list_size",
    "6",
    "-hls_segment_type",
    "fmp4",
    "live.m3u8",
  ];
  const args = [
    "-hide_banner",
    "-loglevel",
    "error",
    "-f",
    "yuv4mpegpipe",
    "-i",
    "pipe:0",
    ...encode,
    ...cut,
  ];
  const encoder = spawn("ffmpeg", args, { cwd: directory, stdio: ["pipe", "inherit", "inherit"] });
  source.stdout.pipe(encoder.stdin);
  encoder.stdin.on("error", () => undefined);
  return async () => {
    source.kill("SIGTERM");
    await once(encoder, "exit");
  };
}

test("ffmpeg makes HLS of a live pipe of marked pictures", async ({ openDevice }) => {
  const directory = await mkdtemp(join(tmpdir(), "streamgauge-pipe-"));
  const stop = startPipe(directory);
  const media = await startMediaServer(directory);
  try {
    await expect.poll(() => existsSync(join(directory, "live.m3u8")), { timeout: 30_000 }).toBe(true);
    const receiver = await (await openDevice()).newPage();
    await receiver.goto(`/receiver?url=${encodeURIComponent(`${media.url}/live.m3u8`)}&start=1`);
    await untilDisplayed(receiver, 30);
    await reset(receiver);
    await untilDisplayed(receiver, 250);
    const { reading } = await measuresOf(receiver);
    // Source and receiver are on one machine and so on one clock: no exchange stands between them.
    const latenciesMs = (await observationsOf(receiver))
      .flatMap(({ displayTimeUs, reading: read }) =>
        read.read ? [(displayTimeUs - read.marker.captureTimeUs) / 1000] : [],
      )
      .toSorted((a, b) => a - b);
    const at = (share: number) => (latenciesMs[Math.floor(share * latenciesMs.length)] ?? 0).toFixed(0);
    const row: PeerRow = {
      peer: "ffmpeg 5.1",
      road: "`render --realtime` piped, x264, HLS of 1 s",
      ...toReadFigures(reading),
      p50Ms: at(0.5),
      p95Ms: at(0.95),
    };
    base.info().annotations.push({ type: "peer", description: JSON.stringify(row) });
    expect(Number(row.givenReadPct), JSON.stringify(reading)).toBeGreaterThan(99);
  } finally {
    await media.stop();
    await stop();
    await rm(directory, { recursive: true });
  }
});
