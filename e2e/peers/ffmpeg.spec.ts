import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "@playwright/test";

import { freePort } from "../free-port.ts";
import { makeMarkedMedia, marked } from "../marked-media.ts";
import { startMediaServer } from "../media-server.ts";
import { startServer, test } from "../server.ts";
import { measurePeer } from "./measure.ts";

const quiet = ["-hide_banner", "-loglevel", "error"];

/** Renders live into ffmpeg, which encodes and cuts HLS and DASH: a source without any browser. */
function startPipe(directory: string): () => Promise<void> {
  const command = join(import.meta.dirname, "../../dist/node/streamgauge.js");
  const live = ["--realtime", "--size", "640x360", "--fps", "25", "--duration", "100", "--out", "-"];
  const source = spawn(process.execPath, [command, "render", ...live], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  const encode = "-c:v libx264 -preset veryfast -tune zerolatency -b:v 800k -g 25 -flags +global_header";
  const outputs = [
    "[f=hls:hls_time=1:hls_list_size=6:hls_segment_type=fmp4]live.m3u8",
    "[f=dash:seg_duration=1:window_size=6]live.mpd",
  ];
  const cut = ["-map", "0:v", "-f", "tee", outputs.join("|")];
  const input = ["-f", "yuv4mpegpipe", "-i", "pipe:0"];
  const encoder = spawn("ffmpeg", [...quiet, ...input, ...encode.split(" "), ...cut], {
    cwd: directory,
    stdio: ["pipe", "inherit", "inherit"],
  });
  source.stdout.pipe(encoder.stdin);
  encoder.stdin.on("error", () => undefined);
  return async () => {
    source.kill("SIGTERM");
    await once(encoder, "exit");
  };
}

test("ffmpeg makes HLS and DASH of a live pipe of marked pictures, which hls.js and dash.js play", async ({
  openDevice,
}) => {
  const directory = await mkdtemp(join(tmpdir(), "streamgauge-pipe-"));
  const stop = startPipe(directory);
  const media = await startMediaServer(directory);
  try {
    for (const [file, road] of [
      ["live.m3u8", "`render --realtime` piped, x264, HLS of 1 s, hls.js"],
      ["live.mpd", "`render --realtime` piped, x264, DASH of 1 s, dash.js"],
    ] as const) {
      await expect.poll(() => existsSync(join(directory, file)), { timeout: 30_000 }).toBe(true);
      const receiver = await (await openDevice()).newPage();
      await receiver.goto(`/receiver?url=${encodeURIComponent(`${media.url}/${file}`)}&start=1`);
      await measurePeer(receiver, "ffmpeg 5.1", road, "machine");
      await receiver.close();
    }
  } finally {
    await media.stop();
    await stop();
    await rm(directory, { recursive: true });
  }
});

test("ffmpeg cuts a marked file to HLS", async ({ openDevice }) => {
  const media = await makeMarkedMedia(15);
  const server = await startMediaServer(media.directory);
  try {
    const receiver = await (await openDevice()).newPage();
    await receiver.goto(`/receiver?url=${encodeURIComponent(`${server.url}/${marked.hls}`)}&start=1`);
    await measurePeer(receiver, "ffmpeg 5.1", "`render` to a file, HLS of 1 s, hls.js", "none");
  } finally {
    await server.stop();
    await media.remove();
  }
});

test("ffmpeg listens for SRT, takes the relay's and makes HLS of it", async ({ openDevice }) => {
  const directory = await mkdtemp(join(tmpdir(), "streamgauge-srt-"));
  const target = `srt://127.0.0.1:${await freePort()}`;
  const hls = ["-c", "copy", "-f", "hls", "-hls_time", "1", "-hls_list_size", "6", "live.m3u8"];
  const listener = spawn("ffmpeg", [...quiet, "-i", `${target}?mode=listener`, ...hls], {
    cwd: directory,
    stdio: "inherit",
  });
  const ended = once(listener, "exit");
  const server = await startServer(["--relay-to", target]);
  const media = await startMediaServer(directory);
  try {
    const playUrl = `${media.url}/live.m3u8`;
    const sender = await (await openDevice()).newPage();
    const way = `via=relay&target=${encodeURIComponent(target)}&play=${encodeURIComponent(playUrl)}`;
    await sender.goto(`${server.url}/sender?start=1&size=640x360&kbps=800&${way}`);
    await expect.poll(() => existsSync(join(directory, "live.m3u8")), { timeout: 30_000 }).toBe(true);
    const receiver = await (await openDevice({ baseURL: server.url })).newPage();
    await receiver.goto(`/receiver?url=${encodeURIComponent(playUrl)}&start=1`);
    await measurePeer(receiver, "ffmpeg 5.1, libsrt 1.5", "relay, SRT, HLS of 2 s");
  } finally {
    listener.kill("SIGKILL");
    await ended;
    await media.stop();
    await server.stop();
    await rm(directory, { recursive: true });
  }
});
