import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { planCadence } from "../core/hls/cadence.ts";
import { checkMedia } from "../core/hls/check.ts";
import {
  openSegmentOf,
  reduceLive,
  startLive,
  toMediaPlaylist,
  type LivePlaylist,
} from "../core/hls/live.ts";
import { initName, partName, segmentName } from "../core/hls/names.ts";
import type { MultivariantPlaylist } from "../core/hls/playlist.ts";
import { writeMultivariantPlaylist } from "../core/hls/write.ts";
import { startOrigin, textOf, type TestOrigin, type TestStream } from "./hls-origin/serve.fake.ts";

/** What a real player of another make says of what is published: every warning, and how many frames it decoded. */
async function ffmpeg(args: readonly string[]): Promise<{ readonly said: string; readonly out: string }> {
  const child = spawn("ffmpeg", ["-hide_banner", "-nostdin", ...args], { stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  let out = "";
  child.stderr.on("data", (chunk) => (said += String(chunk)));
  child.stdout.on("data", (chunk) => (out += String(chunk)));
  await new Promise((resolve, reject) => {
    child.on("close", resolve);
    child.on("error", reject);
  });
  return { said, out };
}

async function play(url: string): Promise<{ readonly warnings: string; readonly frameCount: number }> {
  const sink = ["-map", "0:v:0", "-f", "framemd5", "-"];
  const { said, out } = await ffmpeg(["-v", "warning", "-i", url, ...sink]);
  return { warnings: said, frameCount: out.split("\n").filter((line) => line.startsWith("0,")).length };
}

const fps = 30;
const cadence = planCadence({ fps, segmentS: 1, partS: 0.2 });
function picture(seconds: number): readonly string[] {
  const { framesPerSegment } = cadence;
  return (
    `-f lavfi -i testsrc2=size=320x180:rate=${fps}:duration=${seconds} -c:v libx264 -preset ultrafast ` +
    `-tune zerolatency -pix_fmt yuv420p -g ${framesPerSegment} -keyint_min ${framesPerSegment}`
  ).split(" ");
}

/** Top-level boxes of an MP4 file (ISO/IEC 14496-12 4.2). */
function boxesOf(bytes: Buffer): readonly { readonly type: string; readonly bytes: Buffer }[] {
  const boxes = [];
  for (let at = 0; at + 8 <= bytes.length; at += bytes.readUInt32BE(at)) {
    boxes.push({
      type: bytes.toString("latin1", at + 4, at + 8),
      bytes: bytes.subarray(at, at + bytes.readUInt32BE(at)),
    });
  }
  return boxes;
}

let folder = "";
let origin: TestOrigin;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "streamgauge-origin-"));
  origin = await startOrigin();
});
afterAll(async () => {
  await origin.close();
  await rm(folder, { recursive: true });
});

/** Real fragments, one per part. */
async function makeParts(seconds: number): Promise<{ init: Buffer; parts: Buffer[] }> {
  const file = join(folder, "parts.mp4");
  const fragments = ["-movflags", "+empty_moov+default_base_moof+frag_keyframe", "-frag_duration", "200000"];
  await ffmpeg([...picture(seconds), ...fragments, "-y", file]);
  const boxes = boxesOf(await readFile(file));
  const of = (...types: string[]): Buffer[] =>
    boxes.filter((box) => types.includes(box.type)).map((box) => box.bytes);
  const data = of("mdat");
  return {
    init: Buffer.concat(of("ftyp", "moov")),
    parts: of("moof").map((moof, index) => Buffer.concat([moof, data[index]!])),
  };
}

async function publishParts(
  stream: TestStream,
  from: LivePlaylist,
  parts: readonly Buffer[],
): Promise<LivePlaylist> {
  const partCount = cadence.framesPerSegment / (cadence.framesPerPart ?? 1);
  let live = from;
  for (const [index, part] of parts.entries()) {
    const { msn, discontinuity } = openSegmentOf(live);
    const inSegment = index % partCount;
    const uri = partName(discontinuity, msn, inSegment);
    await stream.put(uri, part);
    const isLast = inSegment === partCount - 1;
    const hintUri = isLast
      ? partName(discontinuity, msn + 1, 0)
      : partName(discontinuity, msn, inSegment + 1);
    const durationS = cadence.partTargetS ?? 0;
    const programDateTimeMs = 1_700_000_000_000 + msn * 1000;
    live = reduceLive(live, {
      kind: "part",
      uri,
      durationS,
      isIndependent: inSegment === 0,
      programDateTimeMs,
      hintUri,
    });
    if (isLast) {
      const segment = segmentName(discontinuity, msn);
      await stream.put(segment, Buffer.concat(parts.slice(index + 1 - partCount, index + 1)));
      live = reduceLive(live, { kind: "segment", uri: segment, durationS: cadence.segmentS, hintUri });
    }
    const response = await stream.put("live.m3u8", textOf(live));
    expect(response.ok).toBe(true);
    expect(checkMedia(toMediaPlaylist(live))).toEqual([]);
  }
  return live;
}

const options = {
  targetDurationS: cadence.targetDurationS,
  partTargetS: cadence.partTargetS,
  windowSegmentCount: 10,
  canBlockReload: true,
  canSkip: true,
};

/** Three seconds, a restart, and two more; the top playlist names it as the one rung. */
async function publishWithRestart(stream: TestStream, hasNewInit: boolean): Promise<void> {
  const { init, parts } = await makeParts(5);
  await stream.put(initName(0), init);
  const live = await publishParts(
    stream,
    startLive(options, { uri: initName(0), byteRange: null }),
    parts.slice(0, 15),
  );
  if (hasNewInit) await stream.put(initName(1), init);
  const map = { uri: initName(hasNewInit ? 1 : 0), byteRange: null };
  const restarted = reduceLive(live, { kind: "restart", map, gapUri: "gap.m4s" });
  const last = await publishParts(stream, restarted, parts.slice(15));
  await stream.put("live.m3u8", textOf(reduceLive(last, { kind: "end", gapUri: "gap.m4s" })));
  await stream.put("index.m3u8", writeMultivariantPlaylist(ladder));
}

const ladder: MultivariantPlaylist = {
  version: 6,
  independentSegments: true,
  variants: [
    {
      uri: "live.m3u8",
      bandwidthBps: 1_000_000,
      averageBandwidthBps: 800_000,
      codecs: ["avc1.42C00D"],
      widthPx: 320,
      heightPx: 180,
      frameRateFps: fps,
      audioGroup: null,
    },
  ],
  renditions: [],
};

describe("ffmpeg", () => {
  it("plays what is written here, parts, dates, a restart and a ladder, without a warning", async () => {
    const stream = await origin.create();
    await publishWithRestart(stream, false);
    expect(await play(`${origin.url}${stream.playPath}`)).toEqual({ warnings: "", frameCount: 5 * fps });
  }, 60_000);

  it("plays a stream that ends within a segment to its last part, without a warning", async () => {
    const stream = await origin.create();
    const { init, parts } = await makeParts(3);
    await stream.put(initName(0), init);
    const begun = startLive(options, { uri: initName(0), byteRange: null });
    const live = await publishParts(stream, begun, parts.slice(0, 13));
    const { msn, discontinuity } = openSegmentOf(live);
    const uri = segmentName(discontinuity, msn);
    await stream.put(uri, Buffer.concat(parts.slice(10, 13)));
    const closed = reduceLive(live, { kind: "segment", uri, durationS: 0.6, hintUri: null });
    await stream.put("index.m3u8", textOf(reduceLive(closed, { kind: "end", gapUri: uri })));
    expect(await play(`${origin.url}${stream.playPath}`)).toEqual({ warnings: "", frameCount: 2.6 * fps });
  }, 60_000);

  it("plays on over a restart with another initialization section, saying that it keeps to the first", async () => {
    const stream = await origin.create();
    await publishWithRestart(stream, true);
    const { warnings, frameCount } = await play(`${origin.url}${stream.playPath}`);
    expect(warnings.trim().split("\n")).toEqual([expect.stringContaining("duplicated MOOV")]);
    expect(frameCount).toBe(5 * fps);
  }, 60_000);

  it.each([
    ["fMP4", ["-hls_segment_type", "fmp4"]],
    ["MPEG-TS, deleting what left the window", ["-hls_flags", "delete_segments"]],
    ["MPEG-TS over one connection", ["-http_persistent", "1"]],
  ])(
    "publishes %s by PUT, and plays it back",
    async (_, args) => {
      const stream = await origin.create();
      const put = ["-method", "PUT", "-headers", `Authorization: Bearer ${stream.putToken}\r\n`];
      const url = `${origin.url}${stream.playPath}`;
      const hls = ["-f", "hls", "-hls_time", "1", "-hls_list_size", "5", ...args, ...put];
      const published = await ffmpeg(["-v", "error", ...picture(8), ...hls, url]);
      expect(published.said).toBe("");
      const { warnings, frameCount } = await play(url);
      expect(warnings).toBe("");
      expect(frameCount).toBe(5 * fps);
    },
    60_000,
  );
});
