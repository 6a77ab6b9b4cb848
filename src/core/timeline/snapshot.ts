import type { ReceiverUs } from "../clock/instants.ts";
import type { Measured } from "../measured.ts";
import type { UnreadReason } from "./observation.ts";

/** Which clocks were compared to get the offset: the two peers directly, each against the server, or none yet. */
export type ClockRoad = "peer" | "server" | "none";

/** All current measures of one stream, frozen. Made at 4 Hz; plain data, so it can be stored and posted as it is. */
export type Snapshot = {
  /** Receiver clock when the snapshot was taken. */
  readonly atUs: ReceiverUs;
  /** Time measured so far since the last reset, ms. */
  readonly elapsedMs: number;
  /** Of it, the time in which the page was hidden: nothing was displayed, and nothing measured, ms. */
  readonly hiddenMs: number;
  readonly runNumber: number | null;
  readonly clock: {
    readonly road: ClockRoad;
    /** Receiver clock minus sender clock. */
    readonly offsetMs: Measured;
    readonly driftPpm: Measured;
    readonly bestRoundTripMs: Measured;
    readonly exchangeCount: number;
  };
  /** Display time - capture time - clock offset; every bound includes the clock's. */
  readonly latencyMs: {
    readonly now: Measured;
    readonly mean: Measured;
    readonly p50: Measured;
    readonly p95: Measured;
    readonly p99: Measured;
    readonly max: Measured;
  };
  /** Over the last second. */
  readonly frameRateFps: {
    readonly displayed: Measured;
    readonly received: Measured;
    readonly decoded: Measured;
  };
  readonly frames: {
    /** Frame ids that passed, first to last: what the sender sent in the measured stretch. */
    readonly sentCount: Measured;
    /** Distinct frame ids displayed. */
    readonly displayedCount: Measured;
    readonly lostCount: Measured;
    readonly lossRatio: Measured;
    readonly duplicateCount: Measured;
    readonly outOfOrderCount: Measured;
    /** Dropped by the browser after decoding. */
    readonly droppedCount: Measured;
  };
  readonly freezes: {
    readonly count: Measured;
    readonly totalMs: Measured;
    readonly longestMs: Measured;
    /** Frozen time / measured time, 0..1. */
    readonly ratio: Measured;
  };
  readonly stalls: { readonly count: Measured; readonly totalMs: Measured };
  readonly joinMs: { readonly firstFrame: Measured; readonly firstMarker: Measured };
  /** Mean absolute latency difference of successive frames, and packet jitter as the browser counts it. */
  readonly jitterMs: { readonly latency: Measured; readonly packet: Measured };
  readonly bitrateKbps: Measured;
  readonly picture: {
    readonly widthPx: Measured;
    readonly heightPx: Measured;
    readonly changeCount: Measured;
    /** Mean over all displayed frames. */
    readonly meanHeightPx: Measured;
  };
  /** The instrument's own health: markers read / frames displayed, 0..1, and why the rest were not read. */
  readonly reading: {
    readonly readRatio: Measured;
    readonly displayedCount: number;
    readonly readCount: number;
    readonly unreadCounts: Readonly<Record<UnreadReason, number>>;
    readonly readMsMedian: Measured;
  };
  readonly transport: {
    readonly roundTripMs: Measured;
    readonly jitterBufferMs: Measured;
    readonly packetLossRatio: Measured;
    readonly codec: string | null;
    readonly decoder: string | null;
  };
};
