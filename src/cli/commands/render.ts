import { randomInt } from "node:crypto";
import { rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";

import { fail, reason, succeed, type Failure, type Result } from "../../core/failure.ts";
import { maxRunNumber } from "../../core/marker/payload.ts";
import { systemClock } from "../../server/clock.ts";
import { showOptions } from "../arguments.ts";
import type { Command } from "../command.ts";
import { renderFrames, type Rendered } from "./render-frames.ts";
import { readRenderOptions, renderOptionSpecs, type RenderOptions } from "./render-options.ts";
import { openPictures, type Pictures } from "./render-pictures.ts";
import { createProgress, silentProgress } from "./render-progress.ts";
import { openSink } from "./render-write.ts";

/** What a finished rendering says of itself; one line of it with `--json`. */
export type RenderFacts = {
  readonly out: string;
  readonly runNumber: number;
  /** Null where a video was drawn over. */
  readonly seed: number | null;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly fps: number;
  readonly codec: string;
  readonly frameCount: number;
  readonly lateCount: number;
  /** Capture time of frame 0, epoch microseconds. */
  readonly startUs: number;
  /** Null on stdout. */
  readonly sizeBytes: number | null;
  readonly tookS: number;
};

/** `streamgauge render`: makes a marked video file without a browser. */
export const renderCommand: Command = {
  about: "make a marked video file",
  help: () =>
    [
      "streamgauge render --out FILE [options]",
      "",
      showOptions(renderOptionSpecs),
      "",
      "Environment:",
      "  FFMPEG_PATH              ffmpeg to use where --ffmpeg is not given",
    ].join("\n"),
  run: async (args, terminal) => {
    const options = readRenderOptions(args, process.env);
    if (!options.ok) return options;
    if (options.value === null) {
      terminal.print(renderCommand.help());
      return succeed(0);
    }
    const rendered = await render(options.value);
    if (!rendered.ok) return rendered;
    // Stdout holds the video then.
    const say = options.value.out === "-" ? terminal.complain : terminal.print;
    say(options.value.json ? JSON.stringify(rendered.value) : showFacts(rendered.value));
    return succeed(0);
  },
};

async function render(options: RenderOptions): Promise<Result<RenderFacts>> {
  const { out, over } = options;
  if (over !== null && resolve(out) === resolve(over)) return fail(sameFile(out));
  const pictures = await openPictures(options);
  if (!pictures.ok) return pictures;
  const interrupt = new AbortController();
  const stop = (): void => interrupt.abort();
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const signal of signals) process.once(signal, stop);
  try {
    return await renderTo(options, pictures.value, interrupt.signal);
  } finally {
    for (const signal of signals) process.off(signal, stop);
    pictures.value.close();
  }
}

async function renderTo(
  options: RenderOptions,
  pictures: Pictures,
  signal: AbortSignal,
): Promise<Result<RenderFacts>> {
  const { out } = options;
  const beganMs = performance.now();
  const runNumber = options.runNumber ?? randomInt(1, maxRunNumber + 1);
  const startUs = options.startUs ?? systemClock.epochUs();
  // Beside the target, so that moving it there is one step; what is half done never bears the name asked for.
  const target = out === "-" ? "-" : join(dirname(out), `.${basename(out)}.${process.pid}.part`);
  const comment = `streamgauge run ${runNumber} seed ${options.seed} start ${startUs}`;
  const sink = await openSink(options, pictures, target, comment);
  if (!sink.ok) return sink;
  const progress = options.json ? silentProgress : createProgress(process.stderr, pictures);
  const rendered = await renderFrames(pictures, sink.value, {
    options,
    runNumber,
    startUs,
    signal,
    onFrame: progress.show,
    nowUs: systemClock.epochUs,
  });
  progress.clear();
  const failure = rendered.failure ?? (rendered.frameCount === 0 ? nothingMade(options) : null);
  const sizeBytes = out === "-" ? null : await settle(target, out, failure);
  if (failure !== null) return fail(failure);
  if (sizeBytes !== null && typeof sizeBytes !== "number") return fail(sizeBytes);
  const tookS = (performance.now() - beganMs) / 1000;
  return succeed(factsOf(options, pictures, rendered, { runNumber, startUs, sizeBytes, tookS }));
}

function factsOf(
  options: RenderOptions,
  pictures: Pictures,
  rendered: Rendered,
  rest: Pick<RenderFacts, "runNumber" | "startUs" | "sizeBytes" | "tookS">,
): RenderFacts {
  const { size, frameRate } = pictures;
  return {
    out: options.out,
    seed: options.over === null && options.scene === "builtin" ? options.seed : null,
    ...size,
    fps: frameRate.frameCount / frameRate.perS,
    codec: options.codec ?? "raw",
    frameCount: rendered.frameCount,
    lateCount: rendered.lateCount,
    ...rest,
  };
}

/** Gives the finished file its name, or removes the unfinished one; its size in bytes, or why it could not be. */
async function settle(target: string, out: string, failure: Failure | null): Promise<number | Failure> {
  try {
    if (failure !== null) {
      await rm(target, { force: true });
      return failure;
    }
    await rename(target, out);
    return (await stat(out)).size;
  } catch (error) {
    const next = "Check that the place can be written to, or choose another.";
    return { kind: "denied", what: "Writing the file", where: out, next, cause: reason(error) };
  }
}

function showFacts(facts: RenderFacts): string {
  const { out, frameCount, widthPx, heightPx, fps, codec, runNumber, startUs, sizeBytes, tookS } = facts;
  const name = out === "-" ? "stdout" : out;
  const kilobytes = sizeBytes === null ? "" : `, ${(sizeBytes / 1000).toFixed(0)} kB`;
  const late = facts.lateCount === 0 ? "" : `, ${facts.lateCount} of them late`;
  return [
    `${name}: ${frameCount} frames${late}, ${widthPx}x${heightPx}, ${Number(fps.toFixed(3))} fps, ${codec}${kilobytes}`,
    `  run ${runNumber}, frame 0 captured ${new Date(startUs / 1000).toISOString()}, made in ${tookS.toFixed(1)} s`,
  ].join("\n");
}

function sameFile(where: string): Failure {
  return {
    kind: "refused-input",
    what: "Reading --out",
    where,
    next: "It is the video to draw over: choose another name, the original is needed.",
  };
}

function nothingMade({ over, out }: RenderOptions): Failure {
  return {
    kind: "refused-input",
    what: "Rendering",
    where: over ?? out,
    next: "There was not one picture in it: choose another video or a longer --duration.",
  };
}
