import type { ClockOffset } from "../clock/offset.ts";
import type { StreamEvent } from "./event.ts";
import { createFrameRate, type FrameRate } from "./frame-rate.ts";
import { displayBoundMsOf, type RunFrame } from "./frame.ts";
import { createFreezes, type Freezes } from "./freezes.ts";
import { createHistory, type History } from "./history.ts";
import { createJitter, type Jitter } from "./jitter.ts";
import { createLatency, type Latency, type LatencyPointMs } from "./latency.ts";
import { createLoss, type Loss } from "./loss.ts";
import type { Observation } from "./observation.ts";
import { createPicture, type Picture } from "./picture.ts";
import { createReading, type Reading } from "./reading.ts";
import type { Stalls } from "./stalls.ts";
import { createTransportMeasures, type TransportMeasures } from "./transport-measures.ts";
import type { TransportSample } from "./transport.ts";

/** Everything that a reset begins anew. */
export type Measures = {
  readonly latency: Latency;
  readonly frameRate: FrameRate;
  readonly loss: Loss;
  readonly freezes: Freezes;
  readonly jitter: Jitter;
  readonly stalls: Stalls;
  readonly picture: Picture;
  readonly reading: Reading;
  readonly transport: TransportMeasures;
  readonly history: History;
};

/** What a displayed frame is to the measures: of the measured run, of another one, or unread. */
export type FrameKind =
  | { readonly kind: "measured"; readonly frame: RunFrame }
  | { readonly kind: "other-run" }
  | { readonly kind: "unread" };

/** Makes measures that have seen nothing, with the stall measure of their road. */
export function createMeasures(stalls: Stalls): Measures {
  return {
    latency: createLatency(),
    frameRate: createFrameRate(),
    loss: createLoss(),
    freezes: createFreezes(),
    jitter: createJitter(),
    stalls,
    picture: createPicture(),
    reading: createReading(),
    transport: createTransportMeasures(),
    history: createHistory(),
  };
}

/** What comes next is not held against what came before: nobody could look in between. Gives the events that this settles. */
export function cutMeasures({ loss, jitter, freezes }: Measures): readonly StreamEvent[] {
  jitter.cut();
  freezes.cut();
  return loss.startRun();
}

/** Puts latencies that became known into the charts' history. */
export function chartLatency(history: History, points: readonly LatencyPointMs[]): void {
  for (const point of points) history.addLatency(point.atUs, point.valueMs, point.boundMs);
}

/** Measures latency, loss and jitter by a frame of the measured run. */
export function measureFrame(
  measures: Measures,
  frame: RunFrame,
  offset: ClockOffset | null,
): readonly StreamEvent[] {
  const { arrival, events } = measures.loss.add(frame);
  if (arrival === "duplicate") return events;
  measures.jitter.add(frame);
  const latency = measures.latency.add(frame, offset);
  if (latency !== null) chartLatency(measures.history, [latency]);
  return events;
}

/** Measures what moves: frame rate and freezes, by a picture that differs from the one before it. */
export function measurePicture(
  measures: Measures,
  observation: Observation,
  isRead: boolean,
): readonly StreamEvent[] {
  measures.frameRate.add(observation.displayTimeUs, isRead);
  const freeze = measures.freezes.add(observation.displayTimeUs, displayBoundMsOf(observation));
  return freeze === null ? [] : [freeze];
}

const rateStepUs = 250_000;
/** Longer stretches without any call are not filled in step by step, but left out. */
const maxRateSteps = 240;

/** Follows the displayed frame rate into the charts' history, four times a second of the receiver's clock. */
export function createRateSampler(): (measures: Measures, untilUs: number) => void {
  let nextUs: number | null = null;
  return ({ frameRate, history }, untilUs) => {
    const earliestUs = untilUs - maxRateSteps * rateStepUs;
    nextUs = Math.max(nextUs ?? untilUs, Math.ceil(earliestUs / rateStepUs) * rateStepUs);
    nextUs = Math.ceil(nextUs / rateStepUs) * rateStepUs;
    for (; nextUs <= untilUs; nextUs += rateStepUs) {
      const fps = frameRate.at(nextUs);
      if (fps.known) history.addDisplayedFps(nextUs, fps.value);
    }
  };
}

/** Tells whether a displayed picture differs from the one before it: by its marker, or, unread, by its media time. */
export function createChangeDetector(): (observation: Observation, kind: FrameKind) => boolean {
  let lastFrameId: number | null = null;
  let lastPresentationUs = Number.NaN;
  return (observation, kind) => {
    const isSameStamp = observation.presentationTimeUs === lastPresentationUs;
    lastPresentationUs = observation.presentationTimeUs;
    if (kind.kind !== "measured") return !isSameStamp;
    const isSameFrame = kind.frame.frameId === lastFrameId;
    lastFrameId = kind.frame.frameId;
    return !isSameFrame;
  };
}

/** Display time of an observation whose marker belongs to the measured run, with all that the measures need. */
export function toRunFrame(
  observation: Observation,
  frameId: number,
  captureTimeUs: RunFrame["captureTimeUs"],
): RunFrame {
  return {
    frameId,
    captureTimeUs,
    displayTimeUs: observation.displayTimeUs,
    displayBoundMs: displayBoundMsOf(observation),
  };
}

/** Takes in what the browser counts, and charts the rates it completes. */
export function measureTransport(measures: Measures, sample: TransportSample, timeOriginMs: number): void {
  const { receivedFps, bitrateKbps } = measures.transport.add(sample);
  const epochUs = (atMs: number): number => (timeOriginMs + atMs) * 1000;
  if (receivedFps !== null) {
    const { fromMs, untilMs, perSecond } = receivedFps;
    measures.history.addReceivedFps(epochUs(fromMs), epochUs(untilMs), perSecond);
  }
  if (bitrateKbps !== null) {
    const { fromMs, untilMs, perSecond } = bitrateKbps;
    measures.history.addBitrateKbps(epochUs(fromMs), epochUs(untilMs), perSecond);
  }
}
