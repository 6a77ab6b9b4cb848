import { extname } from "node:path";

import { fail, succeed, type Failure, type Result } from "../../core/failure.ts";
import type { PictureSize } from "../../core/marker/layout.ts";
import { maxRunNumber } from "../../core/marker/payload.ts";
import type { CodecName } from "../../core/wire/setup.ts";
import { readArguments, textOf, type OptionSpecs, type Typed } from "../arguments.ts";

/** Files that can be made. `y4m` is uncompressed and needs no ffmpeg. */
export type RenderFormat = "mp4" | "webm" | "mkv" | "y4m";

/** Frames per second as a fraction: 30000/1001 is a rate that films come in. */
export type FrameRate = { readonly frameCount: number; readonly perS: number };

/** How the encoder is held: constant quality (its own scale, less is better) or a bitrate. */
export type RateControl =
  | { readonly kind: "quality"; readonly crf: number | null }
  | { readonly kind: "bitrate"; readonly kbps: number };

/** How `streamgauge render` was asked to run. */
export type RenderOptions = {
  /** File to write; `-` is stdout. */
  readonly out: string;
  readonly format: RenderFormat;
  /** Null for `y4m`. */
  readonly codec: CodecName | null;
  readonly scene: "builtin" | "marker";
  /** The user's own video to draw over; null draws the scene. */
  readonly over: string | null;
  /** Null: as large as the video drawn over. */
  readonly size: PictureSize | null;
  /** Null: the rate of the video drawn over. */
  readonly frameRate: FrameRate | null;
  /** Null: as long as the video drawn over. */
  readonly durationS: number | null;
  readonly seed: number;
  /** Null: any. */
  readonly runNumber: number | null;
  /** Key frame distance in frames; null: two seconds. */
  readonly gopFrameCount: number | null;
  readonly rate: RateControl;
  /** Capture time of frame 0, epoch microseconds; null: now. */
  readonly startUs: number | null;
  /** Frames leave at their own pace and carry the time they left at. */
  readonly realtime: boolean;
  readonly ffmpeg: string;
  readonly json: boolean;
};

/** The options of `streamgauge render`. */
export const renderOptionSpecs: OptionSpecs = {
  out: { type: "string", value: "FILE", help: "file to write, .mp4, .webm, .mkv or .y4m; - is stdout" },
  size: { type: "string", value: "WxH", help: "picture size, even, 128x128 to 3840x2160 (1280x720)" },
  fps: { type: "string", value: "FPS", help: "frames per second, 1 to 60, also as 30000/1001 (30)" },
  duration: { type: "string", value: "SECONDS", help: "length in seconds (10)" },
  over: { type: "string", value: "VIDEO", help: "lay the marker over this video; its sound is left out" },
  scene: { type: "string", value: "SCENE", help: "builtin, or marker for the marker alone (builtin)" },
  seed: { type: "string", value: "N", help: "seed of the built-in scene, 0 to 999999999 (1)" },
  run: { type: "string", value: "N", help: "run number in the marker, 0 to 999999 (any)" },
  "start-time": {
    type: "string",
    value: "TIME",
    help: "capture time of frame 0, such as 2026-01-31T12:00:00Z (now); frame i is i/fps later",
  },
  codec: { type: "string", value: "CODEC", help: "h264, vp9, vp8 or av1 (by the file's kind)" },
  kbps: { type: "string", value: "KBPS", help: "bitrate, 50 to 100000 kbit/s" },
  crf: {
    type: "string",
    value: "N",
    help: "constant quality instead of a bitrate: h264 1 to 51, av1 1 to 63, vp8 and vp9 0 to 63 (by the codec)",
  },
  gop: { type: "string", value: "FRAMES", help: "frames from key frame to key frame (two seconds)" },
  format: { type: "string", value: "KIND", help: "mp4, webm, mkv or y4m (by the file's name)" },
  realtime: {
    type: "boolean",
    help: "let frames out at their own pace, each with the time it left at: a live source to pipe",
  },
  ffmpeg: { type: "string", value: "PATH", help: "ffmpeg to use (FFMPEG_PATH, or the one in PATH)" },
  json: { type: "boolean", help: "print one line of JSON instead" },
  help: { type: "boolean", help: "show this" },
};

const codecsOf: Readonly<Record<RenderFormat, readonly CodecName[]>> = {
  mp4: ["h264", "vp9", "av1"],
  webm: ["vp9", "vp8", "av1"],
  mkv: ["h264", "vp9", "vp8", "av1"],
  y4m: [],
};

type Environment = Readonly<Record<string, string | undefined>>;

/** Thrown within this file alone, so that each option is read in one line; leaves as a `Failure`. */
type Refusal = { readonly refusal: Failure };

function refuse(option: string, typed: string, next: string): never {
  const failure: Failure = {
    kind: "refused-input",
    what: `Reading --${option}`,
    where: JSON.stringify(typed),
    next,
  };
  // oxlint-disable-next-line typescript/only-throw-error -- caught in readRenderOptions and returned as a value
  throw { refusal: failure } satisfies Refusal;
}

/** Reads what was typed; `null` when help was asked for. */
export function readRenderOptions(
  args: readonly string[],
  environment: Environment,
): Result<RenderOptions | null> {
  const typed = readArguments("render", renderOptionSpecs, args);
  if (!typed.ok) return typed;
  if (typed.value["help"] === true) return succeed(null);
  try {
    return succeed(readTyped(typed.value, environment));
  } catch (error) {
    if (typeof error === "object" && error !== null && "refusal" in error)
      return fail((error as Refusal).refusal);
    throw error;
  }
}

function readTyped(typed: Typed, environment: Environment): RenderOptions {
  const out = textOf(typed, "out");
  if (out === null || out === "")
    refuse("out", out ?? "", "Name the file to write, such as --out marked.mp4.");
  const format = readFormat(out, textOf(typed, "format"));
  const over = textOf(typed, "over");
  const codec = readCodec(format, textOf(typed, "codec"));
  const orOwn = (name: string, own: string): string | null =>
    textOf(typed, name) ?? (over === null ? own : null);
  return {
    out,
    format,
    over,
    codec,
    scene: readScene(textOf(typed, "scene") ?? "builtin"),
    size: readSize(orOwn("size", "1280x720")),
    frameRate: readFrameRate(orOwn("fps", "30")),
    durationS: readDuration(orOwn("duration", "10")),
    seed: readWhole(typed, "seed", 0, 999_999_999) ?? 1,
    runNumber: readWhole(typed, "run", 0, maxRunNumber),
    gopFrameCount: readWhole(typed, "gop", 1, 100_000),
    rate: readRate(typed, codec),
    startUs: readStart(typed),
    realtime: typed["realtime"] === true,
    ffmpeg: textOf(typed, "ffmpeg") ?? environment["FFMPEG_PATH"] ?? "ffmpeg",
    json: typed["json"] === true,
  };
}

function readWhole(typed: Typed, name: string, low: number, high: number): number | null {
  const text = textOf(typed, name);
  if (text === null) return null;
  const value = Number(text);
  if (/^\d{1,9}$/.test(text) && value >= low && value <= high) return value;
  return refuse(name, text, `Give a whole number from ${low} to ${high}.`);
}

function readFormat(out: string, asked: string | null): RenderFormat {
  const text = asked ?? (out === "-" ? "y4m" : extname(out).slice(1).toLowerCase());
  if (text === "mp4" || text === "webm" || text === "mkv" || text === "y4m") return text;
  if (asked !== null) return refuse("format", asked, "Choose mp4, webm, mkv or y4m.");
  return refuse("out", out, "End the name in .mp4, .webm, .mkv or .y4m, or say which with --format.");
}

function readCodec(format: RenderFormat, asked: string | null): CodecName | null {
  const choices = codecsOf[format];
  if (asked === null) return choices[0] ?? null;
  const codec = choices.find((name) => name === asked);
  if (codec !== undefined) return codec;
  const next =
    choices.length === 0
      ? "A .y4m file is uncompressed: leave --codec out."
      : `In .${format} go ${choices.join(", ")}; .mkv takes all of h264, vp9, vp8 and av1.`;
  return refuse("codec", asked, next);
}

function readScene(text: string): RenderOptions["scene"] {
  if (text === "builtin" || text === "marker") return text;
  return refuse("scene", text, "Choose builtin or marker.");
}

function readSize(text: string | null): PictureSize | null {
  if (text === null) return null;
  const [widthPx = 0, heightPx = 0] = /^\d{3,4}x\d{3,4}$/.test(text) ? text.split("x").map(Number) : [];
  if (isPictureSize({ widthPx, heightPx })) return { widthPx, heightPx };
  return refuse("size", text, "Give WIDTHxHEIGHT, both even, 128x128 to 3840x2160, such as 640x360.");
}

/** Whether a picture of this size can be made and marked. */
export function isPictureSize({ widthPx, heightPx }: PictureSize): boolean {
  const isWhole = widthPx % 2 === 0 && heightPx % 2 === 0;
  return isWhole && widthPx >= 128 && widthPx <= 3840 && heightPx >= 128 && heightPx <= 2160;
}

/** Whether frames may come this often: once to 60 times a second. */
export function isFrameRate({ frameCount, perS }: FrameRate): boolean {
  return perS > 0 && frameCount >= perS && frameCount <= 60 * perS;
}

function readFrameRate(text: string | null): FrameRate | null {
  if (text === null) return null;
  const parts = /^(?<count>\d{1,5})(?:\/(?<per>\d{1,4}))?$/.exec(text)?.groups;
  const rate = { frameCount: Number(parts?.["count"]), perS: Number(parts?.["per"] ?? 1) };
  if (isFrameRate(rate)) return rate;
  return refuse("fps", text, "Give 1 to 60 frames per second, also as a fraction such as 30000/1001.");
}

function readDuration(text: string | null): number | null {
  if (text === null) return null;
  const durationS = Number(text);
  if (/^\d{1,6}(?:\.\d{1,6})?$/.test(text) && durationS > 0) return durationS;
  return refuse("duration", text, "Give seconds, such as 3 or 0.5.");
}

/**
 * Least and greatest constant quality by codec, as the encoders of ffmpeg have them. x264's 0 is without loss, in a profile that browsers
 * do not play; SVT-AV1 takes 0 for none given.
 */
const crfRanges: Readonly<Record<CodecName, readonly [number, number]>> = {
  h264: [1, 51],
  vp9: [0, 63],
  vp8: [0, 63],
  av1: [1, 63],
};

function readRate(typed: Typed, codec: CodecName | null): RateControl {
  if (codec === null) return readNoRate(typed);
  const kbps = readWhole(typed, "kbps", 50, 100_000);
  const crf = readCrf(typed, codec);
  if (kbps !== null && crf !== null)
    refuse("crf", String(crf), "Give either --crf or --kbps: one leaves nothing for the other to decide.");
  return kbps === null ? { kind: "quality", crf } : { kind: "bitrate", kbps };
}

function readCrf(typed: Typed, codec: CodecName): number | null {
  const text = textOf(typed, "crf");
  const [low, high] = crfRanges[codec];
  const value = Number(text);
  if (text === null || (/^\d{1,2}$/.test(text) && value >= low && value <= high))
    return text === null ? null : value;
  const lossless = value === 0 ? " Without any loss is .y4m, and --codec vp9 with 0 comes near." : "";
  return refuse("crf", text, `For ${codec} give a whole number from ${low} to ${high}.${lossless}`);
}

/** An uncompressed file has no rate to control. */
function readNoRate(typed: Typed): RateControl {
  for (const name of ["crf", "kbps", "gop"]) {
    const text = textOf(typed, name);
    if (text !== null) refuse(name, text, `A .y4m file is uncompressed: leave --${name} out.`);
  }
  return { kind: "quality", crf: null };
}

function readStart(typed: Typed): number | null {
  const text = textOf(typed, "start-time");
  if (text === null) return null;
  const startMs = /^\d{4}-\d{2}-\d{2}T[\d:.]+(?:Z|[+-]\d{2}:\d{2})$/.test(text)
    ? Date.parse(text)
    : Number.NaN;
  if (typed["realtime"] === true)
    return refuse(
      "start-time",
      text,
      "With --realtime each frame carries the time it left at: leave one out.",
    );
  if (startMs >= 0) return startMs * 1000;
  return refuse("start-time", text, "Give a date with time and zone, such as 2026-01-31T12:00:00.000Z.");
}
