import { execFile } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** A rendered marked file, and what ffmpeg makes of it. Whoever made it removes it. */
export type MarkedMedia = {
  readonly directory: string;
  readonly runNumber: number;
  /** Seconds of media, in segments of one second. */
  readonly durationS: number;
  readonly remove: () => Promise<void>;
};

/** Names in the directory. */
export const marked = { mp4: "marked.mp4", hls: "vod.m3u8", dash: "manifest.mpd" } as const;

/** Renders by the command line; resolves with what went to stdout. */
export async function render(args: readonly string[], directory: string = tmpdir()): Promise<Buffer> {
  const command = join(import.meta.dirname, "../dist/node/streamgauge.js");
  const options = { cwd: directory, encoding: "buffer", maxBuffer: 1e9 } as const;
  return (await run(process.execPath, [command, "render", ...args], options)).stdout;
}

/** Renders a marked file by the command line and has ffmpeg cut it to HLS (CMAF) and DASH, without encoding it again. */
export async function makeMarkedMedia(durationS: number): Promise<MarkedMedia> {
  const directory = await mkdtemp(join(tmpdir(), "streamgauge-media-"));
  const runNumber = 4711;
  const size = ["--scene", "marker", "--size", "480x270", "--fps", "30", "--gop", "30"];
  const length = ["--duration", String(durationS), "--run", String(runNumber), "--out", marked.mp4];
  await render([...size, ...length], directory);
  const input = ["-hide_banner", "-loglevel", "error", "-i", marked.mp4, "-c", "copy"];
  const vod = ["-hls_time", "1", "-hls_playlist_type", "vod", "-hls_segment_type", "fmp4"];
  await run("ffmpeg", [...input, "-f", "hls", ...vod, "-hls_segment_filename", "vod%d.m4s", marked.hls], {
    cwd: directory,
  });
  await run("ffmpeg", [...input, "-f", "dash", "-seg_duration", "1", marked.dash], { cwd: directory });
  const segmentCount = (await readdir(directory)).filter((name) => /^vod\d+\.m4s$/.test(name)).length;
  if (segmentCount !== durationS) throw new Error(`ffmpeg made ${segmentCount} segments of ${durationS} s`);
  return { directory, runNumber, durationS, remove: () => rm(directory, { recursive: true }) };
}
