import type { Failure, Result } from "../../core/failure.ts";
import type { OutletState, PeerState, RungRate } from "../../core/wire/automation.ts";
import type { SenderSetup } from "../../core/wire/setup.ts";
import type { StreamFacts } from "../../core/wire/signalling.ts";
import type { PictureSource } from "../draw/source.ts";

/** What the encoder and the network say of the stream sent, since the last sample. Absent: the browser does not tell. */
export type EncoderSample = {
  readonly encodedFps?: number;
  readonly sentFps?: number;
  readonly bitrateKbps?: number;
  readonly roundTripMs?: number;
  /** Frames thrown away before the encoder because it was behind, since start. */
  readonly droppedCount?: number;
  /** getStats `qualityLimitationReason`: "none", "cpu", "bandwidth", "other". */
  readonly limitation?: string;
  readonly codec?: string;
  readonly encoder?: string;
  readonly widthPx?: number;
  readonly heightPx?: number;
  /** Of a ladder alone. */
  readonly rungs?: readonly RungRate[];
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

/** How one of a way's settings is entered. */
export type WayControl =
  | { readonly kind: "text"; readonly placeholder?: string }
  /** Not readable on screen while it is typed. */
  | { readonly kind: "secret" }
  /** Several texts, one a line. */
  | { readonly kind: "lines"; readonly placeholder?: string }
  /** Text of the key: 1 or 0. */
  | { readonly kind: "flag" }
  | {
      readonly kind: "choice";
      readonly choices: readonly { readonly value: string; readonly label: string }[];
    };

/** One of a way's own settings as the sender's form shows it. */
export type WayField = {
  /** Key of the sender's setup (`senderKeys`): its text is what is entered, its schema checks it, its help stands in refusals. */
  readonly key: string;
  readonly label: string;
  readonly control: WayControl;
  /** One sentence under the field. */
  readonly hint?: string;
  /** Absent: always shown. */
  readonly isShown?: (setup: SenderSetup) => boolean;
};

/** One way out: light, listed on the page; `load` brings the heavy part. */
export type PublishWay = {
  readonly id: string;
  readonly label: string;
  /** One sentence: what it is for, and what viewers need. */
  readonly about: string;
  /** Settings of this way alone, in the order in which they are asked for. */
  readonly fields: readonly WayField[];
  readonly load: () => Promise<Publish>;
};
