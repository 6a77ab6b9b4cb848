import { unreachable } from "../../../core/failure.ts";
import type { CodecName } from "../../../core/wire/setup.ts";
import type { EncodePlan, EncodeRung } from "./encode.protocol.ts";

/** A row of a codec's table of levels: what fits into it. */
type Level = { readonly code: string; readonly maxAreaPx: number; readonly maxAreaPxPerS: number };

const macroblockPx = 256;

/** ITU-T H.264 table A-1, MaxFS and MaxMBPS; the code is level_idc in hexadecimal. */
const avcLevels: readonly Level[] = (
  [
    ["1e", 1620, 40_500],
    ["1f", 3600, 108_000],
    ["20", 5120, 216_000],
    ["28", 8192, 245_760],
    ["2a", 8704, 522_240],
    ["32", 22_080, 589_824],
    ["33", 36_864, 983_040],
    ["34", 36_864, 2_073_600],
  ] as const
).map(([code, maxBlocks, maxBlocksPerS]) => ({
  code,
  maxAreaPx: maxBlocks * macroblockPx,
  maxAreaPxPerS: maxBlocksPerS * macroblockPx,
}));

/** VP9 levels (webmproject.org/vp9/levels), as in `vp09.PP.LL.DD`. */
const vp9Levels: readonly Level[] = [
  { code: "21", maxAreaPx: 245_760, maxAreaPxPerS: 9_216_000 },
  { code: "30", maxAreaPx: 552_960, maxAreaPxPerS: 20_736_000 },
  { code: "31", maxAreaPx: 983_040, maxAreaPxPerS: 36_864_000 },
  { code: "40", maxAreaPx: 2_228_224, maxAreaPxPerS: 83_558_400 },
  { code: "41", maxAreaPx: 2_228_224, maxAreaPxPerS: 160_432_128 },
  { code: "50", maxAreaPx: 8_912_896, maxAreaPxPerS: 311_951_360 },
  { code: "51", maxAreaPx: 8_912_896, maxAreaPxPerS: 588_251_136 },
];

/** AV1 specification A.3, MaxPicSize and MaxDisplayRate; the code is seq_level_idx. */
const av1Levels: readonly Level[] = [
  { code: "01", maxAreaPx: 278_784, maxAreaPxPerS: 8_363_520 },
  { code: "04", maxAreaPx: 665_856, maxAreaPxPerS: 19_975_680 },
  { code: "05", maxAreaPx: 1_065_024, maxAreaPxPerS: 31_950_720 },
  { code: "08", maxAreaPx: 2_359_296, maxAreaPxPerS: 70_778_880 },
  { code: "09", maxAreaPx: 2_359_296, maxAreaPxPerS: 141_557_760 },
  { code: "12", maxAreaPx: 8_912_896, maxAreaPxPerS: 267_386_880 },
  { code: "13", maxAreaPx: 8_912_896, maxAreaPxPerS: 534_773_760 },
];

/** Constrained baseline last: what every decoder takes. RFC 6381 profile_idc and constraint flags. */
const avcProfiles = ["6400", "4d40", "42e0"] as const;

/** RFC 6381 codec strings that fit a size and rate, best first; the highest level stands in where none is high enough. */
export function codecStrings(codec: CodecName, rung: EncodeRung, fps: number): readonly string[] {
  switch (codec) {
    case "h264": {
      const level = levelFor(avcLevels, rung, fps, 16);
      return avcProfiles.map((profile) => `avc1.${profile}${level}`);
    }
    case "vp8":
      return ["vp8"];
    case "vp9":
      return [`vp09.00.${levelFor(vp9Levels, rung, fps, 8)}.08`];
    case "av1":
      return [`av01.0.${levelFor(av1Levels, rung, fps, 8)}M.08`];
    default:
      return unreachable(codec);
  }
}

/** Sides count in whole blocks, as the tables do. */
function levelFor(levels: readonly Level[], rung: EncodeRung, fps: number, blockPx: number): string {
  const round = (sidePx: number): number => Math.ceil(sidePx / blockPx) * blockPx;
  const areaPx = round(rung.widthPx) * round(rung.heightPx);
  const fits = levels.find((level) => areaPx <= level.maxAreaPx && areaPx * fps <= level.maxAreaPxPerS);
  return (fits ?? levels.at(-1))?.code ?? "";
}

/** Configurations to try for a rung of a plan, best first. */
export function encoderConfigs(plan: EncodePlan, rung: EncodeRung): readonly VideoEncoderConfig[] {
  const shared = {
    width: rung.widthPx,
    height: rung.heightPx,
    bitrate: rung.bitrateKbps * 1000,
    framerate: plan.fps,
    latencyMode: "realtime",
  } as const;
  const codecs = codecStrings(plan.codec, rung, plan.fps);
  if (plan.codec !== "h264") return codecs.map((codec) => Object.assign({ codec }, shared));
  // Where a browser's length-prefixed form is of no use, its muxer finds all it needs in the other one.
  const formats = [...new Set([plan.avcFormat, "annexb"] as const)];
  return formats.flatMap((format) =>
    codecs.map((codec) => Object.assign({ codec, avc: { format } }, shared)),
  );
}
