import type { ReceiverUs } from "../clock/instants.ts";
import { offsetMsAt, type ClockOffset } from "../clock/offset.ts";
import { measured, missing, type Measured } from "../measured.ts";
import type { Join } from "./join.ts";
import type { Measures } from "./measures.ts";
import type { ClockRoad, Snapshot } from "./snapshot.ts";

/** All that a snapshot is made of. */
export type FoldInput = {
  readonly nowUs: ReceiverUs;
  /** Page clock at the same instant. */
  readonly nowMs: number;
  /** The last instant at which the page was seen: now, unless it is hidden. */
  readonly seenUntilUs: ReceiverUs;
  /** Time since the last reset in which the page was hidden, the stretch going on included, ms. */
  readonly hiddenMs: number;
  /** When measuring began: the start or the last reset. */
  readonly beganUs: ReceiverUs;
  /** Display time of the first frame since the last reset; null before it. */
  readonly firstUs: ReceiverUs | null;
  readonly runNumber: number | null;
  readonly road: ClockRoad;
  readonly offset: ClockOffset | null;
  readonly measures: Measures;
  readonly join: Join;
};

function clockOf({ nowUs, road, offset }: FoldInput): Snapshot["clock"] {
  if (offset === null) {
    const why = missing("the clocks have not been compared yet");
    return { road: "none", offsetMs: why, driftPpm: why, bestRoundTripMs: why, exchangeCount: 0 };
  }
  return {
    road,
    offsetMs: offsetMsAt(offset, nowUs),
    driftPpm: measured(offset.driftPpm, offset.driftBoundPpm),
    bestRoundTripMs: measured(offset.bestRoundTripMs),
    exchangeCount: offset.exchangeCount,
  };
}

/** Frozen time over the time seen since the first frame: before it there was nothing that could freeze. */
function frozenShareOf(partMs: Measured, { firstUs, nowUs, hiddenMs }: FoldInput): Measured {
  if (!partMs.known) return partMs;
  const wholeMs = (nowUs - (firstUs ?? nowUs)) / 1000 - hiddenMs;
  if (wholeMs <= 0) return missing("nothing has been measured yet");
  return measured(Math.min(1, partMs.value / wholeMs), partMs.bound / wholeMs);
}

function freezeDeep<Value>(value: Value): Value {
  if (typeof value !== "object" || value === null) return value;
  for (const part of Object.values(value)) freezeDeep(part);
  return Object.freeze(value);
}

/** Makes the snapshot: every measure as it stands now, deeply frozen. */
export function foldSnapshot(input: FoldInput): Snapshot {
  const { nowUs, measures } = input;
  const transport = measures.transport.read(input.nowMs);
  const freezes = measures.freezes.read(input.seenUntilUs);
  return freezeDeep({
    atUs: nowUs,
    elapsedMs: Math.max(0, nowUs - input.beganUs) / 1000,
    hiddenMs: input.hiddenMs,
    runNumber: input.runNumber,
    clock: clockOf(input),
    latencyMs: measures.latency.read(nowUs),
    frameRateFps: {
      displayed: measures.frameRate.read(nowUs),
      received: transport.receivedFps,
      decoded: transport.decodedFps,
    },
    frames: { ...measures.loss.read(), droppedCount: transport.droppedCount },
    freezes: { ...freezes, ratio: frozenShareOf(freezes.totalMs, input) },
    stalls: measures.stalls.read(nowUs),
    joinMs: input.join.read(),
    jitterMs: { latency: measures.jitter.read(), packet: transport.packetJitterMs },
    bitrateKbps: transport.bitrateKbps,
    picture: measures.picture.read(),
    reading: measures.reading.read(),
    transport: transport.transport,
  });
}
