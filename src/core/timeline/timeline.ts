import type { ReceiverUs } from "../clock/instants.ts";
import type { ClockOffset } from "../clock/offset.ts";
import type { Measured } from "../measured.ts";
import type { StreamEvent } from "./event.ts";
import type { HistoryView, HistoryWindow } from "./history.ts";
import type { LatencyHistogram } from "./latency.ts";
import type { Observation } from "./observation.ts";
import type { ClockRoad, Snapshot } from "./snapshot.ts";
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

/** Makes a timeline. */
export declare function createTimeline(options: TimelineOptions): Timeline;
