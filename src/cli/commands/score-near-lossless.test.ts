import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, expect, it } from "vitest";

import { scoreAgainstScene } from "../../../bench/parts/score-against-scene.ts";
import { renderCommand } from "./render.ts";

const directory = mkdtempSync(join(tmpdir(), "streamgauge-lossless-"));
const size = { widthPx: 640, heightPx: 360 };

afterAll(() => rmSync(directory, { recursive: true }));

const drawn = join(directory, "scene.y4m");

/** The built-in scene as it is drawn, without an encoder. */
beforeAll(async () => {
  const words = "--size 640x360 --duration 0.8 --seed 5 --out".split(" ");
  const silent = { print: () => undefined, complain: () => undefined, coloured: false };
  const done = await renderCommand.run([...words, drawn], silent);
  if (!done.ok) throw new Error(done.failure.next);
}, 60_000);

function encode(quality: string): string {
  const path = join(directory, `${quality}.mp4`);
  const args = `-v error -i ${drawn} -c:v libx264 ${quality} -preset superfast`.split(" ");
  const { status, stderr } = spawnSync("ffmpeg", [...args, path]);
  if (status !== 0) throw new Error(stderr.toString());
  return path;
}

it.each([
  ["-qp 0", 60],
  ["-crf 4", 48],
])(
  "the scene encoded with %s has at least %i dB and a VMAF over 99",
  async (quality, leastDb) => {
    const report = await scoreAgainstScene(encode(quality), 5, size);
    expect(report.frames).toHaveLength(24);
    expect(report.mean.psnrY).toBeGreaterThanOrEqual(leastDb);
    expect(report.mean.vmaf).toBeGreaterThan(99);
  },
  60_000,
);
