import { measured, missing, type Measured } from "../measured.ts";
import type { PriceList } from "../plan/document.ts";
import type { LiveReading } from "../quality/live-quality.ts";
import type { StreamEvent } from "../timeline/event.ts";
import { recoveriesOf } from "../timeline/recovery.ts";
import type { Snapshot } from "../timeline/snapshot.ts";
import { costPerViewerHour } from "./cost.ts";
import { measureKinds } from "./measure-kinds.ts";
import type { Measure } from "./run.ts";

/** What a stream's measures are made from. */
export type MeasuredStream = {
  /** At the end, measured since the warm-up. */
  readonly snapshot: Snapshot;
  readonly events: readonly StreamEvent[];
  /** Scores of sampled frames, or why there are none; absent where they were not kept. */
  readonly quality?: LiveReading;
  /** Received bitrate, one figure a second. */
  readonly bitratesKbps: readonly number[];
  readonly price: PriceList | null;
};

const hourMs = 3_600_000;

function perHour(count: Measured, seenMs: number): Measured {
  if (!count.known) return count;
  if (seenMs <= 0) return missing("no time has been measured");
  const factor = hourMs / seenMs;
  return measured(count.value * factor, count.bound * factor);
}

/** The time in which there was something to measure, ms. */
function seenMsOf({ elapsedMs, hiddenMs }: Snapshot): number {
  return elapsedMs - hiddenMs;
}

/** Displayed frames over the time in which they could be seen; each end of it may cut one frame off. */
function meanFrameRate(snapshot: Snapshot): Measured {
  const { displayedCount } = snapshot.frames;
  if (!displayedCount.known) return displayedCount;
  const seenMs = seenMsOf(snapshot);
  if (seenMs <= 0) return missing("no time has been measured");
  const perSecond = 1000 / seenMs;
  return measured(displayedCount.value * perSecond, (displayedCount.bound + 1) * perSecond);
}

function meanOf(values: readonly number[]): Measured {
  if (values.length === 0) return missing("the browser does not tell this on this road");
  return measured(values.reduce((sum, value) => sum + value, 0) / values.length);
}

/** A trouble that went on until the end counts up to it: it took that long at least. */
function longestRecovery(events: readonly StreamEvent[], { atUs }: Snapshot): Measured {
  const durations = recoveriesOf(events, atUs).map(({ durationMs }) => durationMs);
  return durations.length === 0
    ? missing("nothing had to be recovered from")
    : measured(Math.max(...durations));
}

const notKept: LiveReading = { state: "none", why: "scores were not kept" };

/** Scores by key; each with the same reason where there are none. */
function scoresOf(reading: LiveReading): Readonly<Record<string, Measured>> {
  if (reading.state === "none") {
    const none = missing(reading.why);
    return { "vmaf.mean": none, "vmaf.p5": none, "vmafNeg.mean": none, "psnr.mean": none, "ssim.mean": none };
  }
  const { vmaf, vmafNeg, psnrYDb, ssim } = reading.quality;
  return {
    "vmaf.mean": vmaf.mean,
    "vmaf.p5": vmaf.p5,
    "vmafNeg.mean": vmafNeg.mean,
    "psnr.mean": psnrYDb.mean,
    "ssim.mean": ssim.mean,
  };
}

/** Figures by key, of what a snapshot and its events tell. */
function figuresOf({
  snapshot,
  events,
  quality = notKept,
  bitratesKbps,
  price,
}: MeasuredStream): Readonly<Record<string, Measured>> {
  const { latencyMs, jitterMs, joinMs, frames, freezes, stalls, picture, reading } = snapshot;
  const seenMs = seenMsOf(snapshot);
  const bitrate = meanOf(bitratesKbps);
  return {
    "latency.p50": latencyMs.p50,
    "latency.mean": latencyMs.mean,
    "latency.p95": latencyMs.p95,
    "latency.p99": latencyMs.p99,
    "latency.max": latencyMs.max,
    "jitter.latency": jitterMs.latency,
    "jitter.packet": jitterMs.packet,
    "join.firstFrame": joinMs.firstFrame,
    "join.firstMarker": joinMs.firstMarker,
    "frameRate.displayed": meanFrameRate(snapshot),
    "loss.ratio": frames.lossRatio,
    "loss.count": frames.lostCount,
    "duplicate.count": frames.duplicateCount,
    "disorder.count": frames.outOfOrderCount,
    "freeze.count": freezes.count,
    "freeze.total": freezes.totalMs,
    "freeze.longest": freezes.longestMs,
    "freeze.ratio": freezes.ratio,
    "freeze.perHour": perHour(freezes.count, seenMs),
    "stall.count": stalls.count,
    "stall.total": stalls.totalMs,
    "stall.perHour": perHour(stalls.count, seenMs),
    "recovery.longest": longestRecovery(events, snapshot),
    ...scoresOf(quality),
    "bitrate.mean": bitrate,
    "picture.height": picture.heightPx,
    "picture.meanHeight": picture.meanHeightPx,
    "picture.changes": picture.changeCount,
    "cost.perViewerHour": costPerViewerHour(price, bitrate),
    "read.ratio": reading.readRatio,
  };
}

/** Every measure of a comparison, in the order of `measureKinds`; what cannot be had says why. */
export function measuresOf(stream: MeasuredStream): readonly Measure[] {
  const figures = figuresOf(stream);
  return measureKinds.map(({ key, unit }) => ({
    key,
    unit: key === "cost.perViewerHour" && stream.price !== null ? `${stream.price.currency}/h` : unit,
    figure: figures[key] ?? missing("it is not measured"),
  }));
}
