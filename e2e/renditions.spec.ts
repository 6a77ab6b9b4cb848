import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

import { expect, type Page } from "@playwright/test";

import type { ScoreReport } from "../src/core/quality/score-report.ts";
import { startMediaServer } from "./media-server.ts";
import { openKept, scoreChosen } from "./score-page.ts";
import { test } from "./server.ts";
import { openStreams, reportsOf } from "./streams.ts";
import { toldAfter } from "./told-after.ts";

const run = promisify(execFile);

const fps = 15;
const durationS = 6;
/** From this segment on, of one second each, the server has none of the high rendition. */
const goneFrom = 3;

const high = { name: "high", widthPx: 640, heightPx: 360, kbps: 700 } as const;
const low = { name: "low", widthPx: 480, heightPx: 270, kbps: 300 } as const;

/** A recording of the built-in scene in two renditions, with a master playlist; the caller removes the folder. */
async function makeRenditions(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "streamgauge-renditions-"));
  const command = join(import.meta.dirname, "../dist/node/streamgauge.js");
  const asked = [
    "--size",
    "640x360",
    "--fps",
    String(fps),
    "--duration",
    String(durationS),
    "--kbps",
    "8000",
  ];
  await run(process.execPath, [command, "render", ...asked, "--out", "whole.mp4"], { cwd: directory });
  for (const { name, heightPx, kbps } of [high, low]) {
    const x264 = `-c:v libx264 -preset veryfast -b:v ${kbps}k -bf 0 -g ${fps} -keyint_min ${fps} -sc_threshold 0`;
    const hls = `-f hls -hls_time 1 -hls_playlist_type vod -hls_segment_type fmp4 -hls_fmp4_init_filename ${name}.mp4`;
    const args = `-v error -i whole.mp4 -vf scale=-2:${heightPx}:flags=bicubic ${x264} ${hls}`;
    const files = ["-hls_segment_filename", `${name}%d.m4s`, `${name}.m3u8`];
    await run("ffmpeg", [...args.split(" "), ...files], { cwd: directory });
  }
  const master = [high, low].map(
    // Told to be small, so that a player begins with the high one.
    ({ name, widthPx, heightPx, kbps }) =>
      `#EXT-X-STREAM-INF:BANDWIDTH=${kbps * 500},CODECS="avc1.64001e",RESOLUTION=${widthPx}x${heightPx}\n${name}.m3u8`,
  );
  await writeFile(join(directory, "master.m3u8"), `#EXTM3U\n${master.join("\n")}\n`);
  return directory;
}

/** Scores the one recording there is against the scene; resolves with what the page exports. */
async function scoreKept(receiver: Page): Promise<ScoreReport> {
  const tab = await openKept(receiver);
  await expect(tab.getByLabel(/^The recording is 2 files/u)).toHaveValue("all");
  await tab.getByLabel("Scored against").selectOption("scene");
  return scoreChosen(tab, 60_000);
}

test("a stream that changed its rendition on the way is scored whole, every displayed frame of both sizes @beside", async ({
  openDevice,
}) => {
  const directory = await makeRenditions();
  const media = await startMediaServer(directory);
  try {
    const isGone = (path: string): boolean => Number(/^high(\d+)\.m4s$/.exec(path)?.[1] ?? 0) >= goneFrom;
    media.behave((path) => (isGone(path) ? { kind: "status", status: 404 } : null));
    const device = await openDevice({ acceptDownloads: true });
    const receiver = await openStreams(device, [`${media.url}/master.m3u8`], "&scoring=0");
    const { observations } = await receiver.evaluate(toldAfter, { lastId: fps * durationS - 5 });
    const [stream] = await reportsOf(receiver);
    expect(stream?.events.find(({ kind }) => kind === "rung")).toMatchObject({ widthPx: low.widthPx });
    expect(stream?.delivery?.rungs.map(({ playedMs }) => playedMs > 1500)).toEqual([true, true]);

    await receiver.getByRole("button", { name: "Keep last 30 s" }).click();
    const displayed = observations.flatMap(({ reading, heightPx }) =>
      reading.read ? [{ frameId: reading.marker.frameId, heightPx }] : [],
    );
    const report = await scoreKept(receiver);
    const { frames, notes, coverage } = report;
    const scored = new Map(frames.map(({ frameId, vmaf }) => [frameId, vmaf]));
    expect(displayed.filter(({ frameId }) => !scored.has(frameId))).toEqual([]);
    expect(coverage.scoredCount + coverage.neverShownCount).toBe(coverage.receivedCount);
    expect(report).toMatchObject({ widthPx: high.widthPx, heightPx: high.heightPx, isComplete: true });
    expect(report.scaledBy).toMatch(/bicubic/);
    expect(notes.join()).toMatch(/is 2 files, scored one after the other: 640x360 .+, then 480x270/);
    const meanOf = (wantedPx: number): number => {
      const ids = displayed.filter(({ heightPx }) => heightPx === wantedPx).map(({ frameId }) => frameId);
      expect(ids.length).toBeGreaterThan(fps);
      return ids.reduce((sum, id) => sum + (scored.get(id) ?? Number.NaN), 0) / ids.length;
    };
    const means = [meanOf(high.heightPx), meanOf(low.heightPx)] as const;
    console.log(`VMAF of the high rendition ${means[0].toFixed(1)}, of the low one ${means[1].toFixed(1)}`);
    expect(means[0]).toBeGreaterThan(means[1]);
  } finally {
    await media.stop();
    await rm(directory, { recursive: true });
  }
});
