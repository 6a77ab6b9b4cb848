import { readFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import type { ScoreReport } from "../../core/quality/score-report.ts";
import { readScoreOptions } from "./score-options.ts";
import { scoreCommand } from "./score.ts";

const cases = join(import.meta.dirname, "../../core/quality/cases");
const reference = join(cases, "cells.ref.mp4");
const distorted = join(cases, "cells.h264-crf40.mp4");

async function run(...args: readonly string[]): Promise<{ readonly out: string; readonly result: unknown }> {
  let out = "";
  const print = (text: string): void => void (out += text);
  const result = await scoreCommand.run(args, { print, complain: () => undefined, coloured: false });
  return { out, result };
}

describe("score options", () => {
  it.each([
    [["r", "d"], { kind: "auto" }],
    [["r", "d", "--align", "marker"], { kind: "marker" }],
    [["r", "--align", "index", "d"], { kind: "index", offset: 0 }],
    [["r", "d", "--align", "-3"], { kind: "index", offset: -3 }],
    [["--align=12", "r", "d"], { kind: "index", offset: 12 }],
  ])("of %j pair frames so", (args, alignment) => {
    expect(readScoreOptions(args, {})).toMatchObject({
      value: { reference: "r", distorted: "d", alignment },
    });
  });

  it.each([[["r"]], [["a", "b", "c"]], [["r", "d", "--align", "nearly"]], [["r", "d", "--workers", "0"]]])(
    "refuse %j",
    (args) => {
      expect(readScoreOptions(args, {})).toMatchObject({ failure: { kind: "refused-input" } });
    },
  );
});

describe("streamgauge score", () => {
  it.each([
    ["wasm", "ffmpeg.wasm"],
    ["ffmpeg", "ffmpeg"],
  ])(
    "decodes with %s and scores as libvmaf does",
    async (ffmpeg, decoder) => {
      const { out } = await run(reference, distorted, "--json", "--workers", "2", "--ffmpeg", ffmpeg);
      const report = JSON.parse(out) as ScoreReport;
      const due = JSON.parse(readFileSync(join(cases, "cells.h264-crf40.json"), "utf8")) as {
        readonly pooledMean: { readonly vmaf: number };
      };
      expect(Math.abs((report.mean.vmaf ?? 0) - due.pooledMean.vmaf)).toBeLessThan(0.02);
      expect(report.frames).toHaveLength(20);
      expect(report.decoder).toContain(decoder);
    },
    60_000,
  );

  it("says what is wrong with a file that is no video", async () => {
    const { result } = await run(reference, import.meta.filename, "--json");
    expect(result).toMatchObject({ failure: { kind: "refused-input", what: "reading the video" } });
  }, 30_000);
});
