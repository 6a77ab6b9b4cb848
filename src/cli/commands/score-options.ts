import { fail, succeed, type Result } from "../../core/failure.ts";
import type { Alignment } from "../../core/quality/pairing.ts";
import { readWordsAndArguments, textOf, type OptionSpecs } from "../arguments.ts";

/** What to score, and how. */
export type ScoreOptions = {
  readonly reference: string;
  readonly distorted: string;
  readonly alignment: Alignment;
  /** A published model file or its address; null: the built-in map. */
  readonly model: string | null;
  readonly withMsSsim: boolean;
  /** Null: as many as keep the machine busy. */
  readonly workerCount: number | null;
  /** ffmpeg's binary; null: ffmpeg.wasm alone. */
  readonly ffmpeg: string | null;
  readonly csv: string | null;
  readonly json: boolean;
};

/** The options of `streamgauge score`. */
export const scoreOptionSpecs: OptionSpecs = {
  align: {
    type: "string",
    value: "HOW",
    help: "marker, index, or N: frame i of DIST goes with frame i + N of REF (marker if both show it, else index)",
  },
  model: {
    type: "string",
    value: "FILE|URL",
    help: "score with this published VMAF model, as vmaf_v0.6.1.json, or with the one at this address",
  },
  "ms-ssim": { type: "boolean", help: "measure MS-SSIM as well" },
  csv: { type: "string", value: "FILE", help: "write the frames as a table, too" },
  workers: { type: "string", value: "N", help: "threads that score, 1 to 64 (one for each core)" },
  ffmpeg: {
    type: "string",
    value: "PATH",
    help: "ffmpeg that decodes, or wasm for the one brought along (FFMPEG_PATH, the one in PATH, else wasm)",
  },
  json: { type: "boolean", help: "print one line of JSON instead" },
  help: { type: "boolean", help: "show this" },
};

type Environment = Readonly<Record<string, string | undefined>>;

function refuse(where: string, next: string): Result<never> {
  return fail({ kind: "refused-input", what: "Reading the options", where, next });
}

function readAlignment(text: string | null): Alignment | null {
  if (text === null) return { kind: "auto" };
  if (text === "marker") return { kind: "marker" };
  if (text === "index") return { kind: "index", offset: 0 };
  return /^[+-]?\d{1,7}$/.test(text) ? { kind: "index", offset: Number(text) } : null;
}

function readCount(text: string | null): number | null {
  const count = Number(text ?? "1");
  return Number.isInteger(count) && count >= 1 && count <= 64 ? count : null;
}

function readFfmpeg(typed: string | null, environment: Environment): string | null {
  const path = typed ?? environment["FFMPEG_PATH"] ?? "ffmpeg";
  return path === "wasm" ? null : path;
}

/** Node's parser takes a leading minus for an option; said in one word, it is a value. */
function joinNegative(args: readonly string[]): readonly string[] {
  return args.flatMap((word, index) => {
    if (word === "--align" && /^-\d/.test(args[index + 1] ?? "")) return [`--align=${args[index + 1]}`];
    return args[index - 1] === "--align" && /^-\d/.test(word) ? [] : [word];
  });
}

/** Reads what was typed; `null` when help was asked for. */
export function readScoreOptions(
  args: readonly string[],
  environment: Environment,
): Result<ScoreOptions | null> {
  const read = readWordsAndArguments("score", scoreOptionSpecs, joinNegative(args));
  if (!read.ok) return read;
  const { values: typed, words } = read.value;
  if (typed["help"] === true) return succeed(null);
  const [reference, distorted] = words;
  if (reference === undefined || distorted === undefined || words.length > 2) {
    return refuse(words.join(" "), "Name two videos, the reference first: streamgauge score REF DIST.");
  }
  const align = textOf(typed, "align");
  const alignment = readAlignment(align);
  if (alignment === null)
    return refuse(`--align ${align}`, "Give marker, index, or a whole number of frames.");
  const workers = textOf(typed, "workers");
  const workerCount = readCount(workers);
  if (workerCount === null) return refuse(`--workers ${workers}`, "Give a whole number from 1 to 64.");
  return succeed({
    reference,
    distorted,
    alignment,
    model: textOf(typed, "model"),
    withMsSsim: typed["ms-ssim"] === true,
    workerCount: workers === null ? null : workerCount,
    ffmpeg: readFfmpeg(textOf(typed, "ffmpeg"), environment),
    csv: textOf(typed, "csv"),
    json: typed["json"] === true,
  });
}
