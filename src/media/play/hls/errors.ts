import type { FailureKind } from "../../../core/failure.ts";
import type { TroubleKind } from "../../../core/timeline/event.ts";
import type { Again } from "./recover.ts";

/** What of an hls.js error decides about it. */
export type HlsFault = {
  /** `ErrorDetails` of hls.js. */
  readonly details: string;
  readonly isFatal: boolean;
  /** HTTP status; null when there was no answer. */
  readonly status: number | null;
  /** What the loader itself found. */
  readonly found: "too-large" | "too-slow" | null;
  /** Times that one segment was appended and made nothing longer that is buffered; 0 for other faults. */
  readonly emptyAppendCount: number;
};

/** What the stream has been through, as far as it decides about recovery. */
export type HlsPast = {
  readonly hasPlayed: boolean;
  /** Since play was asked for, ms. */
  readonly sinceAskedMs: number;
  /** Recoveries of the decoder since the last good stretch. */
  readonly mediaRecoveryCount: number;
  /** Media past the place that is displayed is buffered. */
  readonly isMediaAhead: boolean;
};

/**
 * What is done about a fault: hls.js goes on by itself, or the player has it load on with what is buffered, loads everything
 * anew, renews the decoder, or gives up.
 */
export type HlsAction = "go-on" | Again | "renew-decoder" | "give-up";

/** What a fault is to the viewer and what is done about it; `trouble` null: nothing that a viewer would notice. */
export type HlsVerdict = {
  readonly trouble: TroubleKind | null;
  readonly why: string;
  readonly action: HlsAction;
  /** Kind of the failure where the action is to give up. */
  readonly failure: FailureKind;
};

/** A stream that has never played is waited for so long: its publisher may just be starting, ms. */
export const startPatienceMs = 30_000;
/** Renewals of the decoder in a row before everything is loaded anew. */
export const maxDecoderRenewals = 3;

type Sort = "playlist-load" | "playlist-parse" | "segment-load" | "segment-data" | "codec" | "none";

/** Every error of hls.js that can come of a stream without keys, by what it means. What is not here is judged by whether it is fatal. */
const sorts: Readonly<Record<string, Sort>> = {
  manifestLoadError: "playlist-load",
  manifestLoadTimeOut: "playlist-load",
  levelLoadError: "playlist-load",
  levelLoadTimeOut: "playlist-load",
  audioTrackLoadError: "playlist-load",
  audioTrackLoadTimeOut: "playlist-load",
  manifestParsingError: "playlist-parse",
  levelParsingError: "playlist-parse",
  levelEmptyError: "playlist-parse",
  playlistUnchangedError: "none",
  fragLoadError: "segment-load",
  fragLoadTimeOut: "segment-load",
  keyLoadError: "segment-load",
  keyLoadTimeOut: "segment-load",
  fragParsingError: "segment-data",
  fragDecryptError: "segment-data",
  bufferAppendError: "segment-data",
  bufferAppendingError: "segment-data",
  bufferAppendNoProgress: "segment-data",
  remuxAllocError: "segment-data",
  manifestIncompatibleCodecsError: "codec",
  bufferAddCodecError: "codec",
  bufferIncompatibleCodecsError: "codec",
  fragGap: "none",
  bufferStalledError: "none",
  bufferNudgeOnStall: "none",
  bufferSeekOverHole: "none",
  bufferFullError: "none",
  aborted: "none",
};

/** Decides what a fault is and what is done about it. */
export function judge(fault: HlsFault, past: HlsPast): HlsVerdict {
  const sort = sorts[fault.details] ?? (fault.isFatal ? "segment-data" : "none");
  switch (sort) {
    case "codec":
      return verdict("codec", "this browser cannot decode the stream's codec", "give-up", "unsupported");
    case "playlist-load":
      return judgeLoad(fault, past, "playlist");
    case "segment-load":
      return judgeLoad(fault, past, "segment");
    case "playlist-parse":
      return verdict(
        "playlist-broken",
        "the playlist cannot be read",
        againUnlessNew(fault, past),
        "refused-input",
      );
    case "segment-data":
      // Once it takes the place of what was buffered of it in another rung, which is as it should be.
      if (fault.emptyAppendCount === 1 && !fault.isFatal) return verdict(null, "", "go-on");
      return verdict("segment-corrupt", "a segment cannot be decoded", decoderAction(fault, past));
    case "none":
      return verdict(null, "", fault.isFatal ? "reload" : "go-on");
    default:
      throw new Error(`no such sort: ${String(sort satisfies never)}`);
  }
}

function judgeLoad(fault: HlsFault, past: HlsPast, what: "playlist" | "segment"): HlsVerdict {
  const { status, found } = fault;
  if (found === "too-large")
    return verdict(
      "too-large",
      `a ${what} is larger than is taken: it may never end`,
      what === "playlist" && !past.hasPlayed ? "give-up" : againUnlessNew(fault, past),
      "refused-input",
    );
  if (found === "too-slow")
    return verdict(
      "too-slow",
      `a ${what} came too slowly and was given up`,
      againUnlessNew(fault, past),
      "timed-out",
    );
  if (status === null || status === 0)
    return verdict("unreachable", "the server cannot be reached", againUnlessNew(fault, past));
  return judgeStatus(fault, past, what, status);
}

function judgeStatus(
  fault: HlsFault,
  past: HlsPast,
  what: "playlist" | "segment",
  status: number,
): HlsVerdict {
  const isMissing = status === 404 || status === 410;
  const trouble: TroubleKind = isMissing ? `${what}-missing` : "unreachable";
  if ((status === 401 || status === 403) && !past.hasPlayed && fault.isFatal)
    return verdict(trouble, `the server answered ${status} to a ${what}`, "give-up", "denied");
  return verdict(trouble, `the server answered ${status} to a ${what}`, againUnlessNew(fault, past));
}

/** hls.js tries again by itself until a fault is fatal; then it is told to, unless nothing ever came. */
function againUnlessNew(fault: HlsFault, past: HlsPast): HlsAction {
  if (!fault.isFatal) return "go-on";
  if (!past.hasPlayed && past.sinceAskedMs >= startPatienceMs) return "give-up";
  return canLoadOn(fault, past) ? "load-on" : "reload";
}

/**
 * Loading everything anew throws away what is buffered: it is for what loading on cannot mend, a list of renditions that never
 * came, or a server that answers and has no media any more, which may have moved, once there is nothing left to play.
 */
function canLoadOn({ details, status }: HlsFault, { hasPlayed, isMediaAhead }: HlsPast): boolean {
  if (!hasPlayed || details.startsWith("manifest")) return false;
  const isAnswered = sorts[details] === "playlist-parse" || (status ?? 0) > 0;
  return isMediaAhead || !isAnswered;
}

function decoderAction(fault: HlsFault, past: HlsPast): HlsAction {
  if (!fault.isFatal) return "go-on";
  if (past.mediaRecoveryCount < maxDecoderRenewals) return "renew-decoder";
  return past.hasPlayed || past.sinceAskedMs < startPatienceMs ? "reload" : "give-up";
}

function verdict(
  trouble: TroubleKind | null,
  why: string,
  action: HlsAction,
  failure: FailureKind = "unreachable",
): HlsVerdict {
  return { trouble, why, action, failure };
}
