import { unreachable } from "../../core/failure.ts";
import type {
  OutletState,
  PeerState,
  RungRate,
  SenderReport,
  SenderSnapshot,
} from "../../core/wire/automation.ts";
import { carriedCodecs } from "../../core/wire/carried.ts";
import type { QueryField } from "../../core/wire/query.ts";
import { receiverDefaults, writeReceiverSetup } from "../../core/wire/receiver-setup.ts";
import { senderKeys, type CodecName, type SceneKind, type SenderSetup } from "../../core/wire/setup.ts";
import type { PublishWay, WayField } from "../../media/publish/way.ts";
import { toFigure, toKnown, toText, type Figure } from "../parts/format.ts";
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

/** The codecs that a way carries; the one in use too, so that the form never shows another than the setup has. */
export function toCodecChoices(
  way: Pick<PublishWay, "id"> | null,
  codec: CodecName,
): readonly (Choice & { readonly value: CodecName })[] {
  const carried = way === null ? null : carriedCodecs(way.id);
  if (carried === null) return codecChoices;
  return codecChoices.filter(({ value }) => carried.includes(value) || value === codec);
}

/** What choosing a way changes: the codec too, where the way does not carry the one in use. */
export function toWayChange({ id }: Pick<PublishWay, "id">, { codec }: SenderSetup): Partial<SenderSetup> {
  const codecs = carriedCodecs(id);
  const [first] = codecs ?? [];
  const isCarried = codecs === null || first === undefined || codecs.includes(codec);
  return isCarried ? { via: id } : { via: id, codec: first };
}

/** The settings of a way that its setup calls for, each with its text. */
export function toWayFields(
  way: Pick<PublishWay, "fields"> | null,
  setup: SenderSetup,
): readonly { readonly field: WayField; readonly text: string }[] {
  const shown = (way?.fields ?? []).filter(({ isShown }) => isShown === undefined || isShown(setup));
  return shown.map((field) => ({ field, text: keyOf(field.key).show(setup) }));
}

function keyOf(key: string): QueryField<SenderSetup> {
  const found = senderKeys.find((candidate) => candidate.key === key);
  if (found === undefined) throw new Error(`a way asks for a key that no setup has: ${key}`);
  return found;
}

/** The choices of a setting, with the one in use if it is none of the usual. */
export function toFieldChoices(choices: readonly Choice[], text: string): readonly Choice[] {
  return choices.some(({ value }) => value === text) ? choices : [...choices, { value: text, label: text }];
}

/** How the sender stands, in words and colour. */
export function toSenderPill(doing: SenderSnapshot): {
  readonly tone: Tone;
  readonly state: string;
  readonly why?: string;
} {
  switch (doing.phase) {
    case "idle":
      return { tone: "plain", state: "Not sending" };
    case "starting":
      return { tone: "warn", state: "Starting" };
    case "sending":
      if (doing.outlet !== null) return toOutletLine(doing.outlet);
      return doing.join === null
        ? { tone: "warn", state: "Sending", why: "waiting for the server: nobody new can join" }
        : { tone: "good", state: "Sending" };
    case "failed":
      return { tone: "bad", state: "Failed" };
    default:
      return unreachable(doing);
  }
}

/** How a way out without a room stands, in words and colour. */
export function toOutletLine({ state, why }: OutletState): {
  readonly tone: Tone;
  readonly state: string;
  readonly why: string;
} {
  const { tone, words } = (
    {
      opening: { tone: "warn", words: "Starting" },
      live: { tone: "good", words: "Sending" },
      stuck: { tone: "bad", words: "Stuck" },
    } as const
  )[state];
  return { tone, state: words, why };
}

const sizePresets = [
  "640x360",
  "854x480",
  "960x540",
  "1280x720",
  "1920x1080",
  "2560x1440",
  "3840x2160",
] as const;

/** The sizes on offer, with the one in use if it is none of the usual. */
export function toSizeChoices({ widthPx, heightPx }: SenderSetup): readonly Choice[] {
  const sizes = new Set<string>([...sizePresets, `${widthPx}x${heightPx}`]);
  return [...sizes].map((value) => ({ value, label: value.replace("x", "×") }));
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
      figure: toKnown(`${report.lateCount} of ${report.madeCount}`),
      title: "Handed over more than half a frame after they were due",
    },
    {
      label: "skipped",
      figure: toKnown(report.skippedCount),
      title: "Due but never made: this device was too busy",
      tone: skippedTone,
    },
    {
      label: "dropped",
      figure: toText(
        report.droppedCount === null ? null : String(report.droppedCount),
        "this way does not tell",
      ),
      title: "Made but not encoded: the encoder was too slow",
      tone: (report.droppedCount ?? 0) > 0 ? "warn" : "plain",
    },
    { label: "bitrate", figure: toFigure(report.bitrateKbps, "kbit/s", 0) },
    ...report.rungs.map(toRungRow),
    { label: "round trip", figure: toFigure(report.roundTripMs, "ms", 1) },
    {
      label: "limited by",
      figure: toText(toLimitation(report.limitation), "the browser does not tell"),
      tone: isLimited ? "warn" : "plain",
    },
    { label: "codec", figure: toText(report.codec, "nobody receives yet") },
    { label: "encoder", figure: toText(report.encoder, "the browser does not tell") },
    { label: "picture", figure: toSentSize(report) },
    { label: "run", figure: toKnown(report.runNumber) },
  ];
}

function toRungRow({ widthPx, heightPx, encodedFps, bitrateKbps }: RungRate): Row {
  return {
    label: `${widthPx}×${heightPx}`,
    figure: toText(`${encodedFps.toFixed(1)} fps, ${bitrateKbps.toFixed(0)} kbit/s`, ""),
    title: "This rung of the ladder, as encoded; a frame that one rung cannot take in time is dropped in all",
  };
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

/** The link that opens the receiver on a room, on a stream's URL, or on both side by side; empty where there is neither. */
export function toReceiverLink(
  origin: string,
  { join, playUrl }: { readonly join: string | null; readonly playUrl: string | null },
): string {
  if (join === null && playUrl === null) return "";
  const urls = playUrl === null ? [] : [playUrl];
  return `${origin}/receiver?${writeReceiverSetup({ ...receiverDefaults, join: join ?? "", urls, start: true })}`;
}
