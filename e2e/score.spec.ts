import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect, type Page } from "@playwright/test";

import {
  casesWithoutClips,
  ownCases as own,
  vmafCases,
  type CaseFigures,
  type CaseFrame,
} from "../bench/parts/vmaf-cases.ts";
import type { FrameFigures, ScoreReport } from "../src/core/quality/score-report.ts";
import { expectAccessible } from "./conditions.ts";
import { scoreChosen } from "./score-page.ts";
import { test } from "./server.ts";

/** Our figures, libvmaf's names of them, and how far off they may be. */
const bounds: readonly (readonly [keyof FrameFigures, keyof CaseFrame, number])[] = [
  ["vmaf", "vmaf", 0.05],
  ["vmafNeg", "vmaf_neg", 0.05],
  ["adm2", "adm2", 5e-4],
  ["motion2", "motion2", 1e-4],
  ["vifScale0", "vif_scale0", 1e-3],
  ["vifScale1", "vif_scale1", 1e-3],
  ["vifScale2", "vif_scale2", 1e-3],
  ["vifScale3", "vif_scale3", 1e-3],
  ["psnrY", "psnr_y", 0.01],
  ["ssim", "ssim", 1e-3],
];

/** One case of each reference: the others are scored without a page, by the same kernels. */
const pageCases = [
  ...new Map([...vmafCases].toReversed().map((each) => [each[1].clip.reference, each])).values(),
];

/** One support vector in the form of the published models: half of a bell over ADM, of which VMAF is 100 times the height. */
const smallModel = {
  model_dict: {
    model_type: "LIBSVMNUSVR",
    norm_type: "linear_rescale",
    feature_names: ["adm2", "motion2", "vif_scale0", "vif_scale1", "vif_scale2", "vif_scale3"].map(
      (name) => `VMAF_integer_feature_${name}_score`,
    ),
    slopes: [0.01, 1, 0, 0, 0, 0, 0],
    intercepts: [0, 0, 0, 0, 0, 0, 0],
    model: "svm_type nu_svr\nkernel_type rbf\ngamma 2\nnr_class 2\ntotal_sv 1\nrho 0\nSV\n1 1:1 \n",
  },
};

function smallModelScore({ adm2 }: FrameFigures): number {
  return 100 * Math.exp(-2 * (adm2 - 1) ** 2);
}

/** Scores two files as a user does; resolves with what the page exports. */
async function scorePair(
  page: Page,
  reference: string,
  distorted: string,
  decoder: string,
): Promise<ScoreReport> {
  await page.getByLabel("Reference, as it was before").setInputFiles(reference);
  await page.getByLabel(/^Video to score/u).setInputFiles(distorted);
  await page.getByLabel("Decoded by").selectOption(decoder);
  return scoreChosen(page, 90_000);
}

function faultsOf(report: ScoreReport, clip: CaseFigures): readonly string[] {
  const ofFrames = bounds.flatMap(([name, theirs, bound]) => {
    const errors = clip.frames.map((frame, index) =>
      Math.abs(frame[theirs] - (report.frames[index]?.[name] ?? Number.NaN)),
    );
    const worst = Math.max(...errors);
    return worst <= bound ? [] : [`${name} off by ${worst}`];
  });
  const meanError = Math.abs((report.mean.vmaf ?? Number.NaN) - clip.pooledMean.vmaf);
  const ofMean = meanError <= 0.02 ? [] : [`mean VMAF off by ${meanError}`];
  const isWhole = report.frames.length === clip.frames.length;
  return [...ofFrames, ...ofMean, ...(isWhole ? [] : [`${report.frames.length} frames`])];
}

for (const [decoder, label] of [
  ["webcodecs", "WebCodecs"],
  ["ffmpeg", "ffmpeg.wasm"],
] as const) {
  test(
    `clips decoded by ${label} in the page are scored as libvmaf scores them`,
    { tag: "@still" },
    async ({ page }) => {
      test.info().annotations.push({ type: "without clips", description: casesWithoutClips.join(", ") });
      await page.goto("/score");
      for (const [name, { directory, clip }] of pageCases) {
        const [reference, distorted] = [join(directory, clip.reference), join(directory, clip.distorted)];
        const report = await scorePair(page, reference, distorted, decoder);
        expect(faultsOf(report, clip), name).toEqual([]);
        expect(report.decoder, name).toContain(label);
      }
    },
  );
}

test(
  "a result shows curve, table, worst frames and difference, on a phone as well",
  { tag: "@still" },
  async ({ page }) => {
    await page.goto("/score");
    const [reference, distorted] = [join(own, "cells.ref.mp4"), join(own, "cells.h264-crf40.mp4")];
    await page.getByLabel(/^VMAF model/u).setInputFiles({
      name: "small.json",
      mimeType: "application/json",
      buffer: Buffer.from(JSON.stringify(smallModel)),
    });
    await expect(page.getByText("small.json")).toBeAttached();
    await page.getByText("Model and MS-SSIM").click();
    const address = page.getByLabel("Or the address of a model file");
    await page.route("https://models.example/fetched.json*", (route) => route.fulfill({ json: smallModel }));
    // What a browser makes of an answer that CORS keeps from the page.
    await page.route("https://models.example/locked.json", (route) => route.abort("accessdenied"));
    await address.fill("https://models.example/locked.json");
    await address.press("Enter");
    await expect(page.getByText("(CORS): save the file and drop it here")).toBeVisible();
    await address.fill("https://models.example/fetched.json?token=1");
    await address.press("Enter");
    await expect(page.getByText("fetched.json", { exact: true })).toBeVisible();
    const report = await scorePair(page, reference, distorted, "auto");
    expect(report.model).toBe("fetched.json (the model itself)");
    for (const frame of report.frames) expect(frame.vmaf).toBeCloseTo(smallModelScore(frame), 6);
    expect(report.decoder).toContain("WebCodecs");
    for (const name of ["VMAF of each frame", "Difference"]) {
      await expect(page.getByRole("img", { name })).toBeVisible();
    }
    await page.getByRole("button", { name: "Save PNG" }).focus();
    const cursor = page.getByRole("slider", { name: "VMAF of each frame" });
    for (const [key, frame] of Object.entries({ Tab: 19, Home: 0, ArrowRight: 1, End: 19, ArrowLeft: 18 })) {
      await page.keyboard.press(key);
      const words = `frame ${frame}: ${report.frames[frame]?.vmaf.toFixed(1)}`;
      await expect(cursor).toHaveAttribute("aria-valuetext", words);
      await expect(page.getByText(words)).toBeVisible();
    }
    await expect(cursor).toHaveCSS("outline", / solid 2px$/);
    await page.keyboard.press("Escape");
    await expect(page.getByText(/^frame \d+: /)).toHaveCount(0);
    await expect(page.getByRole("table", { name: "Figures of each frame" }).getByRole("row")).toHaveCount(21);
    const [csv] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Save CSV" }).click(),
    ]);
    expect(readFileSync(await csv.path(), "utf8").split("\r\n")).toHaveLength(22);
    await expectAccessible(page);
  },
);

test("what is no video, or only part of one, is refused in words", { tag: "@still" }, async ({ page }) => {
  await page.goto("/score");
  await page.getByLabel("Reference, as it was before").setInputFiles(join(own, "cells.ref.mp4"));
  const whole = readFileSync(join(own, "cells.h264-crf40.mp4"));
  const broken = [
    { name: "words.mp4", mimeType: "video/mp4", buffer: Buffer.from("no video at all") },
    { name: "cut.mp4", mimeType: "video/mp4", buffer: whole.subarray(0, 3000) },
  ];
  for (const file of broken) {
    await page.getByLabel(/^Video to score/u).setInputFiles(file);
    await page.getByRole("button", { name: "Score", exact: true }).click();
    await expect(page.getByRole("alert")).toContainText(file.name, { timeout: 30_000 });
    await expect(page.getByRole("alert")).toContainText("cut off");
  }
});

/** Pictures that no browser hands out as 8-bit 4:2:0, as ffmpeg writes them, and what is said of each. */
const otherPictures = {
  "10-bit.mp4": ["-pix_fmt yuv420p10le -c:v libx264", "yuv420p10le to 8 bit"],
  "4-4-4.mp4": ["-pix_fmt yuv444p -c:v libx264", "chroma is not scored"],
  "rgb.mp4": ["-vf format=gbrp -c:v libx264rgb", "from gbrp to luma by BT.601"],
} as const;

test(
  "10-bit, 4:4:4 and RGB pictures are converted, which is said, and scored as the command scores them",
  { tag: "@still" },
  async ({ page }) => {
    const directory = mkdtempSync(join(tmpdir(), "streamgauge-score-"));
    try {
      const ffmpeg = (words: string) =>
        execFileSync("ffmpeg", ["-v", "error", ...words.split(" ")], { cwd: directory });
      ffmpeg("-f lavfi -i testsrc2=s=320x180:r=25:d=0.2 -pix_fmt yuv420p -c:v libx264 -qp 0 reference.mp4");
      await page.goto("/score");
      for (const [name, [words, note]] of Object.entries(otherPictures)) {
        ffmpeg(`-i reference.mp4 ${words} -qp 40 ${name}`);
        const paths = [join(directory, "reference.mp4"), join(directory, name)] as const;
        const report = await scorePair(page, ...paths, "auto");
        expect(report.notes.join(), name).toContain(note);
        const command = join(import.meta.dirname, "../dist/node/streamgauge.js");
        const printed = execFileSync(process.execPath, [command, "score", ...paths, "--json"]);
        const { frames } = JSON.parse(printed.toString()) as ScoreReport;
        expect(report.frames, name).toHaveLength(5);
        for (const [index, { vmaf, psnrY }] of report.frames.entries()) {
          expect(vmaf, name).toBeCloseTo(frames[index]?.vmaf ?? Number.NaN, 6);
          expect(psnrY, name).toBeCloseTo(frames[index]?.psnrY ?? Number.NaN, 6);
          expect(vmaf, name).toBeLessThan(99);
        }
      }
    } finally {
      rmSync(directory, { recursive: true });
    }
  },
);

/** Run in the page: breaks the second decoding worker that is started, which is that of the received video, after 7 frames; then the third, as `breakCount` says. */
function breakDecoders(breakCount: number): void {
  let startedCount = 0;
  let leftCount = breakCount;
  const { Worker: Whole } = globalThis;
  globalThis.Worker = class extends Whole {
    constructor(url: string | URL, options?: WorkerOptions) {
      super(url, options);
      if (!String(url).includes("decode.worker")) return;
      startedCount += 1;
      if (startedCount < 2 || leftCount === 0) return;
      leftCount -= 1;
      let frameCount = 0;
      this.addEventListener("message", ({ data }: MessageEvent<{ readonly kind: string }>) => {
        frameCount += data.kind === "frame" ? 1 : 0;
        if (frameCount !== 8) return;
        this.terminate();
        this.dispatchEvent(new ErrorEvent("error", { message: "broken by the test" }));
      });
    }
  };
}

for (const [title, breakCount, words] of [
  ["costs no frame", 1, "it was started anew and went on from there"],
  ["again costs the frames after that, and the page says so", 2, "could not go on when started anew"],
] as const) {
  test(`a decoding worker that breaks down ${title}`, { tag: "@still" }, async ({ page }) => {
    await page.addInitScript(breakDecoders, breakCount);
    await page.goto("/score");
    const [reference, distorted] = [join(own, "cells.ref.mp4"), join(own, "cells.h264-crf40.mp4")];
    const report = await scorePair(page, reference, distorted, "auto");
    expect(report.isComplete).toBe(breakCount === 1);
    expect(report.frames).toHaveLength(breakCount === 1 ? 20 : 7);
    expect(report.notes.join()).toContain("broken by the test");
    await expect(page.getByText(words)).toBeVisible();
    await expect(page.getByText("Scored in part")).toBeVisible({ visible: breakCount > 1 });
  });
}
