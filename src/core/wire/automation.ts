import type { SenderUs } from "../clock/instants.ts";
import type { Failure, Result } from "../failure.ts";
import type { Measured } from "../measured.ts";
import type { LiveReading, ScoredFrame } from "../quality/live-quality.ts";
import type { DeliveryReport } from "../timeline/delivery.ts";
import type { DifferentialReading } from "../timeline/differential.ts";
import type { StreamEvent } from "../timeline/event.ts";
import type { Observation } from "../timeline/observation.ts";
import type { Snapshot } from "../timeline/snapshot.ts";
import type { ReceiverSetup } from "./receiver-setup.ts";
import type { SenderSetup } from "./setup.ts";

/** What is encoded of one rung of a ladder, since the last sample. */
export type RungRate = {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly encodedFps: number;
  readonly bitrateKbps: number;
};

/** What a sender really sends, sampled about once a second. */
export type SenderReport = {
  readonly atUs: SenderUs;
  readonly runNumber: number;
  /** Frames made since start, frames handed over later than half a frame after they were due, and due frames never made. */
  readonly madeCount: number;
  readonly lateCount: number;
  readonly skippedCount: number;
  /** Frames made but not encoded because the encoder was behind, since start; null where the way out does not tell. */
  readonly droppedCount: number | null;
  readonly madeFps: Measured;
  readonly encodedFps: Measured;
  readonly sentFps: Measured;
  readonly bitrateKbps: Measured;
  readonly roundTripMs: Measured;
  /** Why the encoder does less than asked ("none", "cpu", "bandwidth", ...); null when the browser does not tell. */
  readonly limitation: string | null;
  readonly codec: string | null;
  readonly encoder: string | null;
  readonly widthPx: Measured;
  readonly heightPx: Measured;
  /** The rungs of a ladder, the highest first; empty for a stream of one rendition, and before the second sample. */
  readonly rungs: readonly RungRate[];
};

/** One receiver as its sender sees it. */
export type PeerState = {
  readonly peerId: string;
  readonly state: "connecting" | "connected" | "lost";
  readonly why: string;
};

/** Where viewers find a stream that has no room to join, and how its way out stands. */
export type OutletState = {
  /** `stuck`: nothing gets through now; the way tries again by itself. */
  readonly state: "opening" | "live" | "stuck";
  /** In the user's words; empty when live. */
  readonly why: string;
  /** What viewers play; null where the target alone knows it, as providers that take RTMP do. */
  readonly playUrl: string | null;
};

/** What the sender tab is doing. */
export type SenderSnapshot =
  | { readonly phase: "idle"; readonly setup: SenderSetup }
  | { readonly phase: "starting"; readonly setup: SenderSetup }
  | {
      readonly phase: "sending";
      readonly setup: SenderSetup;
      /** Code that receivers join with; null while the room is not open (server away), and for ways out without a room. */
      readonly join: string | null;
      readonly link: string;
      /** Null for ways out that have a room. */
      readonly outlet: OutletState | null;
      readonly peers: readonly PeerState[];
      readonly report: SenderReport | null;
    }
  | { readonly phase: "failed"; readonly setup: SenderSetup; readonly failure: Failure };

/** How a stream that is measured stands; `why` is empty only when connected. */
export type ReceiverConnection =
  /** `connected`, or what is being done to get back there; measures go on standing meanwhile. */
  | { readonly state: "connected" | "lost" | "reconnecting"; readonly why: string }
  /** The stream came to its end: nothing more is played or measured, and what was measured stands until it is left. */
  | {
      readonly state: "ended";
      readonly why: string;
      /** What went wrong; null when the stream ended as it should. */
      readonly failure: Failure | null;
    };

/** What the receiver tab is doing. */
export type ReceiverSnapshot =
  | { readonly phase: "idle"; readonly setup: ReceiverSetup }
  | { readonly phase: "joining"; readonly setup: ReceiverSetup; readonly state: string }
  | {
      readonly phase: "measuring";
      readonly setup: ReceiverSetup;
      readonly connection: ReceiverConnection;
      readonly paused: boolean;
      readonly measures: Snapshot;
      /** Scores of sampled frames against what the sender drew, or why there are none. */
      readonly quality: LiveReading;
    }
  /** Nothing could be measured; a stream that fails later has `connection.state` "ended". */
  | { readonly phase: "failed"; readonly setup: ReceiverSetup; readonly failure: Failure };

/** `window.streamgauge` on the sender tab. */
export type SenderAutomation = {
  readonly version: 1;
  readonly role: "sender";
  /** Resolves when the page can be driven. */
  readonly ready: () => Promise<void>;
  /** Resolves when viewers can come. `join` is null for ways out without a room; `link` opens the receiver, empty when none can. */
  readonly start: (
    setup?: Partial<SenderSetup>,
  ) => Promise<Result<{ readonly join: string | null; readonly link: string }>>;
  readonly stop: () => Promise<void>;
  readonly snapshot: () => SenderSnapshot;
  readonly events: () => readonly StreamEvent[];
};

/** One stream of a receiver tab. */
export type StreamReport = {
  /** From 1, as the key `control` counts. */
  readonly number: number;
  /** Its address without what may be secret, or its join code. */
  readonly label: string;
  /** The way in it is played by: the name of a folder in media/play; empty until it is known. */
  readonly kind: string;
  readonly isControl: boolean;
  readonly snapshot: ReceiverSnapshot;
  /** Its latency minus the control's for the same frames, ms: needs no clock. */
  readonly differentialMs: DifferentialReading;
  /** What playlist and requests tell; null on roads without them. */
  readonly delivery: DeliveryReport | null;
  /** Why there is no clock to the sender; null while there is one or it is still looked for. */
  readonly clockWords: string | null;
  readonly events: readonly StreamEvent[];
};

/** `window.streamgauge` on the receiver tab. `snapshot`, `observations` and `events` are of the first stream. */
export type ReceiverAutomation = {
  readonly version: 1;
  readonly role: "receiver";
  readonly ready: () => Promise<void>;
  /** Resolves once joined (first frame displayed) or refused. */
  readonly start: (setup?: Partial<ReceiverSetup>) => Promise<Result<null>>;
  readonly stop: () => Promise<void>;
  readonly snapshot: () => ReceiverSnapshot;
  /**
   * Observations with an index of `since` or more (0 is the first since the last reset), in display order; of the stream with
   * the number `stream` (`StreamReport.number`), the first where none is given.
   */
  readonly observations: (query?: {
    readonly since?: number;
    readonly stream?: number;
  }) => Promise<readonly Observation[]>;
  readonly events: () => readonly StreamEvent[];
  /** Measures all streams afresh: observations count from 0 again; clock, run and join times stand. */
  readonly reset: () => Promise<void>;
  /** Frames scored while the stream plays, one by one, oldest first; the newest 4800. */
  readonly scoredFrames: () => readonly ScoredFrame[];
  /** Every stream of the page, in order; one that was not started yet is among them. */
  readonly streams: () => readonly StreamReport[];
};

/** `window.streamgauge`: the page's face for scripts. */
export type Automation = SenderAutomation | ReceiverAutomation;
