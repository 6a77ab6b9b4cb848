import type { PlaylistFacts } from "../../../core/hls/facts.ts";
import { measured, missing, type Measured } from "../../../core/measured.ts";
import type { DeliveryReport, RequestReading } from "../../../core/timeline/delivery.ts";

/** What a delivery report is made of. */
export type DeliveryInput = {
  readonly facts: PlaylistFacts | null;
  readonly breaches: readonly string[];
  readonly requests: RequestReading;
  /** Of the media element, s. */
  readonly currentTimeS: number;
  /** End of what is buffered where it plays; null when nothing is. */
  readonly bufferEndS: number | null;
  /** End of what the playlist lists, on the element's clock; null before it is known. */
  readonly edgeS: number | null;
  /** The playlist's date of what is displayed, epoch ms; null when it has none. */
  readonly playingDateMs: number | null;
  /** This device's wall clock, epoch ms. */
  readonly nowEpochMs: number;
  readonly rung: DeliveryReport["rung"];
  readonly rungs: DeliveryReport["rungs"];
  readonly rungSwitchCount: number;
};

const noPlaylist = "no playlist has been read yet";

/** Makes the report of an HLS stream. */
export function toHlsDelivery(input: DeliveryInput): DeliveryReport {
  return {
    protocol: "hls",
    ...listed(input.facts),
    behindEdgeMs: behindEdge(input),
    bufferMs:
      input.bufferEndS === null
        ? missing("nothing is buffered")
        : measured(Math.max(0, input.bufferEndS - input.currentTimeS) * 1000),
    dateTimeLatencyMs: dateTimeLatency(input),
    rung: input.rung,
    rungs: input.rungs,
    rungCount: input.rungs.length,
    rungSwitchCount: input.rungSwitchCount,
    breaches: input.breaches,
    requests: input.requests,
  };
}

/** What the playlist itself lists. */
function listed(
  facts: PlaylistFacts | null,
): Pick<DeliveryReport, "isLive" | "isLowLatency" | "targetDurationS" | "segmentS" | "partS" | "windowS"> {
  const none = missing(noPlaylist);
  if (facts === null)
    return {
      isLive: null,
      isLowLatency: null,
      targetDurationS: none,
      segmentS: none,
      partS: none,
      windowS: none,
    };
  return {
    isLive: facts.isLive,
    isLowLatency: facts.isLowLatency,
    targetDurationS: facts.targetDurationS,
    segmentS: facts.longestSegmentS,
    partS: facts.partTargetS,
    windowS: measured(facts.windowS),
  };
}

function behindEdge({ facts, edgeS, currentTimeS }: DeliveryInput): Measured {
  if (facts === null || edgeS === null) return missing(noPlaylist);
  if (!facts.isLive) return missing("the stream is not live");
  return measured((edgeS - currentTimeS) * 1000);
}

/** Both wall clocks enter as they are: the figure has no bound of its own and is shown with that caveat. */
function dateTimeLatency({ facts, playingDateMs, nowEpochMs }: DeliveryInput): Measured {
  if (facts === null) return missing(noPlaylist);
  if (!facts.isLive) return missing("the stream is not live");
  if (playingDateMs === null) return missing("the playlist has no EXT-X-PROGRAM-DATE-TIME");
  return measured(nowEpochMs - playingDateMs);
}
