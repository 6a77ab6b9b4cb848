import { spawnSync } from "node:child_process";
import {
  closeSync,
  ftruncateSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, expect, it } from "vitest";

import { loadKernels } from "../../../bench/parts/load-kernels.ts";
import type { Result } from "../../core/failure.ts";
import { createFramesScorer } from "../../core/quality/score-frames.ts";
import type { ScoreReport } from "../../core/quality/score-report.ts";
import type { ScoreThreads } from "../score/score-threads.ts";
import { readScoreOptions } from "./score-options.ts";
import { scorePaths } from "./score.ts";

const directory = mkdtempSync(join(tmpdir(), "streamgauge-input-"));
const scaleFull = "-vf scale=out_range=pc:flags=accurate_rnd";
const largeFull = "-vf scale=256:144:out_range=pc";

/** The reference's own pictures, written without loss in other ways, by file name. */
const twins: Readonly<Record<string, string>> = {
  "10.mp4": "-pix_fmt yuv420p10le -c:v libx264",
  "444.mp4": "-pix_fmt yuv444p -c:v libx264",
  "full.mp4": `${scaleFull} -color_range pc -c:v libx264`,
  "full10.mp4": `${scaleFull},format=yuv420p10le -color_range pc -c:v libx264`,
  "rgb.mp4": "-vf format=gbrp -c:v libx264rgb",
  "709.mp4": "-vf scale=out_color_matrix=bt709 -colorspace bt709 -c:v libx264",
  "rgb709.mp4": "-vf scale=out_color_matrix=bt709,setparams=colorspace=bt709,format=gbrp -c:v libx264rgb",
  "turned.mp4": "-vf transpose=cclock -c:v libx264",
  "side.mp4": "-vf transpose=clock -c:v libx264",
  "30.mp4": "-vf fps=30 -c:v libx264",
  "larger.mp4": "-vf scale=256:144 -c:v libx264",
  "larger-full.mp4": `${largeFull} -color_range pc -c:v libx264`,
  "larger-full10.mp4": `${largeFull},format=yuv420p10le -color_range pc -c:v libx264`,
  "cut.mp4": "-movflags +faststart -c:v libx264",
  "no-index.mp4": "-c:v libx264",
  "large.mp4": "-c:v libx264",
};

const reference = at("reference.mp4");

function at(name: string): string {
  return join(directory, name);
}

function ffmpeg(words: string): void {
  const { status, stderr } = spawnSync("ffmpeg", ["-v", "error", ...words.split(" ")], { cwd: directory });
  if (status !== 0) throw new Error(stderr.toString());
}

/** Has a file written over with something else of its bytes. */
function change(name: string, changed: (bytes: Buffer) => Buffer): void {
  writeFileSync(at(name), changed(readFileSync(at(name))));
}

/** The matrix of `tkhd` (ISO 14496-12) that asks for a quarter turn clockwise. */
function turn(bytes: Buffer): Buffer {
  const matrix = bytes.indexOf("tkhd") + 44;
  for (const [index, value] of [0, 0x1_0000, 0, -0x1_0000, 0].entries()) {
    bytes.writeInt32BE(value, matrix + 4 * index);
  }
  return bytes;
}

/** Makes a file 2.1 GB large: before its index, which is its end, stands a box that is a hole. */
function enlarge(path: string): void {
  const bytes = readFileSync(path);
  const moovStart = bytes.indexOf("moov") - 4;
  const holeBytes = 2_100_000_000;
  const head = Buffer.alloc(8);
  head.writeUInt32BE(holeBytes);
  head.write("free", 4);
  const handle = openSync(path, "w");
  writeSync(handle, Buffer.concat([bytes.subarray(0, moovStart), head]));
  ftruncateSync(handle, moovStart + holeBytes);
  writeSync(handle, bytes, moovStart, bytes.length - moovStart, moovStart + holeBytes);
  closeSync(handle);
}

beforeAll(() => {
  ffmpeg("-f lavfi -i testsrc2=s=128x72:r=25:d=0.2 -pix_fmt yuv420p -c:v libx264 -qp 0 reference.mp4");
  const outputs = Object.entries(twins).map(([name, words]) => `-map 0 ${words} -qp 0 -threads 1 ${name}`);
  ffmpeg(`-i reference.mp4 -f lavfi -i sine=d=0.2 ${outputs.join(" ")} -map 1 -c:a aac sound.m4a`);
  ffmpeg("-i reference.mp4 -frames:v 1 -c:v libx264 -qp 0 one.mp4");
  mkdirSync(at("folder.mp4"));
  writeFileSync(at("empty.mp4"), "");
  writeFileSync(at("text.mp4"), "These are words, and no pictures.");
  change("turned.mp4", turn);
  change("cut.mp4", (bytes) => bytes.subarray(0, Math.floor(bytes.length * 0.8)));
  change("no-index.mp4", (bytes) => bytes.subarray(0, Math.floor(bytes.length / 2)));
  enlarge(at("large.mp4"));
});

afterAll(() => rmSync(directory, { recursive: true }));

/** Scores in this thread: threads of their own take longer to start than these files to score. */
function scoreHere(): ScoreThreads {
  const kernels = { load: () => loadKernels("simd"), kernels: "simd", nowMs: () => 0 } as const;
  let before: Promise<unknown> = Promise.resolve();
  const scoreFrames = createFramesScorer(kernels);
  return {
    count: 1,
    score: (request) => {
      const answer = before.then(() => scoreFrames(request));
      before = answer;
      return answer;
    },
    close: async () => undefined,
  };
}

async function score(received: string, against: string, decoder = "ffmpeg"): Promise<Result<ScoreReport>> {
  const options = readScoreOptions([against, received, "--json", "--ffmpeg", decoder], {});
  if (!options.ok || options.value === null) throw new Error("options are due");
  return scorePaths(options.value, scoreHere);
}

it.each([
  ["10.mp4", 60, ["10le to 8 bit"]],
  ["444.mp4", 60, ["chroma is not scored"]],
  ["full.mp4", 60, ["to limited range, as the reference"]],
  ["full10.mp4", 52, ["10le to 8 bit", "to limited range, as the reference"]],
  ["rgb.mp4", 40, ["from gbrp to luma by BT.601"]],
  ["turned.mp4", 60, ["turned by 90 degrees"]],
  ["large.mp4", 60, []],
] as const)("%s scores as what it shows", async (name, leastDb, notes) => {
  const report = await score(at(name), reference);
  if (!report.ok) throw new Error(`${report.failure.next} ${report.failure.cause}`);
  expect(report.value.mean.psnrY).toBeGreaterThanOrEqual(leastDb);
  expect(report.value.mean.vmaf).toBeGreaterThan(95);
  expect(report.value.frames).toHaveLength(5);
  for (const note of notes) expect(report.value.notes.join()).toContain(note);
});

it("RGB becomes luma by the matrix of the video it is scored against", async () => {
  const report = await score(at("rgb709.mp4"), at("709.mp4"));
  if (!report.ok) throw new Error(report.failure.next);
  // Colours that RGB cannot hold are cut off: by the other matrix it would be 24 dB.
  expect(report.value.mean.psnrY).toBeGreaterThan(38);
  expect(report.value.notes.join()).toContain("BT.709");
});

it("a picture of full range that is scaled as well scores as its twin of limited range", async () => {
  const reports = [];
  for (const name of ["larger.mp4", "larger-full.mp4", "larger-full10.mp4"]) {
    reports.push(await score(at(name), reference));
  }
  const [plain = 0, ...others] = reports.map((report) => (report.ok ? (report.value.mean.vmaf ?? 0) : 0));
  expect(plain).toBeGreaterThan(90);
  for (const other of others) expect(Math.abs(other - plain)).toBeLessThan(0.5);
});

it.each([
  ["nowhere.mp4", "There is no such file"],
  ["folder.mp4", "It is no file"],
  ["empty.mp4", "The file is empty"],
  ["text.mp4", "It is no video"],
  ["sound.m4a", "sound but no pictures"],
  ["no-index.mp4", "cut off before its pictures begin"],
  ["30.mp4", "25 frames a second, the other 30"],
  ["side.mp4", "One is 128x72, the other 72x128"],
])("%s is refused in words", async (name, next) => {
  const refused = { failure: { kind: "refused-input", next: expect.stringContaining(next) as string } };
  expect(await score(at(name), reference)).toMatchObject(refused);
});

it("one frame is scored, and the report has every figure under its name", async () => {
  const report = await score(at("one.mp4"), reference);
  if (!report.ok) throw new Error(report.failure.next);
  const number = expect.any(Number) as number;
  const figures = {
    vmaf: number,
    vmafNeg: number,
    adm2: number,
    motion2: number,
    vifScale0: number,
    vifScale1: number,
    vifScale2: number,
    vifScale3: number,
    psnrY: number,
    ssim: number,
  };
  expect(report.value).toMatchObject({
    mean: figures,
    harmonicMean: report.value.mean.vmaf,
    p5: report.value.mean.vmaf,
    frames: [{ frame: 0, ...figures }],
    model: expect.stringContaining("VMAF v0.6.1") as string,
    decoder: expect.stringContaining("ffmpeg") as string,
  });
  const [frame] = report.value.frames;
  const names = ["frame", "receivedFrame", "frameId", ...Object.keys(report.value.mean)];
  expect(new Set(Object.keys(frame ?? {}))).toEqual(new Set(names));
});

it("a file that is cut off on the way is scored as far as it goes, and the report says so", async () => {
  const report = await score(at("cut.mp4"), reference);
  if (!report.ok) throw new Error(report.failure.next);
  expect(report.value.frames.length).toBeLessThan(5);
  expect(report.value.notes.join()).toContain("the file is damaged");
});

it("ffmpeg.wasm takes range, depth and large files as ffmpeg does", async () => {
  const [received, against] = [at("full10.mp4"), at("large.mp4")];
  const [one, other] = [await score(received, against, "ffmpeg"), await score(received, against, "wasm")];
  if (!one.ok || !other.ok) throw new Error("both reports are due");
  expect(other.value.frames).toEqual(one.value.frames);
  expect(other.value.notes).toEqual(one.value.notes);
});
