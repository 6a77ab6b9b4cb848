import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, describe, expect, it } from "vitest";

import type { ScoreReport } from "../../core/quality/score-report.ts";
import { scoreCommand } from "./score.ts";

const directory = mkdtempSync(join(tmpdir(), "streamgauge-crash-"));
const size = { widthPx: 128, heightPx: 72 };
const reference = makeClip("reference.mp4", 0);
const distorted = makeClip("received.mp4", 34);

function makeClip(name: string, crf: number): string {
  const path = join(directory, name);
  const input = `-f lavfi -i testsrc2=s=${size.widthPx}x${size.heightPx}:r=25:d=0.8`;
  const args = `-v error ${input} -pix_fmt yuv420p -c:v libx264 -crf ${crf}`.split(" ");
  const { status, stderr } = spawnSync("ffmpeg", [...args, path]);
  if (status !== 0) throw new Error(stderr.toString());
  return path;
}

afterAll(() => rmSync(directory, { recursive: true }));

/** An ffmpeg that is killed after seven and a half frames of the received video: the first time, or each time. */
function writeBreaking(name: string, isOnce: boolean): string {
  const path = join(directory, `${name}-ffmpeg`);
  const goOn = isOnce ? `mkdir "$0.broken" 2>&- || exec ffmpeg "$@"` : "";
  const script = [
    "#!/bin/sh",
    `case "$*" in *received*) ;; *) exec ffmpeg "$@" ;; esac`,
    goOn,
    `ffmpeg "$@" | head -c ${size.widthPx * size.heightPx * 7.5}`,
    "kill -KILL $$",
  ];
  writeFileSync(path, script.join("\n"));
  writeFileSync(join(directory, "ffprobe"), '#!/bin/sh\nexec ffprobe "$@"\n');
  chmodSync(path, 0o755);
  chmodSync(join(directory, "ffprobe"), 0o755);
  return path;
}

async function run(ffmpeg: string): Promise<{ readonly report: ScoreReport; readonly exitCode: unknown }> {
  let out = "";
  const args = [reference, distorted, "--json", "--workers", "1", "--ffmpeg", ffmpeg];
  const print = (text: string): void => void (out += text);
  const done = await scoreCommand.run(args, { print, complain: () => undefined, coloured: false });
  return { report: JSON.parse(out) as ScoreReport, exitCode: done.ok ? done.value : null };
}

describe("an ffmpeg that breaks down", () => {
  it("costs no frame where it does so once, and only its frames where it does so again", async () => {
    const whole = await run("ffmpeg");
    expect(whole).toMatchObject({ exitCode: 0, report: { isComplete: true, notes: [] } });
    const once = await run(writeBreaking("once", true));
    expect(once.exitCode).toBe(0);
    expect(once.report).toMatchObject({ isComplete: true, frames: whole.report.frames });
    expect(once.report.notes.join()).toMatch(/broke down at frame 7 .*SIGKILL.* went on/u);

    const always = await run(writeBreaking("always", false));
    expect(always.exitCode).toBe(1);
    expect(always.report).toMatchObject({ isComplete: false, frames: whole.report.frames.slice(0, 7) });
    expect(always.report.notes.join()).toContain("first 7 of about 20 frames");
  }, 60_000);
});
