import { toReceiverUs, type ReceiverUs } from "../clock/instants.ts";
import type { ClockOffset } from "../clock/offset.ts";
import { missing, type Measured } from "../measured.ts";
import { createEventLog } from "./event-log.ts";
import type { StreamEvent } from "./event.ts";
import { foldSnapshot } from "./fold.ts";
import { displayBoundMsOf } from "./frame.ts";
import { createHiding } from "./hiding.ts";
import type { HistoryView, HistoryWindow } from "./history.ts";
import { createJoin } from "./join.ts";
import { latencyMs, type LatencyHistogram } from "./latency.ts";
import {
  chartLatency,
  createChangeDetector,
  createMeasures,
  createRateSampler,
  cutMeasures,
  measureFrame,
  measurePicture,
  measureTransport,
  toRunFrame,
  type FrameKind,
} from "./measures.ts";
import type { Observation } from "./observation.ts";
import { createOffsetLog } from "./offset-log.ts";
import { createRunLock } from "./run-lock.ts";
import type { ClockRoad, Snapshot } from "./snapshot.ts";
import { createNoStalls, createStalls } from "./stalls.ts";
import type { TransportSample } from "./transport.ts";

/** What a timeline must be told once. */
export type TimelineOptions = {
  /** Receiver clock when measuring begins, epoch us. */
  readonly startUs: ReceiverUs;
  /** `performance.timeOrigin` of the page whose clock stamps `TransportSample.atMs`, ms since the epoch. */
  readonly timeOriginMs: number;
  /** Whether this road has a player buffer that can run dry; false: stalls are shown as missing. */
  readonly canStall: boolean;
};

/** One stream as measured at one receiver: takes in observations, gives out measures. Constant memory, no clock of its own. */
export type Timeline = {
  /** Takes in one displayed frame, in display order. Returns the events that this frame completed; they are in `events()` too. */
  readonly addObservation: (observation: Observation) => readonly StreamEvent[];
  /** Takes in what the browser counts, about once a second. */
  readonly addTransport: (sample: TransportSample) => void;
  /** Sets the clock offset from now on; null when it is not known any more. */
  readonly setOffset: (road: ClockRoad, offset: ClockOffset | null) => void;
  /** Tells which run to measure (from the sender's facts); null: whichever comes first. */
  readonly expectRun: (runNumber: number | null) => void;
  /** Marks when play was asked for, receiver clock: join times count from here. The first call counts. */
  readonly markJoinAsked: (atUs: ReceiverUs) => void;
  /** Records an event that others saw: connection, reconnect, stall, failure, note. */
  readonly addEvent: (event: StreamEvent) => void;
  /** Tells since when the player waits for media, or, by null, that it was no stall; a `stall` event ends it too. */
  readonly setWaiting: (sinceUs: ReceiverUs | null) => void;
  /**
   * Tells that the page is hidden, or is seen again. The browser displays nothing meanwhile: that is no freeze, frames that
   * pass are not lost, and the time does not count. Telling the same again changes nothing.
   */
  readonly setHidden: (isHidden: boolean, atUs: ReceiverUs) => void;
  /** All measures as they stand at `nowUs`, deeply frozen. Made to be called about 4 times a second. */
  readonly snapshot: (nowUs: ReceiverUs) => Snapshot;
  /** Latency of any observation since the start, by the offset that was known nearest to its display. */
  readonly latencyOf: (observation: Observation) => Measured;
  /** Begins to measure anew: measures, history and events are emptied; clock, run and join times stand. */
  readonly reset: (nowUs: ReceiverUs) => void;
  /** The last 5000 events, oldest first. */
  readonly events: () => readonly StreamEvent[];
  /** Events that no longer fitted. */
  readonly droppedEventCount: () => number;
  /** The last minutes for charts. Made to be called at most 4 times a second. */
  readonly history: (windowMin: HistoryWindow, nowUs: ReceiverUs) => HistoryView;
  /** All latencies since the last reset as a bar chart takes them. */
  readonly latencyHistogram: () => LatencyHistogram;
};

/** Frames younger than this may still be with the reader, so their rate is not yet final. */
const readerSlackUs = 500_000;

/** What stands through a reset: the clock, the run, the join, whether the page is hidden. */
function createStanding() {
  return {
    offsets: createOffsetLog(),
    runLock: createRunLock(),
    join: createJoin(),
    hiding: createHiding(),
    offset: null as ClockOffset | null,
    road: "none" as ClockRoad,
  };
}

/** What a reset begins anew. */
function createPassing(canStall: boolean, beganUs: ReceiverUs) {
  return {
    beganUs,
    measures: createMeasures(canStall ? createStalls() : createNoStalls()),
    sampleRate: createRateSampler(),
    hasChanged: createChangeDetector(),
    firstUs: null as ReceiverUs | null,
  };
}

type Standing = ReturnType<typeof createStanding>;
type Passing = ReturnType<typeof createPassing>;

/** Finds out what a frame is to the measures, by its marker's run. */
function classify(
  standing: Standing,
  passing: Passing,
  observation: Observation,
): { readonly kind: FrameKind; readonly events: readonly StreamEvent[] } {
  const { reading, displayTimeUs } = observation;
  if (!reading.read) return { kind: { kind: "unread" }, events: [] };
  const { runNumber, frameId, captureTimeUs } = reading.marker;
  const verdict = standing.runLock.add(runNumber, displayTimeUs);
  const events: StreamEvent[] = [];
  if (verdict.hasChanged) {
    events.push(...passing.measures.loss.startRun());
    passing.measures.jitter.cut();
  }
  if (verdict.event !== null) events.push(verdict.event);
  if (!verdict.isMeasured) return { kind: { kind: "other-run" }, events };
  return { kind: { kind: "measured", frame: toRunFrame(observation, frameId, captureTimeUs) }, events };
}

function observe(standing: Standing, passing: Passing, observation: Observation): readonly StreamEvent[] {
  const { measures } = passing;
  const { displayTimeUs } = observation;
  const displayBoundMs = displayBoundMsOf(observation);
  passing.firstUs ??= displayTimeUs;
  standing.join.addFrame(displayTimeUs, displayBoundMs);
  const health = [measures.reading.add(observation), measures.picture.add(observation)];
  const { kind, events } = classify(standing, passing, observation);
  const completed = [...health.filter((event) => event !== null), ...events];
  if (passing.hasChanged(observation, kind)) {
    completed.push(...measurePicture(measures, observation, kind.kind === "measured"));
  }
  if (kind.kind === "measured") {
    standing.join.addMarker(displayTimeUs, displayBoundMs);
    completed.push(...measureFrame(measures, kind.frame, standing.offset));
  }
  if (kind.kind === "unread") measures.loss.addUnread();
  passing.sampleRate(measures, displayTimeUs - readerSlackUs);
  return completed;
}

function latencyAt(standing: Standing, observation: Observation): Measured {
  if (!observation.reading.read) return missing("this frame's marker was not read");
  const { runNumber, captureTimeUs } = observation.reading.marker;
  if (!standing.runLock.wasMeasured(runNumber)) return missing("this frame belongs to another run");
  const offset = standing.offsets.at(observation.displayTimeUs);
  if (offset === null) return missing("the clocks have not been compared yet");
  return latencyMs(captureTimeUs, observation.displayTimeUs, offset, displayBoundMsOf(observation));
}

function snapshotAt(standing: Standing, passing: Passing, nowUs: ReceiverUs, nowMs: number): Snapshot {
  const { measures, firstUs, beganUs } = passing;
  const { road, offset, join, hiding } = standing;
  if (firstUs !== null) passing.sampleRate(measures, nowUs - readerSlackUs);
  const runNumber = standing.runLock.runNumber();
  const seen = { seenUntilUs: hiding.seenUntilUs(nowUs), hiddenMs: hiding.hiddenMs(nowUs) };
  return foldSnapshot({ nowUs, nowMs, ...seen, beganUs, firstUs, runNumber, road, offset, measures, join });
}

/** Makes a timeline. */
export function createTimeline(options: TimelineOptions): Timeline {
  const standing = createStanding();
  const log = createEventLog();
  let passing = createPassing(options.canStall, options.startUs);

  return {
    addObservation: (observation) => {
      const events = observe(standing, passing, observation);
      log.add(events);
      return events;
    },
    addTransport: (sample) => {
      measureTransport(passing.measures, sample, options.timeOriginMs);
    },
    setOffset: (road, offset) => {
      standing.road = road;
      standing.offset = offset;
      if (offset === null) return;
      const byMs = standing.offsets.add(offset);
      if (byMs !== null) log.add([{ kind: "clock-step", atUs: toReceiverUs(offset.atUs), byMs }]);
      chartLatency(passing.measures.history, passing.measures.latency.fold(offset));
    },
    expectRun: (runNumber) => {
      standing.runLock.expect(runNumber);
    },
    markJoinAsked: (atUs) => {
      standing.join.ask(atUs);
    },
    addEvent: (event) => {
      if (event.kind === "stall") passing.measures.stalls.add(event.atUs, event.durationMs);
      log.add([event]);
    },
    setWaiting: (sinceUs) => {
      if (sinceUs === null) passing.measures.stalls.drop();
      else passing.measures.stalls.begin(sinceUs);
    },
    setHidden: (isHidden, atUs) => {
      const events = standing.hiding.set(isHidden, atUs);
      // At both ends: frames that were with the reader when the page was hidden have begun anew.
      if (events !== null) log.add([...cutMeasures(passing.measures), ...events]);
    },
    snapshot: (nowUs) => {
      log.add(passing.measures.loss.settle(nowUs));
      return snapshotAt(standing, passing, nowUs, nowUs / 1000 - options.timeOriginMs);
    },
    latencyOf: (observation) => latencyAt(standing, observation),
    reset: (nowUs) => {
      const isWaiting = passing.measures.stalls.isGoing();
      passing = createPassing(options.canStall, nowUs);
      if (isWaiting) passing.measures.stalls.begin(nowUs);
      standing.hiding.reset(nowUs);
      log.clear();
      log.add([{ kind: "reset", atUs: nowUs }]);
    },
    events: log.read,
    droppedEventCount: log.droppedCount,
    history: (windowMin, nowUs) => passing.measures.history.read(windowMin, nowUs),
    latencyHistogram: () => passing.measures.latency.histogram(),
  };
}
