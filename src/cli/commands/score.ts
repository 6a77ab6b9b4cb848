import { readFile, stat, writeFile } from "node:fs/promises";

import { fail, reason, succeed, type Result } from "../../core/failure.ts";
import { isModelAddress } from "../../core/quality/model-address.ts";
import { toCsv, type ScoreReport } from "../../core/quality/score-report.ts";
import { scoreRun } from "../../core/quality/score-run.ts";
import { LARGEST_MODEL_CHARS, readSvrModel } from "../../core/quality/svr-model.ts";
import { lumaTargetOf } from "../../core/quality/video-facts.ts";
import { createScoreMap, type ScoreMap } from "../../core/quality/vmaf.ts";
import { showOptions } from "../arguments.ts";
import type { Command } from "../command.ts";
import { findFfmpeg, openWithBinary } from "../score/binary-source.ts";
import { openWithCore } from "../score/core-source.ts";
import { fetchModel } from "../score/fetch-model.ts";
import { openBoth, toSource, type OpenedVideo, type OpenPath } from "../score/open-video.ts";
import { createScoreProgress, silentScoreProgress } from "../score/progress.ts";
import { startScoreThreads, usualThreadCount, type ScoreThreads } from "../score/score-threads.ts";
import { showReport } from "../score/show-report.ts";
import { exitCodes } from "../words.ts";
import { readScoreOptions, scoreOptionSpecs, type ScoreOptions } from "./score-options.ts";

/** `streamgauge score`: VMAF, PSNR and SSIM of one video against another. */
export const scoreCommand: Command = {
  about: "score a video against its reference",
  help: () =>
    [
      "streamgauge score REF DIST [options]",
      "",
      showOptions(scoreOptionSpecs),
      "",
      "Exit code: 0 scored, 1 failed or scored only in part since a decoder broke down (the JSON's isComplete), 2 refused.",
      "",
      "Environment:",
      "  FFMPEG_PATH              ffmpeg to use where --ffmpeg is not given",
    ].join("\n"),
  run: async (args, terminal) => {
    const options = readScoreOptions(args, process.env);
    if (!options.ok) return options;
    if (options.value === null) {
      terminal.print(scoreCommand.help());
      return succeed(0);
    }
    const report = await scorePaths(options.value);
    if (!report.ok) return report;
    const written = await writeCsv(options.value.csv, report.value);
    if (!written.ok) return written;
    terminal.print(options.value.json ? JSON.stringify(report.value) : showReport(report.value));
    return succeed(report.value.isComplete ? 0 : exitCodes["ended-early"]);
  },
};

async function requireFile(path: string): Promise<Result<null>> {
  const what = "Reading the video";
  try {
    const found = await stat(path);
    if (found.isFile() && found.size > 0) return succeed(null);
    const next = found.isFile() ? "The file is empty: choose a video." : "It is no file: choose a video.";
    return fail({ kind: "refused-input", what, where: path, next });
  } catch (error) {
    const next = "There is no such file, or it may not be read: check the name.";
    return fail({ kind: "refused-input", what, where: path, next, cause: reason(error) });
  }
}

async function loadMap(path: string | null): Promise<Result<ScoreMap>> {
  if (path === null) return succeed(createScoreMap(null));
  if (isModelAddress(path)) {
    const model = await fetchModel(path);
    return model.ok ? succeed(createScoreMap(model.value)) : model;
  }
  try {
    const { size } = await stat(path);
    // A file larger than any model is not read into memory to be refused.
    const text = size > 4 * LARGEST_MODEL_CHARS ? "" : await readFile(path, "utf8");
    const model = readSvrModel(text, path);
    return model.ok ? succeed(createScoreMap(model.value)) : model;
  } catch (error) {
    const next = "Name a model file such as vmaf_v0.6.1.json, or leave --model out.";
    return fail({
      kind: "refused-input",
      what: "Reading the model",
      where: path,
      next,
      cause: reason(error),
    });
  }
}

/**
 * Scores as the command does.
 * @param startThreads starts what scores the frames; threads of their own when not given
 */
export async function scorePaths(
  options: ScoreOptions,
  startThreads: (count: number) => ScoreThreads = startScoreThreads,
): Promise<Result<ScoreReport>> {
  const { reference, distorted, ffmpeg } = options;
  for (const path of [reference, distorted]) {
    const found = await requireFile(path);
    if (!found.ok) return found;
  }
  const map = await loadMap(options.model);
  if (!map.ok) return map;
  const binary = ffmpeg === null ? null : await findFfmpeg(ffmpeg);
  const open: OpenPath = (path) => (binary === null ? openWithCore(path) : openWithBinary(binary, path));
  const videos = await openBoth(open, [reference, distorted]);
  if (!videos.ok) return videos;
  const threads = startThreads(options.workerCount ?? usualThreadCount());
  return scoreVideos(options, videos.value, open, map.value, threads);
}

async function scoreVideos(
  options: ScoreOptions,
  [made, got]: readonly [OpenedVideo, OpenedVideo],
  open: OpenPath,
  map: ScoreMap,
  threads: ScoreThreads,
): Promise<Result<ScoreReport>> {
  const target = lumaTargetOf(made.facts, got.facts);
  const markers = options.alignment.kind === "index" ? "leave-markers" : "read-markers";
  const reference = toSource(options.reference, made, target, markers, open);
  const received = toSource(options.distorted, got, target, markers, open);
  const progress = options.json ? silentScoreProgress : createScoreProgress(process.stderr);
  try {
    return await scoreRun({
      reference,
      received,
      alignment: options.alignment,
      map,
      withMsSsim: options.withMsSsim,
      score: threads.score,
      parallelCount: threads.count + 1,
      onProgress: progress.show,
    });
  } finally {
    progress.clear();
    reference.close();
    received.close();
    await threads.close();
  }
}

async function writeCsv(path: string | null, report: ScoreReport): Promise<Result<null>> {
  if (path === null) return succeed(null);
  try {
    await writeFile(path, toCsv(report));
    return succeed(null);
  } catch (error) {
    const next = "Check that the place can be written to, or choose another.";
    return fail({ kind: "denied", what: "Writing the table", where: path, next, cause: reason(error) });
  }
}
