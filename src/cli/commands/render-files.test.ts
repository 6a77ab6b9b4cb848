import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, expect, it } from "vitest";

import type { Result } from "../../core/failure.ts";
import { renderCommand, type RenderFacts } from "./render.ts";

const directory = mkdtempSync(join(tmpdir(), "streamgauge-render-"));

function at(name: string): string {
  return join(directory, name);
}

function ffmpeg(words: string): void {
  const { status, stderr } = spawnSync("ffmpeg", ["-v", "error", ...words.split(" ")], { cwd: directory });
  if (status !== 0) throw new Error(stderr.toString());
}

beforeAll(() => {
  mkdirSync(at("folder.mp4"));
  writeFileSync(at("empty.mp4"), "");
  writeFileSync(at("text.mp4"), "These are words, and no pictures.");
  ffmpeg("-f lavfi -i sine=d=0.2 -c:a aac sound.mp4");
  ffmpeg("-f lavfi -i testsrc2=s=160x120:r=50:d=0.2 -c:v libx264 fast.mp4");
  ffmpeg("-f lavfi -i testsrc2=s=100x90:r=25:d=0.04 -c:v libx264 -pix_fmt yuv444p small.mp4");
});

afterAll(() => rmSync(directory, { recursive: true }));

/** Runs `streamgauge render` on words; resolves with the one line of JSON that it printed. */
async function render(words: string): Promise<Result<RenderFacts>> {
  const printed: string[] = [];
  const args = words.split(" ").map((word) => word.replace(/^@/u, `${directory}/`));
  const print = (text: string): void => void printed.push(text);
  const done = await renderCommand.run([...args, "--json"], { print, complain: print, coloured: false });
  return done.ok ? { ok: true, value: JSON.parse(printed.join("")) as RenderFacts } : done;
}

/** Codec and number of frames as ffprobe counts them. */
function probe(path: string): string {
  const show = "-v error -count_frames -show_entries stream=codec_name,nb_read_frames -of csv=p=0".split(" ");
  return spawnSync("ffprobe", [...show, path])
    .stdout.toString()
    .trim();
}

it.each([
  ["h264", "mp4", ""],
  ["h264", "mkv", "--crf 1"],
  ["h264", "mp4", "--crf 51"],
  ["h264", "mp4", "--kbps 50 --gop 1"],
  ["h264", "mp4", "--kbps 100000 --fps 30000/1001"],
  ["vp9", "mp4", "--crf 0"],
  ["vp9", "webm", "--crf 63"],
  ["vp9", "mkv", "--kbps 50"],
  ["vp9", "webm", "--kbps 100000 --gop 1"],
  ["vp8", "webm", "--crf 0"],
  ["vp8", "mkv", "--crf 63 --scene marker"],
  ["vp8", "webm", "--kbps 50"],
  ["vp8", "webm", "--kbps 100000"],
  ["av1", "mp4", "--crf 1"],
  ["av1", "webm", "--crf 63"],
  ["av1", "mkv", "--kbps 50"],
  ["av1", "mp4", "--kbps 100000 --gop 1"],
])("%s in .%s with %j is a file of every frame", async (codec, format, rest) => {
  const out = at(`${codec}.${format}`);
  const words = `--size 128x128 --duration 0.2 --codec ${codec} --out ${out} ${rest}`.trim();
  expect(await render(words)).toMatchObject({ value: { codec, frameCount: 6, widthPx: 128 } });
  expect(probe(out)).toBe(`${codec},6`);
});

it.each([
  ["--over @fast.mp4 --size 128x128", 10],
  ["--over @fast.mp4 --fps 20 --size 128x128", 4],
  ["--over @fast.mp4 --scene marker --size 128x128 --duration 0.1", 5],
  ["--over @small.mp4 --size 128x160", 1],
  ["--duration 0.001 --fps 1 --size 128x128", 1],
])("%s makes %i frames", async (words, frameCount) => {
  expect(await render(`${words} --out @some.mp4`)).toMatchObject({ value: { frameCount } });
  expect(probe(at("some.mp4"))).toBe(`h264,${frameCount}`);
});

it.each([
  ["--crf 0", "from 1 to 51"],
  ["--crf 52", "from 1 to 51"],
  ["--codec av1 --crf 0", "from 1 to 63"],
  ["--codec vp9 --crf 64", "from 0 to 63"],
  ["--format y4m --crf 20", "uncompressed"],
  ["--format y4m --gop 5", "uncompressed"],
  ["--over @nowhere.mp4", "no such file"],
  ["--over @empty.mp4", "choose another"],
  ["--over @folder.mp4", "is a directory"],
  ["--over @text.mp4", "choose another"],
  ["--over @sound.mp4", "no picture"],
  ["--over @small.mp4", "give a size that can be marked"],
])("%s is refused in words", async (words, next) => {
  expect(await render(`${words} --out @none.mp4`)).toMatchObject({
    failure: { kind: "refused-input", next: expect.stringContaining(next) as string },
  });
});
