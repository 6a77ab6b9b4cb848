import type { Measured } from "../../core/measured.ts";
import type { DeliveryReport, RequestReading } from "../../core/timeline/delivery.ts";
import type { RungReading } from "../../core/timeline/rungs.ts";
import { figureWords, toElapsed, toFigure, toKnown, toPercent, toText } from "../parts/format.ts";
import type { Row } from "../parts/Readouts.tsx";
import { rungWords } from "./events.ts";
import type { Panel } from "./view.ts";

const caveat =
  "Now minus the playlist's own date of what is displayed. It rests on the publisher's wall clock and on this device's, and on which instant the publisher stamps: often arrival at its packager, not capture";

/** What playlist and requests tell, as panels. */
export function toDeliveryPanels(delivery: DeliveryReport): readonly Panel[] {
  const rungs = toRungPanel(delivery);
  return [toPlaylistPanel(delivery), ...(rungs === null ? [] : [rungs]), toRequestPanel(delivery.requests)];
}

function toPlaylistPanel(delivery: DeliveryReport): Panel {
  return {
    title: delivery.protocol === "hls" ? "Playlist" : "Manifest",
    rows: [
      { label: "stream", figure: toText(streamWords(delivery), "no playlist has been read yet") },
      { label: "longest segment", figure: toFigure(delivery.segmentS, "s", 2) },
      { label: "part target", figure: toFigure(delivery.partS, "s", 2) },
      { label: "window", figure: toFigure(delivery.windowS, "s", 1), title: "All that the playlist lists" },
      {
        label: "behind the edge",
        figure: toFigure(delivery.behindEdgeMs, "ms", 0),
        title: "From what is displayed to the end of what is listed",
      },
      { label: "buffered ahead", figure: toFigure(delivery.bufferMs, "ms", 0) },
      { label: "latency by date", figure: toFigure(delivery.dateTimeLatencyMs, "ms", 0), title: caveat },
      {
        label: "rung",
        figure: toText(
          delivery.rung === null ? null : rungWords(delivery.rung),
          delivery.rung === null ? "none plays yet" : "the stream tells nothing of it",
        ),
      },
      { label: "rungs", figure: toKnown(delivery.rungCount) },
      { label: "rung switches", figure: toKnown(delivery.rungSwitchCount) },
      {
        label: "rules broken",
        figure: toKnown(delivery.breaches.length),
        tone: delivery.breaches.length > 0 ? "warn" : "plain",
        title: delivery.breaches.join("\n") || "None found",
      },
    ],
  };
}

function toRequestPanel(requests: RequestReading): Panel {
  return {
    title: "Requests",
    rows: [
      { label: "media requests", figure: toKnown(requests.count) },
      {
        label: "failed",
        figure: toKnown(requests.failedCount),
        tone: requests.failedCount > 0 ? "warn" : "plain",
      },
      { label: "to first byte", figure: toFigure(requests.firstByteMs, "ms", 0), title: "Of the last one" },
      { label: "to last byte", figure: toFigure(requests.wholeMs, "ms", 0), title: "Of the last one" },
      { label: "received", figure: toFigure(inMegabytes(requests.bytes), "MB", 2) },
      {
        label: "age in cache",
        figure: toFigure(requests.ageS, "s", 0),
        title: "Age header of the last one",
      },
      { label: "cache hits", figure: toPercent(requests.cacheHitRatio, 0) },
      {
        label: "cache says",
        figure: toText(requests.cacheWords, "no such header is sent or shown to this page"),
      },
    ],
  };
}

/** What became of each rung; null where there is no choice of them. */
function toRungPanel({ rungs }: DeliveryReport): Panel | null {
  if (rungs.length < 2) return null;
  const highestFirst = rungs.toSorted((one, other) => (other.bitrateKbps ?? 0) - (one.bitrateKbps ?? 0));
  return {
    title: "Rungs",
    rows: withDistinctLabels(highestFirst).map(([rung, label]) => toRungRow(rung, label)),
  };
}

function toRungRow({ playedMs, playedRatio, mediaKbps, bitrateKbps }: RungReading, label: string): Row {
  const ratio = toPercent(playedRatio, 0);
  const media = toFigure(mediaKbps, "kbit/s", 0);
  const listed = bitrateKbps === null ? "no bitrate" : `${bitrateKbps.toFixed(0)} kbit/s`;
  const words = [
    playedMs > 0 && ratio.known ? `${ratio.value} %` : "not played",
    ...(media.known ? [`${media.value} kbit/s`] : []),
  ];
  return {
    label,
    figure: toText(words.join(", "), ""),
    title:
      `Played for ${toElapsed(playedMs)}, and the share of all that was played. ` +
      `Its media as received: ${figureWords(media)}. The stream lists ${listed}`,
  };
}

/** By size where that tells rungs apart, with what is listed of each else. */
function withDistinctLabels(
  rungs: readonly RungReading[],
): readonly (readonly [rung: RungReading, label: string])[] {
  const sizes = rungs.map((rung) => rungWords({ ...rung, bitrateKbps: null }));
  const isDistinct = !sizes.includes(null) && new Set(sizes).size === rungs.length;
  return rungs.map((rung, index) => {
    const words = isDistinct ? sizes[index] : `${index + 1}: ${rungWords(rung) ?? "not told"}`;
    return [rung, words ?? ""];
  });
}

function streamWords({ isLive, isLowLatency }: DeliveryReport): string | null {
  if (isLive === null) return null;
  const latency = isLowLatency === true ? ", low latency" : "";
  return isLive ? `live${latency}` : "on demand";
}

function inMegabytes(bytes: Measured): Measured {
  return bytes.known ? { ...bytes, value: bytes.value / 1e6 } : bytes;
}
