import type { Measured } from "../measured.ts";
import type { Rung, RungReading } from "./rungs.ts";

/** What a cache on the way says of itself in a response's headers; null where CORS hides it or it says nothing. */
export type CacheWord = { readonly kind: "hit" | "miss"; readonly by: string };

/** Requests for media since play began. */
export type RequestReading = {
  readonly count: number;
  readonly failedCount: number;
  /** Request sent -> first byte, of the last media request. */
  readonly firstByteMs: Measured;
  /** Request sent -> last byte, of the last media request. */
  readonly wholeMs: Measured;
  readonly bytes: Measured;
  /** `Age` header of the last media response, s: how long a cache had held it. */
  readonly ageS: Measured;
  readonly cacheHitRatio: Measured;
  /** The last response's cache header in its own words; null when there is none to see. */
  readonly cacheWords: string | null;
};

/** What a stream tells of its own delivery beside what its frames tell: playlist, place in it, requests. */
export type DeliveryReport = {
  readonly protocol: "hls" | "dash";
  readonly isLive: boolean | null;
  readonly isLowLatency: boolean | null;
  readonly targetDurationS: Measured;
  readonly segmentS: Measured;
  readonly partS: Measured;
  readonly windowS: Measured;
  /** Distance of what is displayed from the end of what is listed. */
  readonly behindEdgeMs: Measured;
  /** Media already loaded ahead of what is displayed. */
  readonly bufferMs: Measured;
  /**
   * Now minus the playlist's date of what is displayed (EXT-X-PROGRAM-DATE-TIME, DASH availability). It rests on the
   * publisher's wall clock, on this device's, and on what instant the publisher stamps: often the segment's arrival at
   * the packager, not its capture.
   */
  readonly dateTimeLatencyMs: Measured;
  /** Rung being played; null until one is. */
  readonly rung: Rung | null;
  /** Every rung that the stream lists, with what became of it since play began. */
  readonly rungs: readonly RungReading[];
  readonly rungCount: number;
  readonly rungSwitchCount: number;
  /** Rules of the protocol that the playlist breaks, each with its section; at most 20. */
  readonly breaches: readonly string[];
  readonly requests: RequestReading;
};
