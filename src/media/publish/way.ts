import type { Failure, Result } from "../../core/failure.ts";
import type { OutletState, PeerState } from "../../core/wire/automation.ts";
import type { SenderSetup } from "../../core/wire/setup.ts";
import type { StreamFacts } from "../../core/wire/signalling.ts";
import type { PictureSource } from "../draw/source.ts";

/** What the encoder and the network say of the stream sent, since the last sample. Absent: the browser does not tell. */
export type EncoderSample = {
  readonly encodedFps?: number;
  readonly sentFps?: number;
  readonly bitrateKbps?: number;
  readonly roundTripMs?: number;
  /** getStats `qualityLimitationReason`: "none", "cpu", "bandwidth", "other". */
  readonly limitation?: string;
  readonly codec?: string;
  readonly encoder?: string;
  readonly widthPx?: number;
  readonly heightPx?: number;
};

/** What a way out tells while it publishes. Called on the main thread; must return at once. */
export type PublishListener = {
  /** The room is open (code to join with), or null while the server is away. */
  readonly onJoin: (join: string | null) => void;
  readonly onPeers: (peers: readonly PeerState[]) => void;
  /** Ways without a room tell where viewers find the stream and how it stands; those with a room never call it. */
  readonly onOutlet: (outlet: OutletState) => void;
};

/** A stream being published. Whoever started it closes it. */
export type Publishing = {
  /** Settles once: null when closed as asked. Never rejects. */
  readonly ended: Promise<Failure | null>;
  /** Never rejects. */
  readonly sample: () => Promise<EncoderSample>;
  readonly close: () => void;
};

/** Starts to publish. Resolves when the way is ready for viewers; abort rejects with `signal.reason`. */
export type Publish = (
  source: PictureSource,
  setup: SenderSetup,
  facts: StreamFacts,
  listener: PublishListener,
  signal: AbortSignal,
) => Promise<Result<Publishing>>;

/** One way out: light, listed on the page; `load` brings the heavy part. */
export type PublishWay = {
  readonly id: string;
  readonly label: string;
  readonly load: () => Promise<Publish>;
};
