import type { PeerState, SenderReport } from "../../core/wire/automation.ts";
import type { CodecName, SceneKind, SenderSetup } from "../../core/wire/setup.ts";
import { toFigure, toText, type Figure } from "../parts/format.ts";
import type { Row, Tone } from "../parts/Readouts.tsx";

/** A choice in a list. */
export type Choice = { readonly value: string; readonly label: string };

/** The scenes on offer. */
export const sceneChoices: readonly (Choice & { readonly value: SceneKind })[] = [
  { value: "builtin", label: "Built-in scene" },
  { value: "file", label: "Video file" },
  { value: "camera", label: "Camera" },
  { value: "screen", label: "Screen or window" },
  { value: "marker", label: "Marker alone" },
];

/** The codecs on offer. */
export const codecChoices: readonly (Choice & { readonly value: CodecName })[] = [
  { value: "h264", label: "H.264" },
  { value: "vp8", label: "VP8" },
  { value: "vp9", label: "VP9" },
  { value: "av1", label: "AV1" },
];

const sizePresets: readonly Choice[] = [
  { value: "640x360", label: "360p (640 × 360)" },
  { value: "854x480", label: "480p (854 × 480)" },
  { value: "960x540", label: "540p (960 × 540)" },
  { value: "1280x720", label: "720p (1280 × 720)" },
  { value: "1920x1080", label: "1080p (1920 × 1080)" },
  { value: "2560x1440", label: "1440p (2560 × 1440)" },
  { value: "3840x2160", label: "2160p (3840 × 2160)" },
];

/** The sizes on offer, with the one in use if it is none of the usual. */
export function toSizeChoices({ widthPx, heightPx }: SenderSetup): readonly Choice[] {
  const value = `${widthPx}x${heightPx}`;
  if (sizePresets.some((preset) => preset.value === value)) return sizePresets;
  return [...sizePresets, { value, label: `${widthPx} × ${heightPx}` }];
}

/** The setup's part that a size choice stands for. */
export function fromSizeChoice(value: string): Pick<SenderSetup, "widthPx" | "heightPx"> {
  const [widthPx = 0, heightPx = 0] = value.split("x").map(Number);
  return { widthPx, heightPx };
}

const limitationWords: Readonly<Record<string, string>> = {
  none: "none",
  cpu: "processor: this device is too slow",
  bandwidth: "bandwidth: the network carries less",
  other: "other",
};

/** What is really sent; a null report has not come yet. */
export function toReportRows(report: SenderReport | null): readonly Row[] {
  if (report === null) return [];
  const skippedTone: Tone = report.skippedCount > 0 ? "warn" : "plain";
  const isLimited = report.limitation !== null && report.limitation !== "none";
  return [
    { label: "made", figure: toFigure(report.madeFps, "fps", 1), title: "Pictures made in the last second" },
    { label: "encoded", figure: toFigure(report.encodedFps, "fps", 1) },
    { label: "sent", figure: toFigure(report.sentFps, "fps", 1) },
    {
      label: "late",
      figure: toText(`${report.lateCount} of ${report.madeCount}`, ""),
      title: "Handed over more than half a frame after they were due",
    },
    {
      label: "skipped",
      figure: toText(String(report.skippedCount), ""),
      title: "Due but never made: this device was too busy",
      tone: skippedTone,
    },
    { label: "bitrate", figure: toFigure(report.bitrateKbps, "kbit/s", 0) },
    { label: "round trip", figure: toFigure(report.roundTripMs, "ms", 1) },
    {
      label: "limited by",
      figure: toText(toLimitation(report.limitation), "the browser does not tell"),
      tone: isLimited ? "warn" : "plain",
    },
    { label: "codec", figure: toText(report.codec, "nobody receives yet") },
    { label: "encoder", figure: toText(report.encoder, "the browser does not tell") },
    { label: "picture", figure: toSentSize(report) },
    { label: "run", figure: toText(String(report.runNumber), "") },
  ];
}

function toLimitation(limitation: string | null): string | null {
  return limitation === null ? null : (limitationWords[limitation] ?? limitation);
}

function toSentSize({ widthPx, heightPx }: SenderReport): Figure {
  if (!widthPx.known || !heightPx.known) return toFigure(widthPx, "px", 0);
  return { known: true, value: `${widthPx.value}×${heightPx.value}`, bound: null, unit: "px" };
}

/** How a receiver stands, in words and colour. */
export function toPeerLine(peer: PeerState): {
  readonly tone: Tone;
  readonly state: string;
  readonly why: string;
} {
  const tone = ({ connecting: "warn", connected: "good", lost: "bad" } as const)[peer.state];
  return { tone, state: peer.state, why: peer.why };
}

/** Whether other devices can open a link to this host: a loopback address is this device alone. */
export function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname.endsWith(".localhost") || /^127\.|^\[?::1\]?$/.test(hostname);
}
