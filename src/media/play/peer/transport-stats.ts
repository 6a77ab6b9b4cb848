import type { TransportSample } from "../../../core/timeline/transport.ts";
import type { StatsEntry } from "../../peer/peer.ts";
import { codecOf, given, numberOf, pairRoundTripMs, textOf, videoEntry } from "../../peer/stats.ts";

/** Counts that the browser begins anew with every connection, by their names in getStats. */
const countKeys = {
  receivedBytes: "bytesReceived",
  framesReceivedCount: "framesReceived",
  framesDecodedCount: "framesDecoded",
  framesDroppedCount: "framesDropped",
  packetsLostCount: "packetsLost",
  packetsReceivedCount: "packetsReceived",
} as const;

type Counts = { readonly [Key in keyof typeof countKeys]?: number };

/** Sums what the browser counts over the connections of one play. */
export type TransportCounter = {
  /** @param atMs page clock when the stats were asked for */
  readonly add: (entries: readonly StatsEntry[], atMs: number) => TransportSample;
};

type Held = { readonly delayS: number; readonly emittedCount: number };

/** Makes a counter that stands at nothing. */
export function createTransportCounter(): TransportCounter {
  let finished: Counts = {};
  let current: Counts = {};
  let ssrc: number | null = null;
  let held: Held | null = null;
  return {
    add: (entries, atMs) => {
      const stream = videoEntry(entries, "inbound-rtp");
      const streamSsrc = numberOf(stream, "ssrc") ?? null;
      if (streamSsrc !== null && streamSsrc !== ssrc) {
        finished = sum(finished, current);
        ssrc = streamSsrc;
        current = {};
        held = null;
      }
      if (stream !== undefined) current = readCounts(stream);
      const before = held;
      held = readHeld(stream) ?? held;
      const packetJitterS = numberOf(stream, "jitter");
      return {
        atMs,
        ...sum(finished, current),
        ...given({
          packetJitterMs: packetJitterS === undefined ? undefined : packetJitterS * 1000,
          jitterBufferMs: meanHoldMs(before, held),
          roundTripMs: pairRoundTripMs(entries),
          decoder: textOf(stream, "decoderImplementation"),
          codec: codecOf(entries, stream),
        }),
      };
    },
  };
}

function readCounts(stream: StatsEntry): Counts {
  return given(
    Object.fromEntries(Object.entries(countKeys).map(([name, key]) => [name, numberOf(stream, key)])),
  );
}

function sum(one: Counts, other: Counts): Counts {
  return given(
    Object.fromEntries(
      (Object.keys(countKeys) as (keyof Counts)[]).map((name) => [name, plus(one[name], other[name])]),
    ),
  );
}

function plus(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined ? other : one + (other ?? 0);
}

function readHeld(stream: StatsEntry | undefined): Held | null {
  const delayS = numberOf(stream, "jitterBufferDelay");
  const emittedCount = numberOf(stream, "jitterBufferEmittedCount");
  return delayS === undefined || emittedCount === undefined ? null : { delayS, emittedCount };
}

/** Mean hold of the frames that left the jitter buffer between two readings (W3C webrtc-stats, jitterBufferDelay). */
function meanHoldMs(before: Held | null, after: Held | null): number | undefined {
  if (before === null || after === null || after.emittedCount <= before.emittedCount) return undefined;
  return ((after.delayS - before.delayS) * 1000) / (after.emittedCount - before.emittedCount);
}
