import { missing, type Measured } from "../../core/measured.ts";
import type { UnreadReason } from "../../core/timeline/observation.ts";
import type { ClockRoad, Snapshot } from "../../core/timeline/snapshot.ts";
import { toFigure, toPercent, toKnown, toText, type Figure } from "../parts/format.ts";
import type { Row, Tone } from "../parts/Readouts.tsx";

/** Read ratio under which the page warns that the instrument itself is unwell. */
export const leastReadRatio: number = 0.99;

/** A named panel of figures. */
export type Panel = { readonly title: string; readonly rows: readonly Row[] };

/** The large figure: latency now. */
export function toHeadline(snapshot: Snapshot): Figure {
  return toFigure(snapshot.latencyMs.now, "ms", 1);
}

/** The strip under the large figure. */
export function toLatencyRows({ latencyMs }: Snapshot): readonly Row[] {
  return [
    { label: "p50", figure: toFigure(latencyMs.p50, "ms", 1), title: "Half of all frames were faster" },
    { label: "p95", figure: toFigure(latencyMs.p95, "ms", 1), title: "95 of 100 frames were faster" },
    { label: "p99", figure: toFigure(latencyMs.p99, "ms", 1), title: "99 of 100 frames were faster" },
    { label: "max", figure: toFigure(latencyMs.max, "ms", 1), title: "The slowest frame since the reset" },
    { label: "mean", figure: toFigure(latencyMs.mean, "ms", 1) },
  ];
}

/** Frame rates and picture size. */
export function toRatePanel(snapshot: Snapshot): Panel {
  return { title: "Frame rate", rows: toRateRows(snapshot) };
}

/** Every further panel of figures, in reading order. */
export function toPanels(snapshot: Snapshot): readonly Panel[] {
  return [
    { title: "Frames", rows: toFrameRows(snapshot) },
    { title: "Freezes and jitter", rows: toFreezeRows(snapshot) },
    { title: "Transport", rows: toTransportRows(snapshot) },
    { title: "Clock", rows: toClockRows(snapshot) },
    { title: "Reading", rows: toReadingRows(snapshot) },
  ];
}

function toRateRows({ frameRateFps, picture }: Snapshot): readonly Row[] {
  return [
    {
      label: "displayed",
      figure: toFigure(frameRateFps.displayed, "fps", 1),
      title: "Distinct frame ids shown in the last second",
    },
    { label: "decoded", figure: toFigure(frameRateFps.decoded, "fps", 1) },
    { label: "received", figure: toFigure(frameRateFps.received, "fps", 1) },
    { label: "picture", figure: toSize(picture.widthPx, picture.heightPx) },
    { label: "size changes", figure: toFigure(picture.changeCount, "", 0) },
    {
      label: "mean height",
      figure: toFigure(picture.meanHeightPx, "px", 0),
      title: "Lines of the picture, over all displayed frames",
    },
  ];
}

function toFrameRows({ frames }: Snapshot): readonly Row[] {
  return [
    {
      label: "sent",
      figure: toFigure(frames.sentCount, "", 0),
      title: "Frame ids that passed, first to last",
    },
    { label: "displayed", figure: toFigure(frames.displayedCount, "", 0), title: "Distinct frame ids shown" },
    { label: "lost", figure: toFigure(frames.lostCount, "", 0), tone: toneOfCount(frames.lostCount) },
    { label: "loss", figure: toPercent(frames.lossRatio, 2), tone: toneOfCount(frames.lossRatio) },
    { label: "duplicate", figure: toFigure(frames.duplicateCount, "", 0) },
    {
      label: "out of order",
      figure: toFigure(frames.outOfOrderCount, "", 0),
      tone: toneOfCount(frames.outOfOrderCount),
    },
    {
      label: "dropped",
      figure: toFigure(frames.droppedCount, "", 0),
      title: "Dropped by the browser after decoding",
    },
  ];
}

function toFreezeRows({ freezes, stalls, jitterMs, joinMs }: Snapshot): readonly Row[] {
  return [
    {
      label: "freezes",
      figure: toFigure(freezes.count, "", 0),
      title: "Gaps over max(3 × mean gap, mean gap + 150 ms), as W3C webrtc-stats",
      tone: toneOfCount(freezes.count),
    },
    { label: "frozen in all", figure: toFigure(freezes.totalMs, "ms", 0) },
    { label: "longest", figure: toFigure(freezes.longestMs, "ms", 0) },
    { label: "frozen share", figure: toPercent(freezes.ratio, 2) },
    { label: "stalls", figure: toFigure(stalls.count, "", 0) },
    {
      label: "latency jitter",
      figure: toFigure(jitterMs.latency, "ms", 2),
      title: "Mean change of latency from frame to frame",
    },
    { label: "packet jitter", figure: toFigure(jitterMs.packet, "ms", 2) },
    { label: "first picture", figure: toFigure(joinMs.firstFrame, "ms", 0), title: "From asking to join" },
    { label: "first marker", figure: toFigure(joinMs.firstMarker, "ms", 0), title: "From asking to join" },
  ];
}

function toTransportRows({ bitrateKbps, transport }: Snapshot): readonly Row[] {
  return [
    { label: "bitrate", figure: toFigure(bitrateKbps, "kbit/s", 0) },
    { label: "round trip", figure: toFigure(transport.roundTripMs, "ms", 1) },
    { label: "jitter buffer", figure: toFigure(transport.jitterBufferMs, "ms", 0) },
    { label: "packet loss", figure: toPercent(transport.packetLossRatio, 2) },
    { label: "codec", figure: toText(transport.codec, "the browser has not told yet") },
    { label: "decoder", figure: toText(transport.decoder, "the browser does not tell") },
  ];
}

const roads = {
  peer: "peer to peer",
  server: "by the server",
  none: null,
} as const satisfies Record<ClockRoad, string | null>;

function toClockRows({ clock }: Snapshot): readonly Row[] {
  return [
    {
      label: "offset",
      figure: toFigure(clock.offsetMs, "ms", 2),
      title: "This device's clock minus the sender's",
    },
    { label: "drift", figure: toFigure(clock.driftPpm, "ppm", 1) },
    { label: "best round trip", figure: toFigure(clock.bestRoundTripMs, "ms", 2) },
    { label: "compared", figure: toText(roads[clock.road], "the clocks have not been compared yet") },
    { label: "exchanges", figure: toKnown(clock.exchangeCount) },
  ];
}

function toReadingRows({ reading }: Snapshot): readonly Row[] {
  return [
    {
      label: "markers read",
      figure: toPercent(reading.readRatio, 2),
      title: "Markers read of frames displayed: the instrument's own health",
      tone: isUnwell(reading.readRatio) ? "warn" : "plain",
    },
    {
      label: "read / displayed",
      figure: toKnown(`${reading.readCount} / ${reading.displayedCount}`),
    },
    {
      label: "reading took",
      figure: toFigure(reading.readMsMedian, "ms", 2),
      title: "Median, in the worker",
    },
  ];
}

const unreadWords = {
  absent: "no marker was found in the picture (covered, too small, or smeared by the encoder)",
  broken: "the marker was there but its check digits failed (smeared by the encoder)",
  foreign: "the QR code in the picture is not Streamgauge's",
  busy: "this device was too busy to look at every frame",
  unavailable: "the browser gave no pixels",
} as const satisfies Record<UnreadReason, string>;

/** What to do about the commonest reason. */
const unreadNext: Readonly<Record<UnreadReason, string>> = {
  absent: "Have the whole marker in the picture, uncovered and uncropped, or send a larger picture.",
  broken:
    "Give the stream more bitrate or a larger picture; with a camera, film from nearer, sharp and without glare.",
  foreign:
    "Show the marker of a Streamgauge sender or of a marked file, and keep other codes out of the picture.",
  busy: "Close other tabs and programs, measure fewer streams at once, or ask for a smaller picture or frame rate.",
  unavailable:
    "Protected (DRM) streams give pages none: play one without protection, or film the screen with a camera.",
};

/** Part of the unread frames, 0..1, that must have shown no marker for a stream to be taken to have none: some are always lost to load. */
const surelyAbsentRatio = 0.9;

/** Frames without one marker after which a stream is taken to have none: two seconds and more. */
export const surelyMarkerlessCount: number = 90;

/** What is measured of a stream without markers, and what they would add; null where markers are read, or it is too early to say. */
export function toMarkerless({ reading }: Snapshot): string | null {
  if (reading.readCount > 0 || reading.displayedCount < surelyMarkerlessCount) return null;
  if (reading.unreadCounts.absent < surelyAbsentRatio * reading.displayedCount) return null;
  return (
    "No marker is in these pictures. Measured all the same: frame rate, freezes, stalls, bitrate, picture size, and by " +
    "the playlist's own dates a latency that rests on the publisher's clock. Sent through this instrument's sender, or " +
    "with its marker rendered over the video, there would also be latency and loss frame by frame, and the difference " +
    "from a control."
  );
}

/**
 * Why the reading is unwell, in words, and what to do about it; null when it is well, nothing was displayed yet, or there is no
 * marker at all.
 * @param isReading whether markers are read as the setup asks
 */
export function toReadingWarning(snapshot: Snapshot, isReading: boolean): string | null {
  const { reading } = snapshot;
  if (!isReading)
    return "Markers are left unread, as read=0 in the address asks: there is no latency and no loss. Take it out to measure them.";
  if (!isUnwell(reading.readRatio) || toMarkerless(snapshot) !== null) return null;
  const reasons = (Object.entries(reading.unreadCounts) as [UnreadReason, number][])
    .filter(([, count]) => count > 0)
    .toSorted(([, a], [, b]) => b - a);
  const unread = reading.displayedCount - reading.readCount;
  const words = reasons.map(([why, count]) => `${count}: ${unreadWords[why]}`).join("; ");
  const [main] = reasons;
  const next = main === undefined ? "" : ` ${nextOf(main[0], reading.readCount)}`;
  return `${unread} of ${reading.displayedCount} frames could not be read. ${words}.${next}`;
}

/** A stream that gave the pixels of other frames is not protected: the browser was too busy to hand on each one. */
function nextOf(why: UnreadReason, readCount: number): string {
  return unreadNext[why === "unavailable" && readCount > 0 ? "busy" : why];
}

function isUnwell(readRatio: Measured): boolean {
  return readRatio.known && readRatio.value < leastReadRatio;
}

function toneOfCount(count: Measured): Tone {
  return count.known && count.value > 0 ? "warn" : "plain";
}

function toSize(widthPx: Measured, heightPx: Measured): Figure {
  if (!widthPx.known || !heightPx.known)
    return toFigure(widthPx.known ? missing("the height is not known") : widthPx, "px", 0);
  return { known: true, value: `${widthPx.value}×${heightPx.value}`, bound: null, unit: "px" };
}
