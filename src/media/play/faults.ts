import type { FailureKind } from "../../core/failure.ts";
import type { TroubleKind } from "../../core/timeline/event.ts";
import type { Again } from "./recover.ts";

/** A stream that has never played is waited for so long: its publisher may just be starting, ms. */
export const startPatienceMs = 30_000;

/** What a playlist (a DASH manifest is one) that comes puts an end to. */
export const playlistTroubles: readonly TroubleKind[] = [
  "playlist-missing",
  "unreachable",
  "playlist-broken",
  "too-large",
  "too-slow",
];

/** What a segment that comes puts an end to. */
export const segmentTroubles: readonly TroubleKind[] = [
  "segment-missing",
  "unreachable",
  "too-slow",
  "too-large",
];

/** What a stream has been through, as far as it decides about recovery. */
export type Past = {
  readonly hasPlayed: boolean;
  /** Since play was asked for, ms. */
  readonly sinceAskedMs: number;
  /** Media past the place that is displayed is buffered. */
  readonly isMediaAhead: boolean;
};

/** A request that failed. */
export type LoadFault = {
  readonly what: "playlist" | "segment";
  /** HTTP status; null or 0 when there was no answer that the page may see. */
  readonly status: number | null;
  /** What the loader itself found. */
  readonly found: "too-large" | "too-slow" | null;
};

/** What a request that failed is to the viewer. */
export type LoadTrouble = {
  readonly trouble: TroubleKind;
  readonly why: string;
  /** Kind of the failure where play is given up for it. */
  readonly failure: FailureKind;
  /** Where nothing has played yet, waiting does not mend it. */
  readonly isFinal: boolean;
};

/** Says what a request that failed is to the viewer. */
export function troubleOfLoad({ what, status, found }: LoadFault, name: string = what): LoadTrouble {
  if (found === "too-large")
    return {
      trouble: "too-large",
      why: `a ${name} is larger than is taken: it may never end`,
      failure: "refused-input",
      isFinal: what === "playlist",
    };
  if (found === "too-slow") {
    const why = `a ${name} came too slowly and was given up`;
    return { trouble: "too-slow", why, failure: "timed-out", isFinal: false };
  }
  if (!isAnswered(status))
    return {
      trouble: "unreachable",
      why: "the server cannot be reached",
      failure: "unreachable",
      isFinal: false,
    };
  const isDenied = status === 401 || status === 403;
  return {
    trouble: status === 404 || status === 410 ? `${what}-missing` : "unreachable",
    why: `the server answered ${status} to a ${name}`,
    failure: isDenied ? "denied" : "unreachable",
    isFinal: isDenied,
  };
}

/** Whether a status is that of an answer. */
export function isAnswered(status: number | null): boolean {
  return (status ?? 0) > 0;
}

/**
 * How loading goes on after a fault that does not go by itself. Loading everything anew throws away what is buffered: it is for
 * what never played, and for a server that answers and has no media any more, which may have moved, once there is nothing left
 * to play.
 * @param isServerThere the server answers, with something else than what was asked for
 */
export function howAgain(
  { hasPlayed, sinceAskedMs, isMediaAhead }: Past,
  isServerThere: boolean,
): Again | "give-up" {
  if (!hasPlayed) return sinceAskedMs >= startPatienceMs ? "give-up" : "reload";
  return isMediaAhead || !isServerThere ? "load-on" : "reload";
}
