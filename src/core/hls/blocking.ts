import { fail, succeed, type Failure, type Result } from "../failure.ts";
import { readCount } from "./attributes.ts";
import { liveEdgeOf, type MediaPlaylist } from "./playlist.ts";

/** What a player asks of a playlist by query (RFC 8216bis 6.2.5). */
export type Directives = {
  /** `_HLS_msn`: answer once this segment, or part of it, is listed. Null: answer with what there is. */
  readonly msn: number | null;
  /** `_HLS_part`: the part of it; null for the whole segment. */
  readonly part: number | null;
  /** `_HLS_skip`: old segments may be left out. */
  readonly skip: boolean;
};

/** What to do with a playlist request. */
export type ReloadDecision =
  | { readonly kind: "answer" }
  | { readonly kind: "wait" }
  | { readonly kind: "refuse"; readonly failure: Failure };

/**
 * Reads the directives of a playlist request. Refuses numbers that are none, and a part without its segment, which
 * 6.2.5.2 answers with 400.
 * @param valueOf the query's value of a name; null when it has none
 */
export function readDirectives(valueOf: (name: string) => string | null, where: string): Result<Directives> {
  const msnText = valueOf("_HLS_msn");
  const partText = valueOf("_HLS_part");
  const skipText = valueOf("_HLS_skip");
  const msn = readCount(msnText ?? undefined);
  const part = readCount(partText ?? undefined);
  if (msnText !== null && msn === null) return fail(refusal(where, "_HLS_msn is no whole number"));
  if (partText !== null && part === null) return fail(refusal(where, "_HLS_part is no whole number"));
  if (part !== null && msn === null) return fail(refusal(where, "_HLS_part came without _HLS_msn"));
  return succeed({ msn, part, skip: skipText === "YES" || skipText === "v2" });
}

/**
 * Decides whether a playlist satisfies a request now (6.2.5.2). A playlist that does not promise to block, or has
 * ended, is answered at once whatever is asked.
 */
export function decideReload(directives: Directives, playlist: MediaPlaylist, where: string): ReloadDecision {
  const { msn, part } = directives;
  if (msn === null || playlist.isEnded || playlist.serverControl?.canBlockReload !== true) {
    return { kind: "answer" };
  }
  if (isTooFarAhead(msn, part, playlist)) {
    const failure = refusal(
      where,
      `segment ${msn}, part ${part ?? "none"}, is too far ahead of the live edge`,
    );
    return { kind: "refuse", failure };
  }
  return { kind: isListed(msn, part, playlist) ? "answer" : "wait" };
}

/** Parts a request may be ahead of the last one listed (6.2.5.2, the advance part limit). */
export function advancePartLimit(partTargetS: number): number {
  return partTargetS > 0 && partTargetS < 1 ? 3 / partTargetS : 3;
}

/** How long a request may be held before it is answered with 503 (6.2.5.2): three target durations, ms. */
export function holdLimitMs(playlist: MediaPlaylist): number {
  return 3000 * Math.max(1, playlist.targetDurationS ?? 1);
}

function isTooFarAhead(msn: number, part: number | null, playlist: MediaPlaylist): boolean {
  const { lastMsn, openPartCount } = liveEdgeOf(playlist);
  if (msn > lastMsn + 2) return true;
  const isOpen = msn === lastMsn + 1;
  if (!isOpen || part === null || playlist.partTargetS === null) return false;
  return part > openPartCount - 1 + advancePartLimit(playlist.partTargetS);
}

function isListed(msn: number, part: number | null, playlist: MediaPlaylist): boolean {
  const { lastMsn, lastSegmentPartCount, openPartCount } = liveEdgeOf(playlist);
  if (msn < lastMsn) return true;
  if (part === null || playlist.partTargetS === null) return msn === lastMsn;
  // A part past the last one of its segment is the first one of the next segment (6.2.5.2).
  if (msn === lastMsn) return part < lastSegmentPartCount || openPartCount > 0;
  return msn === lastMsn + 1 && part < openPartCount;
}

function refusal(where: string, cause: string): Failure {
  return {
    kind: "refused-input",
    what: "reload a playlist",
    where,
    next: "Ask for the segment or part after the last one listed, or reload without directives.",
    cause,
  };
}
