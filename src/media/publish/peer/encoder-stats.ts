import type { StatsEntry } from "../../peer/peer.ts";
import { codecOf, given, numberOf, pairRoundTripMs, textOf, videoEntry } from "../../peer/stats.ts";
import type { EncoderSample } from "../way.ts";

/** Cumulative counts of one link's encoder, from which rates are made. */
export type EncoderCounts = {
  /** Names the stream: each link has its own. */
  readonly ssrc: number;
  readonly atMs: number;
  readonly encodedCount: number | undefined;
  readonly sentCount: number | undefined;
  readonly sentBytes: number | undefined;
  /** What stands now rather than being counted. */
  readonly now: Omit<EncoderSample, "encodedFps" | "sentFps" | "bitrateKbps">;
};

/** Reads one link's stats; null before it sends video. */
export function toEncoderCounts(entries: readonly StatsEntry[]): EncoderCounts | null {
  const stream = videoEntry(entries, "outbound-rtp");
  const atMs = numberOf(stream, "timestamp");
  const ssrc = numberOf(stream, "ssrc");
  if (stream === undefined || atMs === undefined || ssrc === undefined) return null;
  const reportedS = numberOf(videoEntry(entries, "remote-inbound-rtp"), "roundTripTime");
  return {
    ssrc,
    atMs,
    encodedCount: numberOf(stream, "framesEncoded"),
    sentCount: numberOf(stream, "framesSent"),
    sentBytes: numberOf(stream, "bytesSent"),
    now: given({
      roundTripMs: pairRoundTripMs(entries) ?? (reportedS === undefined ? undefined : reportedS * 1000),
      limitation: textOf(stream, "qualityLimitationReason"),
      codec: codecOf(entries, stream),
      encoder: textOf(stream, "encoderImplementation"),
      widthPx: numberOf(stream, "frameWidth"),
      heightPx: numberOf(stream, "frameHeight"),
    }),
  };
}

/** What one encoder did between two readings; without an earlier reading of the same stream there are no rates. */
export function toEncoderSample(before: EncoderCounts | null, after: EncoderCounts): EncoderSample {
  if (before === null || before.ssrc !== after.ssrc || after.atMs <= before.atMs) return after.now;
  const perSecond = (from: number | undefined, to: number | undefined): number | undefined =>
    from === undefined || to === undefined ? undefined : ((to - from) * 1000) / (after.atMs - before.atMs);
  const sentBytesPerS = perSecond(before.sentBytes, after.sentBytes);
  return {
    ...after.now,
    ...given({
      encodedFps: perSecond(before.encodedCount, after.encodedCount),
      sentFps: perSecond(before.sentCount, after.sentCount),
      bitrateKbps: sentBytesPerS === undefined ? undefined : (sentBytesPerS * 8) / 1000,
    }),
  };
}

/** Of several receivers' samples the one that is served worst, by frames sent; an empty sample where there is none. */
export function worstServed(samples: readonly EncoderSample[]): EncoderSample {
  const [worst] = samples.toSorted(
    (a, b) => (a.sentFps ?? Number.POSITIVE_INFINITY) - (b.sentFps ?? Number.POSITIVE_INFINITY),
  );
  return worst ?? {};
}
