import type { ReceiverUs } from "../../core/clock/instants.ts";
import type { Failure, Result } from "../../core/failure.ts";
import type { LiveReading, QualityHistory, ScoredFrame } from "../../core/quality/live-quality.ts";
import type { DeliveryReport } from "../../core/timeline/delivery.ts";
import type { StreamEvent } from "../../core/timeline/event.ts";
import type { HistoryView, HistoryWindow } from "../../core/timeline/history.ts";
import type { LatencyHistogram } from "../../core/timeline/latency.ts";
import type { Observation } from "../../core/timeline/observation.ts";
import type { Snapshot } from "../../core/timeline/snapshot.ts";
import type { ReceiverSetup } from "../../core/wire/receiver-setup.ts";
import type { PlayState } from "../../media/play/way.ts";
import type { LogStorage } from "../../media/record/observation-log.ts";
import type { StreamKeep } from "../../media/record/stream-keep.ts";

/** What the charts show, all of one instant, so that their time axes agree. */
export type Trends = {
  readonly nowUs: ReceiverUs;
  readonly history: HistoryView;
  readonly histogram: LatencyHistogram;
  readonly events: readonly StreamEvent[];
  readonly quality: QualityHistory;
};

/** One stream being played and measured. Whoever opened it closes it. */
export type Session = {
  /** All measures now. */
  readonly snapshot: () => Snapshot;
  readonly trends: (windowMin: HistoryWindow) => Trends;
  readonly events: () => readonly StreamEvent[];
  /** Observations with an index of `since` or more since the last reset, in display order. */
  readonly observations: (since: number) => Promise<readonly Observation[]>;
  /** Every observation kept since the last reset, as a file. */
  readonly toCsv: () => Promise<Blob>;
  readonly toJson: () => Promise<Blob>;
  /** Where the observations are kept, and whether all of them are. */
  readonly storage: () => LogStorage;
  /** What is kept of the stream; null where this browser can keep nothing. */
  readonly keep: StreamKeep | null;
  /** Takes the file that live scoring waits for; refuses another, and says why. */
  readonly giveFile: (file: File) => Promise<Result<null>>;
  /** Quality of sampled frames against what the sender drew. */
  readonly quality: () => LiveReading;
  /** The newest of them, one by one, oldest first. */
  readonly scoredFrames: () => readonly ScoredFrame[];
  /** Marks this moment in the stream with a note; one that has ended has no such moment. */
  readonly mark: (note: string) => void;
  /** Measures afresh from now on. */
  readonly reset: () => void;
  /** Id and label of the way in. */
  readonly way: string;
  readonly label: string;
  /** What playlist and requests tell; null on roads without them. */
  readonly delivery: () => DeliveryReport | null;
  /** Why there is no clock to the sender, in words; null while there is one or it is still looked for. */
  readonly clockWords: () => string | null;
  /** Settles once: null when the stream ended as it should. Never rejects. */
  readonly ended: Promise<Failure | null>;
  /**
   * Plays and measures no more, and notes why the stream failed, if it did. All that was measured and kept stands, as it stood at
   * this instant, until `close`.
   */
  readonly halt: (failure: Failure | null) => void;
  readonly close: () => void;
};

/** What a session tells while it is open. Called on the main thread. */
export type SessionListener = {
  readonly onState: (state: PlayState) => void;
  /** Every displayed frame, after it was measured. Must return at once. */
  readonly onObservation?: (observation: Observation) => void;
};

/** Opens a stream into a video element and measures it. Abort rejects with `signal.reason`. */
export type OpenSession = (
  setup: ReceiverSetup,
  video: HTMLVideoElement,
  listener: SessionListener,
  signal: AbortSignal,
) => Promise<Result<Session>>;
