import type { Dimension } from "../plan/quantity.ts";

/** One measure that a comparison knows. */
export type MeasureKind = {
  /** As budgets and tables write it. */
  readonly key: string;
  /** For people. */
  readonly label: string;
  /** Unit of the value kept; shares are kept as 0..1 and shown in percent. */
  readonly unit: string;
  readonly dimension: Dimension;
  /** Which way is better; null where neither is in itself (bitrate, size). */
  readonly better: "lower" | "higher" | null;
};

function kind(
  key: string,
  label: string,
  unit: string,
  better: MeasureKind["better"],
  dimension: Dimension = "number",
): MeasureKind {
  return { key, label, unit, dimension, better };
}

/** A duration in ms, of which less is better. */
function wait(key: string, label: string): MeasureKind {
  return kind(key, label, "ms", "lower", "duration");
}

/** Every measure of a comparison, in the order in which tables show them. */
export const measureKinds: readonly MeasureKind[] = [
  wait("latency.p50", "Latency, median"),
  wait("latency.mean", "Latency, mean"),
  wait("latency.p95", "Latency, 95th percentile"),
  wait("latency.p99", "Latency, 99th percentile"),
  wait("latency.max", "Latency, longest"),
  wait("jitter.latency", "Latency change between frames"),
  wait("jitter.packet", "Packet jitter"),
  wait("join.firstFrame", "Join until first frame"),
  wait("join.firstMarker", "Join until first marker"),
  kind("frameRate.displayed", "Displayed frame rate", "fps", "higher"),
  kind("loss.ratio", "Frames lost", "ratio", "lower", "share"),
  kind("loss.count", "Frames lost, count", "count", "lower"),
  kind("duplicate.count", "Frames shown twice", "count", "lower"),
  kind("disorder.count", "Frames out of order", "count", "lower"),
  kind("freeze.count", "Freezes", "count", "lower"),
  wait("freeze.total", "Frozen time"),
  wait("freeze.longest", "Longest freeze"),
  kind("freeze.ratio", "Share of time frozen", "ratio", "lower", "share"),
  kind("freeze.perHour", "Freezes per hour", "per hour", "lower"),
  kind("stall.count", "Stalls", "count", "lower"),
  wait("stall.total", "Stalled time"),
  kind("stall.perHour", "Stalls per hour", "per hour", "lower"),
  wait("recovery.longest", "Longest recovery"),
  kind("vmaf.mean", "VMAF, mean", "score", "higher"),
  kind("vmaf.p5", "VMAF, worst 5 %", "score", "higher"),
  kind("vmafNeg.mean", "VMAF NEG, mean", "score", "higher"),
  kind("psnr.mean", "PSNR, mean", "dB", "higher"),
  kind("ssim.mean", "SSIM, mean", "score", "higher"),
  kind("bitrate.mean", "Received bitrate", "kbit/s", null, "rate"),
  kind("picture.height", "Picture height at the end", "px", null),
  kind("picture.meanHeight", "Picture height, mean", "px", null),
  kind("picture.changes", "Picture size changes", "count", null),
  kind("cost.perViewerHour", "Cost per viewer-hour", "currency/h", "lower"),
  kind("read.ratio", "Markers read", "ratio", "higher", "share"),
];

const byKey: ReadonlyMap<string, MeasureKind> = new Map(measureKinds.map((one) => [one.key, one]));

/** The measure of a key; null where there is none of that name. */
export function measureFor(key: string): MeasureKind | null {
  return byKey.get(key) ?? null;
}
