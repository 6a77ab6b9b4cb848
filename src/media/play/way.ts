import type { PageMs } from "../../core/clock/instants.ts";
import type { ClockOffset } from "../../core/clock/offset.ts";
import type { Failure, Result } from "../../core/failure.ts";
import type { DeliveryReport } from "../../core/timeline/delivery.ts";
import type { StreamEvent } from "../../core/timeline/event.ts";
import type { ClockRoad } from "../../core/timeline/snapshot.ts";
import type { TransportSample } from "../../core/timeline/transport.ts";
import type { StreamFacts } from "../../core/wire/signalling.ts";
import type { SourceKind } from "../../core/wire/source.ts";
import type { ReceivedTap } from "../record/received.ts";

/** What the user asks to play: a room's join code, or a URL. */
export type PlayTarget =
  | { readonly kind: "join"; readonly join: string }
  | {
      readonly kind: "url";
      readonly url: URL;
      /** How to play it; absent or `auto`: as the address itself tells. */
      readonly by?: SourceKind;
    };

/**
 * What a road sees happen, at an instant of the page's clock. `waiting`: the player's buffer has run dry (a `stall` tells when it
 * is filled again), or `isOver`, and that was no stall.
 */
export type RoadEvent = (
  | WithoutInstant<Extract<StreamEvent, { readonly kind: "trouble" | "discontinuity" | "rung" | "stall" }>>
  | { readonly kind: "waiting"; readonly isOver: boolean }
) & { readonly atMs: PageMs };

type WithoutInstant<Event> = Event extends unknown ? Omit<Event, "atUs"> : never;

/** What a stream is doing, in the words shown on screen. `why` is never empty except when connected. */
export type PlayState = {
  readonly state: "waiting" | "connecting" | "connected" | "lost" | "ended";
  readonly why: string;
};

/** What the player tells while it plays. Called on the main thread; must return at once. */
export type PlayListener = {
  readonly onState: (state: PlayState) => void;
  /**
   * A (new) video track whose frames the reader should take, after every reconnect anew; null when this road has
   * no track and the reader must take frames from the video element.
   */
  readonly onTrack: (track: MediaStreamTrack | null) => void;
  readonly onFacts: (facts: StreamFacts) => void;
  /** Receiver clock minus sender clock, each time it is fitted anew (about once a second). */
  readonly onClock: (road: ClockRoad, offset: ClockOffset) => void;
  /** Troubles, stalls, switches; `atMs` is when it began. */
  readonly onEvent: (event: RoadEvent) => void;
};

/** How to play. */
export type PlayOptions = {
  /** Muted, autoplaying; the way attaches the stream to it and detaches on close. The caller owns the element. */
  readonly video: HTMLVideoElement;
  /** Jitter buffer target asked of the browser, ms; null leaves it alone. */
  readonly bufferMs: number | null;
  /** Use TURN relays alone, never a direct path; roads without ICE ignore it. */
  readonly relayOnly: boolean;
  /** Distance from the live edge asked of a player with a buffer, s; null leaves it to the stream. */
  readonly syncS: number | null;
  /** Bearer token for roads that sign in (WHEP); empty for none. */
  readonly token: string;
  readonly listener: PlayListener;
  /** Takes what is received as it came; absent: nobody does. Ways without a bitstream give it nothing. */
  readonly tap?: ReceivedTap;
};

/** A stream being played. Whoever opened it closes it. */
export type Playing = {
  /** Settles once: null when the stream ended as it should. Never rejects. Recoverable losses do not end it. */
  readonly ended: Promise<Failure | null>;
  /** What the browser counts, now. Never rejects; counts that cannot be had are absent. */
  readonly sample: () => Promise<TransportSample>;
  /** What playlist and requests tell beside the frames; absent on roads without them. */
  readonly delivery?: () => DeliveryReport;
  readonly close: () => void;
};

/** Opens a stream. Resolves when the way has begun (it may still be waiting for a sender); abort rejects with `signal.reason`. */
export type Open = (
  target: PlayTarget,
  options: PlayOptions,
  signal: AbortSignal,
) => Promise<Result<Playing>>;

/** One way in: light, listed on the page; `load` brings the heavy part. */
export type PlayWay = {
  readonly id: string;
  readonly label: string;
  /** 0: cannot; 1: can; 2: made for it. The highest wins. */
  readonly claims: (target: PlayTarget) => 0 | 1 | 2;
  /** The player has a buffer that may run dry: it tells `stall` events. */
  readonly canStall?: true;
  readonly load: () => Promise<Open>;
};
