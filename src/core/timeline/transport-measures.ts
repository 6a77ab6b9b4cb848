import { measured, missing, type Measured } from "../measured.ts";
import { createRate, type Growth } from "./rate.ts";
import type { Snapshot } from "./snapshot.ts";
import type { TransportSample } from "./transport.ts";

/** What the browser's own counts come to. */
export type TransportReading = {
  readonly receivedFps: Measured;
  readonly decodedFps: Measured;
  readonly droppedCount: Measured;
  readonly bitrateKbps: Measured;
  readonly packetJitterMs: Measured;
  readonly transport: Snapshot["transport"];
};

/** Rates that a sample completed, for charts; null where it completed none. */
export type TransportGrowth = { readonly receivedFps: Growth | null; readonly bitrateKbps: Growth | null };

/** Turns the browser's cumulative counts into rates and ratios. */
export type TransportMeasures = {
  readonly add: (sample: TransportSample) => TransportGrowth;
  /** @param nowMs page clock */
  readonly read: (nowMs: number) => TransportReading;
};

/** After this long a figure that stands for itself is no longer current. */
const staleMs = 3500;

function figure(value: number | undefined): Measured {
  return value === undefined ? missing("the browser does not tell this on this road") : measured(value);
}

function times(rate: Measured, factor: number): Measured {
  return rate.known ? measured(rate.value * factor, rate.bound * factor) : rate;
}

function shareOf(part: Measured, rest: Measured): Measured {
  if (!part.known) return part;
  if (!rest.known) return rest;
  const all = part.value + rest.value;
  return all === 0 ? missing("no packet has been counted yet") : measured(part.value / all);
}

const kbitPerByte = 8 / 1000;

/** Makes transport measures that have seen no sample. */
export function createTransportMeasures(): TransportMeasures {
  const received = createRate();
  const decoded = createRate();
  const dropped = createRate();
  const bytes = createRate();
  const packetsLost = createRate();
  const packetsReceived = createRate();
  let last: TransportSample | null = null;

  function current(nowMs: number, pick: (sample: TransportSample) => number | undefined): Measured {
    if (last === null) return missing("the player has not been sampled yet");
    if (nowMs - last.atMs > staleMs) return missing("the player has not been sampled for 3 s");
    return figure(pick(last));
  }

  return {
    add: (sample) => {
      last = sample;
      decoded.add(sample.atMs, sample.framesDecodedCount);
      dropped.add(sample.atMs, sample.framesDroppedCount);
      packetsLost.add(sample.atMs, sample.packetsLostCount);
      packetsReceived.add(sample.atMs, sample.packetsReceivedCount);
      const receivedFps = received.add(sample.atMs, sample.framesReceivedCount);
      const byteGrowth = bytes.add(sample.atMs, sample.receivedBytes);
      const bitrateKbps =
        byteGrowth === null ? null : { ...byteGrowth, perSecond: byteGrowth.perSecond * kbitPerByte };
      return { receivedFps, bitrateKbps };
    },
    read: (nowMs) => ({
      receivedFps: received.perSecond(nowMs),
      decodedFps: decoded.perSecond(nowMs),
      droppedCount: dropped.total(),
      bitrateKbps: times(bytes.perSecond(nowMs), kbitPerByte),
      packetJitterMs: current(nowMs, (sample) => sample.packetJitterMs),
      transport: {
        roundTripMs: current(nowMs, (sample) => sample.roundTripMs),
        jitterBufferMs: current(nowMs, (sample) => sample.jitterBufferMs),
        packetLossRatio: shareOf(packetsLost.total(), packetsReceived.total()),
        codec: last?.codec ?? null,
        decoder: last?.decoder ?? null,
      },
    }),
  };
}
