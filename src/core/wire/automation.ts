import type { SenderUs } from "../clock/instants.ts";
import type { Failure, Result } from "../failure.ts";
import type { Measured } from "../measured.ts";
import type { StreamEvent } from "../timeline/event.ts";
import type { Observation } from "../timeline/observation.ts";
import type { Snapshot } from "../timeline/snapshot.ts";
import type { ReceiverSetup } from "./receiver-setup.ts";
import type { SenderSetup } from "./setup.ts";

/** What a sender really sends, sampled about once a second. */
export type SenderReport = {
  readonly atUs: SenderUs;
  readonly runNumber: number;
  /** Frames made since start, frames handed over later than half a frame after they were due, and due frames never made. */
  readonly madeCount: number;
  readonly lateCount: number;
  readonly skippedCount: number;
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
};

/** One receiver as its sender sees it. */
export type PeerState = {
  readonly peerId: string;
  readonly state: "connecting" | "connected" | "lost";
  readonly why: string;
};

/** What the sender tab is doing. */
export type SenderSnapshot =
  | { readonly phase: "idle"; readonly setup: SenderSetup }
  | { readonly phase: "starting"; readonly setup: SenderSetup }
  | {
      readonly phase: "sending";
      readonly setup: SenderSetup;
      /** Code that receivers join with; null while the room is not open (server away). */
      readonly join: string | null;
      readonly link: string;
      readonly peers: readonly PeerState[];
      readonly report: SenderReport | null;
    }
  | { readonly phase: "failed"; readonly setup: SenderSetup; readonly failure: Failure };

/** What the receiver tab is doing. */
export type ReceiverSnapshot =
  | { readonly phase: "idle"; readonly setup: ReceiverSetup }
  | { readonly phase: "joining"; readonly setup: ReceiverSetup; readonly state: string }
  | {
      readonly phase: "measuring";
      readonly setup: ReceiverSetup;
      /** `connected`, or what is being done to get back there; measures go on standing meanwhile. */
      readonly connection: { readonly state: "connected" | "lost" | "reconnecting"; readonly why: string };
      readonly paused: boolean;
      readonly measures: Snapshot;
    }
  | { readonly phase: "failed"; readonly setup: ReceiverSetup; readonly failure: Failure };

/** `window.streamgauge` on the sender tab. */
export type SenderAutomation = {
  readonly version: 1;
  readonly role: "sender";
  /** Resolves when the page can be driven. */
  readonly ready: () => Promise<void>;
  readonly start: (
    setup?: Partial<SenderSetup>,
  ) => Promise<Result<{ readonly join: string; readonly link: string }>>;
  readonly stop: () => Promise<void>;
  readonly snapshot: () => SenderSnapshot;
  readonly events: () => readonly StreamEvent[];
};

/** `window.streamgauge` on the receiver tab. */
export type ReceiverAutomation = {
  readonly version: 1;
  readonly role: "receiver";
  readonly ready: () => Promise<void>;
  /** Resolves once joined (first frame displayed) or refused. */
  readonly start: (setup?: Partial<ReceiverSetup>) => Promise<Result<null>>;
  readonly stop: () => Promise<void>;
  readonly snapshot: () => ReceiverSnapshot;
  /** Observations with an index of `since` or more (0 is the first since the last reset), in display order. */
  readonly observations: (query?: { readonly since?: number }) => Promise<readonly Observation[]>;
  readonly events: () => readonly StreamEvent[];
};

/** `window.streamgauge`: the page's face for scripts. */
export type Automation = SenderAutomation | ReceiverAutomation;
