import * as v from "valibot";

import { fail, reason, succeed, type Failure, type Result } from "../failure.ts";
import type { PictureSize } from "../marker/layout.ts";
import { LARGEST_AREA_PX, LARGEST_SIDE_PX, SMALLEST_SIDE_PX } from "./frame-scorer.ts";

/** By which red, green and blue make luma, in the names of ffmpeg's `scale`. */
export type ColourMatrix = "bt601" | "bt709" | "bt2020";

/** What pictures are brought to before they are scored: the reference's size, and luma by one matrix where they come in RGB. */
export type LumaTarget = PictureSize & { readonly matrix: ColourMatrix };

/** What a video file says of its pictures, as they are shown: turned as the file asks. */
export type VideoFacts = PictureSize & {
  /** ffmpeg's name, such as `h264`. */
  readonly codec: string;
  /** ffmpeg's name, such as `yuv420p10le`. */
  readonly pixelFormat: string;
  /** Of the luma that decoding hands out: pictures in RGB are given luma of limited range. */
  readonly isFullRange: boolean;
  /** By which its luma was made; where the file does not tell, BT.601, as ffmpeg takes it. */
  readonly matrix: ColourMatrix | "rgb";
  /** Degrees clockwise by which the coded pictures are turned to be shown: 0, 90, 180 or 270. */
  readonly rotationDegrees: number;
  /** Frames a second on average; null where the file does not tell. */
  readonly frameRateFps: number | null;
  /** Null where the file does not tell. */
  readonly durationS: number | null;
  /** As the file counts them, or by its length; null where neither is told. */
  readonly frameCount: number | null;
  /** Which of the file's streams the pictures are. */
  readonly streamIndex: number;
};

const text = v.fallback(v.string(), "");
const streamSchema = v.object({
  index: v.number(),
  codec_type: text,
  codec_name: text,
  width: v.fallback(v.number(), 0),
  height: v.fallback(v.number(), 0),
  pix_fmt: text,
  color_range: text,
  color_space: text,
  r_frame_rate: text,
  avg_frame_rate: text,
  nb_frames: text,
  duration: text,
  disposition: v.fallback(v.record(v.string(), v.number()), {}),
  side_data_list: v.fallback(v.array(v.object({ rotation: v.fallback(v.number(), 0) })), []),
});
type Stream = v.InferOutput<typeof streamSchema>;
const probeSchema = v.object({
  streams: v.array(streamSchema),
  format: v.fallback(v.object({ duration: text }), { duration: "" }),
});

/** Planar 8-bit formats whose luma can be taken as it is. */
const plainFormats: ReadonlySet<string> = new Set(
  ["420", "422", "444", "440", "411", "410"].flatMap((kind) => [
    `yuv${kind}p`,
    `yuvj${kind}p`,
    `yuva${kind}p`,
  ]),
);

const rgbFormat = /^(?:gbr|rgb|bgr|argb|abgr|0rgb|0bgr|x2rgb|x2bgr|pal8)/u;
const matrixLabels = { bt601: "BT.601", bt709: "BT.709", bt2020: "BT.2020" } as const;

function matrixOf({ pix_fmt: pixelFormat, color_space: named }: Stream): VideoFacts["matrix"] {
  if (rgbFormat.test(pixelFormat)) return "rgb";
  if (named.startsWith("bt2020")) return "bt2020";
  return named === "bt709" ? "bt709" : "bt601";
}

function positive(words: string): number | null {
  const value = Number(words);
  return words !== "" && Number.isFinite(value) && value > 0 ? value : null;
}

/** A rate such as `30000/1001`. */
function rateOf(words: string): number | null {
  const [count = "", per = "1"] = words.split("/");
  const [one, other] = [positive(count), positive(per)];
  return one === null || other === null ? null : one / other;
}

function toFacts(stream: Stream, fileDurationS: number | null): VideoFacts {
  const turned = stream.side_data_list.find(({ rotation }) => rotation !== 0)?.rotation ?? 0;
  const rotationDegrees = ((-turned % 360) + 360) % 360;
  const isOnSide = rotationDegrees % 180 === 90;
  const frameRateFps = rateOf(stream.avg_frame_rate) ?? rateOf(stream.r_frame_rate);
  const matrix = matrixOf(stream);
  const durationS = positive(stream.duration) ?? fileDurationS;
  const byLength =
    frameRateFps === null || durationS === null ? null : Math.max(1, Math.round(durationS * frameRateFps));
  return {
    codec: stream.codec_name,
    widthPx: isOnSide ? stream.height : stream.width,
    heightPx: isOnSide ? stream.width : stream.height,
    pixelFormat: stream.pix_fmt,
    isFullRange: matrix !== "rgb" && (stream.color_range === "pc" || stream.pix_fmt.startsWith("yuvj")),
    matrix,
    rotationDegrees,
    frameRateFps,
    durationS,
    frameCount: positive(stream.nb_frames) ?? byLength,
    streamIndex: stream.index,
  };
}

const what = "reading the video";

/** Whether pictures of this size can be scored; why not, else. */
export function refuseSize({ widthPx, heightPx }: PictureSize, where: string): Result<null> {
  const isWithin =
    Math.min(widthPx, heightPx) >= SMALLEST_SIDE_PX &&
    Math.max(widthPx, heightPx) <= LARGEST_SIDE_PX &&
    widthPx * heightPx <= LARGEST_AREA_PX;
  if (isWithin) return succeed(null);
  const next = `Its pictures are ${widthPx}x${heightPx}: 32x32 to 3840x2160 can be scored.`;
  return fail({ kind: "refused-input", what, where, next });
}

/** Why a file that has no pictures cannot be scored, and what it is instead. */
export function noVideo(where: string, hasSound: boolean, cause: string): Failure {
  const next = hasSound
    ? "It holds sound but no pictures: choose a video file."
    : "It is no video, or it is cut off before its pictures begin: choose a whole video file.";
  const words = cause === "" ? {} : { cause: cause.slice(0, 300) };
  return { kind: "refused-input", what, where, next, ...words };
}

/**
 * Reads what ffprobe printed with `probeArgs`.
 * @param where the file's name
 * @param complaint what ffprobe said on stderr
 */
export function readProbe(json: string, where: string, complaint: string): Result<VideoFacts> {
  let probed: v.InferOutput<typeof probeSchema>;
  try {
    probed = v.parse(probeSchema, JSON.parse(json));
  } catch (thrown) {
    return fail(noVideo(where, false, complaint === "" ? reason(thrown) : complaint));
  }
  const stream = probed.streams.find(
    ({ codec_type: kind, disposition }) => kind === "video" && disposition["attached_pic"] !== 1,
  );
  const hasSound = probed.streams.some(({ codec_type: kind }) => kind === "audio");
  if (stream === undefined || stream.width === 0) return fail(noVideo(where, hasSound, complaint));
  const facts = toFacts(stream, positive(probed.format.duration));
  const size = refuseSize(facts, where);
  return size.ok ? succeed(facts) : size;
}

/** Arguments of ffprobe before the file's name. */
export const probeArgs: readonly string[] = "-v error -print_format json -show_streams -show_format".split(
  " ",
);

/** What two videos are brought to: RGB becomes luma by the matrix of the other, so that both mean the same by it. */
export function lumaTargetOf(reference: VideoFacts, received: VideoFacts): LumaTarget {
  const { widthPx, heightPx } = reference;
  const matrix = [reference.matrix, received.matrix].find((each) => each !== "rgb") ?? "bt709";
  return { widthPx, heightPx, matrix };
}

/** What ffmpeg's `scale` is told of range and matrix: left alone, it brings what it converts to limited range, whatever it was. */
function colourOptions({ matrix, isFullRange }: VideoFacts, target: LumaTarget): string {
  const range = isFullRange ? "pc" : "tv";
  return matrix === "rgb"
    ? `out_range=tv:out_color_matrix=${target.matrix}`
    : `in_range=${range}:out_range=${range}`;
}

/**
 * Arguments of ffmpeg that write the luma of every coded frame, once each, 8 bit, as large as the target, rows and frames without gaps,
 * in the range that the facts tell. Pictures of another size are scaled as `scale.ts` does, bit for bit.
 */
export function lumaArgs(facts: VideoFacts, target: LumaTarget, input: string, output: string): string[] {
  const { widthPx, heightPx } = target;
  const scale = `scale=${widthPx}:${heightPx}:flags=bicubic+accurate_rnd:${colourOptions(facts, target)}`;
  const format = plainFormats.has(facts.pixelFormat) ? facts.pixelFormat : "yuv420p";
  return [
    ..."-v error -nostdin -y -i".split(" "),
    input,
    ...`-map 0:${facts.streamIndex} -vsync passthrough -vf ${scale},format=${format},extractplanes=y`.split(
      " ",
    ),
    ..."-f rawvideo".split(" "),
    output,
  ];
}

/** What is done to a file's pictures before they are scored, in the user's words. */
export function conversionNotes(facts: VideoFacts, target: LumaTarget, name: string): readonly string[] {
  const notes: string[] = [];
  const { pixelFormat, rotationDegrees, widthPx, heightPx, matrix } = facts;
  const isDeep = /p?(?:9|10|12|14|16)(?:le|be)$|^p01/u.test(pixelFormat);
  if (matrix === "rgb") {
    const by = matrixLabels[target.matrix];
    notes.push(`${name}: brought from ${pixelFormat} to luma by ${by}, limited range, 8 bit`);
  } else if (isDeep) notes.push(`${name}: brought from ${pixelFormat} to 8 bit`);
  else if (!plainFormats.has(pixelFormat)) notes.push(`${name}: brought from ${pixelFormat} to yuv420p`);
  else if (!pixelFormat.endsWith("420p"))
    notes.push(`${name}: ${pixelFormat}; luma is scored as it is, chroma is not scored`);
  if (rotationDegrees !== 0) notes.push(`${name}: turned by ${rotationDegrees} degrees, as the file asks`);
  if (widthPx !== target.widthPx || heightPx !== target.heightPx) {
    notes.push(`${name}: scaled from ${widthPx}x${heightPx} to ${target.widthPx}x${target.heightPx}`);
  }
  return notes;
}
