import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";

import { fail, succeed, type Failure, type Result } from "../../core/failure.ts";
import type { PictureSize } from "../../core/marker/layout.ts";
import type { CodecName } from "../../core/wire/setup.ts";
import type { FrameRate, RateControl, RenderFormat } from "./render-options.ts";

/** What an encoder is told. */
export type EncodeOptions = {
  readonly size: PictureSize;
  readonly frameRate: FrameRate;
  readonly codec: CodecName;
  readonly format: Exclude<RenderFormat, "y4m">;
  readonly rate: RateControl;
  readonly gopFrameCount: number;
  /** Written into the file, for people. */
  readonly comment: string;
  /** A path, or `pipe:1`. */
  readonly target: string;
};

/** Arguments that hold no blank, as they are typed. */
function flags(text: string): readonly string[] {
  return text.split(" ");
}

const bt709 = "range=tv:color_primaries=bt709:color_trc=bt709:colorspace=bt709";

/** Names of ffmpeg's encoders, what each needs to be usable, and a quality that leaves the marker unharmed. */
const encoders: Readonly<Record<CodecName, { readonly args: readonly string[]; readonly crf: number }>> = {
  // Every browser plays High; scene cuts must not move the key frames.
  h264: { args: ["-c:v", "libx264", "-profile:v", "high", "-preset", "fast", "-sc_threshold", "0"], crf: 20 },
  vp9: { args: ["-c:v", "libvpx-vp9", "-deadline", "good", "-cpu-used", "5", "-row-mt", "1"], crf: 28 },
  vp8: { args: ["-c:v", "libvpx", "-deadline", "good", "-cpu-used", "4", "-auto-alt-ref", "0"], crf: 10 },
  av1: { args: ["-c:v", "libsvtav1", "-preset", "10"], crf: 30 },
};

function rateArgs({ rate, codec, size }: EncodeOptions): readonly string[] {
  if (rate.kind === "bitrate") {
    const kbps = `${rate.kbps}k`;
    // One second of buffer, as a live stream is held.
    return codec === "av1" ? ["-b:v", kbps] : ["-b:v", kbps, "-maxrate", kbps, "-bufsize", kbps];
  }
  const crf = String(rate.crf ?? encoders[codec].crf);
  // libvpx bounds VP8's quality mode by its bitrate, which stands at 200 kbit/s unless told, and by a least quantizer of 4.
  if (codec === "vp8") return ["-crf", crf, "-qmin", "0", "-b:v", String(size.widthPx * size.heightPx * 10)];
  return codec === "vp9" ? ["-crf", crf, "-b:v", "0"] : ["-crf", crf];
}

/** The arguments that make a file of raw I420 on stdin. */
export function encodeArgs(options: EncodeOptions): readonly string[] {
  const { size, frameRate, codec, format, gopFrameCount, comment, target } = options;
  const isFile = target !== "pipe:1";
  const muxer = { mp4: "mp4", webm: "webm", mkv: "matroska" }[format];
  // Index first; a pipe cannot be returned to, so it gets fragments instead.
  const mp4 = ["-movflags", isFile ? "+faststart" : "+frag_keyframe+empty_moov+default_base_moof"];
  return [
    ...flags("-hide_banner -nostdin -loglevel error -y"),
    ...flags("-f rawvideo -pixel_format yuv420p"),
    "-video_size",
    `${size.widthPx}x${size.heightPx}`,
    "-framerate",
    `${frameRate.frameCount}/${frameRate.perS}`,
    ...flags("-i pipe:0"),
    "-vf",
    `setparams=${bt709}`,
    ...flags("-pix_fmt yuv420p"),
    ...encoders[codec].args,
    ...rateArgs(options),
    "-g",
    String(gopFrameCount),
    "-metadata",
    `comment=${comment}`,
    ...(format === "mp4" ? mp4 : []),
    "-f",
    muxer,
    isFile ? `file:${target}` : target,
  ];
}

/** What is read from a user's own video. */
export type DecodeOptions = {
  readonly source: string;
  /** Null keeps the video's own. */
  readonly size: PictureSize | null;
  readonly frameRate: FrameRate | null;
  readonly durationS: number | null;
};

/** The arguments that read a video as YUV4MPEG2 on stdout: constant rate, square pixels, even sides, BT.709 limited range. */
export function decodeArgs({ source, size, frameRate, durationS }: DecodeOptions): readonly string[] {
  const [widthPx, heightPx] = size === null ? [] : [size.widthPx, size.heightPx];
  const colours = "out_color_matrix=bt709:out_range=tv";
  const fitted =
    size === null
      ? `scale=trunc(iw*sar/2)*2:trunc(ih/2)*2:${colours}`
      : `scale=iw*sar:ih,scale=${widthPx}:${heightPx}:force_original_aspect_ratio=decrease:${colours},` +
        `pad=${widthPx}:${heightPx}:(ow-iw)/2:(oh-ih)/2`;
  return [
    ...flags("-hide_banner -nostdin -loglevel error -i"),
    `file:${source}`,
    ...flags("-map 0:v:0 -vf"),
    // As a filter: `-r` shows the last picture for longer than the video does.
    `${fitted},setsar=1,format=yuv420p${frameRate === null ? "" : `,fps=${frameRate.frameCount}/${frameRate.perS}`}`,
    ...(durationS === null ? [] : ["-t", String(durationS)]),
    ...flags("-f yuv4mpegpipe -strict -1 pipe:1"),
  ];
}

/** A running ffmpeg. */
export type Ffmpeg = {
  readonly child: ChildProcess;
  /** Null when it ended as it should. Never rejects. */
  readonly ended: Promise<Failure | null>;
  readonly kill: () => void;
};

/** What it said last is kept to this many characters. */
const keptWords = 2000;

/**
 * Starts ffmpeg and waits until it runs; without it, says how to get it.
 * @param what what it is for, in the user's words
 */
export async function startFfmpeg(
  path: string,
  args: readonly string[],
  what: string,
  where: string,
): Promise<Result<Ffmpeg>> {
  const child = spawn(path, args, { stdio: ["pipe", "pipe", "pipe"] });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said = (said + text).slice(-keptWords);
  });
  // What a broken pipe means is told by the exit, in ffmpeg's own words.
  child.stdin.on("error", () => undefined);
  const exited = once(child, "close") as Promise<[number | null]>;
  try {
    await once(child, "spawn");
  } catch (error) {
    exited.catch(() => undefined);
    return fail(missing(path, (error as NodeJS.ErrnoException).code ?? ""));
  }
  const ended = exited.then(([code]) => (code === 0 ? null : broken(what, where, said, code)));
  return succeed({ child, ended, kill: () => void child.kill("SIGKILL") });
}

const installHints: Readonly<Partial<Record<NodeJS.Platform, string>>> = {
  darwin: "brew install ffmpeg",
  win32: "winget install ffmpeg",
};

function missing(path: string, code: string): Failure {
  const install = installHints[process.platform] ?? "apt install ffmpeg (or your system's package manager)";
  return {
    kind: "unsupported",
    what: "Starting ffmpeg",
    where: path,
    next: `Install it: ${install}, or name it with --ffmpeg PATH or FFMPEG_PATH. A .y4m file needs none.`,
    cause: code === "ENOENT" ? "there is no such program" : code,
  };
}

/** ffmpeg's own words, by what they mean for the user. */
const meanings: readonly (readonly [RegExp, Failure["kind"], string])[] = [
  [/Unknown encoder/, "unsupported", "This ffmpeg was built without that codec: choose another --codec."],
  [/No space left/, "denied", "The disk is full: free some of it, or write elsewhere."],
  [/Permission denied/, "denied", "This user may not write or read there: choose another place."],
  [/Is a directory/, "refused-input", "That is a directory: choose another place."],
  [/No such file or directory/, "refused-input", "There is no such file or directory: check the name."],
  [
    /Invalid data found|moov atom not found/,
    "refused-input",
    "ffmpeg knows no video in that file: choose another.",
  ],
  [/matches no streams/, "refused-input", "The file has no picture: choose a video."],
];

function broken(what: string, where: string, said: string, code: number | null): Failure {
  const known = meanings.find(([words]) => words.test(said));
  const [, kind, next] = known ?? ([null, "ended-early", "See ffmpeg's own words."] as const);
  const last = said.trim().split("\n").at(-1) ?? "";
  return { kind, what, where, next, cause: last === "" ? `ffmpeg ended with ${code ?? "a signal"}` : last };
}
