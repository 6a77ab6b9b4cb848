import type { FailureKind } from "../../../core/failure.ts";
import type { TroubleKind } from "../../../core/timeline/event.ts";
import { howAgain, isAnswered, startPatienceMs, troubleOfLoad, type Past } from "../faults.ts";
import type { Again } from "../recover.ts";

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
export type HlsPast = Past & {
  /** Recoveries of the decoder since the last good stretch. */
  readonly mediaRecoveryCount: number;
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
  const { trouble, why, failure, isFinal } = troubleOfLoad({ ...fault, what });
  const isOver = isFinal && !past.hasPlayed && (fault.isFatal || trouble === "too-large");
  return verdict(trouble, why, isOver ? "give-up" : againUnlessNew(fault, past), failure);
}

/** hls.js tries again by itself until a fault is fatal; then it is told to, unless nothing ever came. */
function againUnlessNew(fault: HlsFault, past: HlsPast): HlsAction {
  if (!fault.isFatal) return "go-on";
  const again = howAgain(past, sorts[fault.details] === "playlist-parse" || isAnswered(fault.status));
  // A list of renditions that never came leaves nothing to load on with.
  return again === "load-on" && fault.details.startsWith("manifest") ? "reload" : again;
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
