import type { FailureKind } from "../../../core/failure.ts";
import type { TroubleKind } from "../../../core/timeline/event.ts";
import {
  howAgain,
  isAnswered,
  startPatienceMs,
  troubleOfLoad,
  type LoadFault,
  type Past,
} from "../faults.ts";
import type { Again } from "../recover.ts";

/** What a fault of a DASH stream is to the viewer and what is done about it; `go-on`: dash.js goes on by itself. */
export type DashVerdict = {
  /** Null: nothing that a viewer would notice. */
  readonly trouble: TroubleKind | null;
  readonly why: string;
  readonly action: "go-on" | Again | "give-up";
  readonly failure: FailureKind;
};

type Row = readonly [
  trouble: TroubleKind | null,
  why: string,
  action: "go-on" | "load-on" | "reload" | "give-up",
  failure: FailureKind,
];

/**
 * dash.js errors by code (its Errors and MediaPlayerErrors, below 10 those of the media element). `load-on` and `reload` give
 * up when nothing ever played. Requests that fail are told one by one, long before they are errors.
 */
const rows: Readonly<Record<number, Row>> = {
  3: ["segment-corrupt", "a segment cannot be decoded", "reload", "unsupported"],
  4: ["segment-corrupt", "a segment cannot be decoded", "reload", "unsupported"],
  10: ["playlist-broken", "the manifest cannot be read", "load-on", "refused-input"],
  11: ["playlist-missing", "the manifest cannot be loaded", "load-on", "unreachable"],
  15: ["segment-missing", "a segment's index cannot be loaded", "reload", "unreachable"],
  // Without a clock that the manifest names, or that answers, dash.js goes by this device's.
  16: [null, "", "go-on", "unreachable"],
  17: ["segment-missing", "a segment cannot be loaded", "reload", "unreachable"],
  18: ["segment-missing", "a segment was asked for that is not there", "go-on", "unreachable"],
  19: ["unreachable", "no address of the stream answers", "reload", "unreachable"],
  20: ["segment-corrupt", "a segment cannot be decoded", "reload", "unsupported"],
  22: ["segment-missing", "the segments could not be listed anew", "go-on", "unreachable"],
  23: ["codec", "this browser has no Media Source Extensions", "give-up", "unsupported"],
  25: ["playlist-missing", "the manifest cannot be loaded", "load-on", "unreachable"],
  27: ["segment-missing", "a segment cannot be loaded", "reload", "unreachable"],
  28: ["segment-missing", "the beginning of a rendition cannot be loaded", "reload", "unreachable"],
  31: ["playlist-broken", "the manifest cannot be read", "load-on", "refused-input"],
  32: ["codec", "this browser plays none of the stream's renditions", "give-up", "unsupported"],
  34: [
    "playlist-broken",
    "audio and video come in one stream, which dash.js does not play",
    "give-up",
    "unsupported",
  ],
  35: ["codec", "this browser cannot decode the stream's codec", "give-up", "unsupported"],
};

const unknownRow: Row = ["stuck", "the player reports an error", "reload", "unsupported"];

/**
 * Decides what an error of dash.js is and what is done about it.
 * @param code of its Errors and MediaPlayerErrors; -1 where there is none
 */
export function judgeDash(code: number, past: Past): DashVerdict {
  const [trouble, why, wanted, failure] = rows[code] ?? unknownRow;
  const told = { trouble, why, failure };
  if (wanted === "go-on" || wanted === "give-up") return { ...told, action: wanted };
  const again = howAgain(past, true);
  return { ...told, action: again === "give-up" || wanted === "load-on" ? again : "reload" };
}

/**
 * Decides what a request that failed is and what is done about it. dash.js asks again by itself, for the same: that keeps what
 * is buffered, and is of no use where its server has it no more and nothing is left to play.
 */
export function judgeDashLoad(fault: LoadFault, past: Past): DashVerdict {
  const told = troubleOfLoad(fault, fault.what === "playlist" ? "manifest" : "segment");
  const { trouble, why, failure, isFinal } = told;
  if (past.hasPlayed) {
    const again = howAgain(past, isAnswered(fault.status));
    return { trouble, why, failure, action: again === "load-on" ? "go-on" : again };
  }
  const isOver = isFinal || past.sinceAskedMs >= startPatienceMs;
  if (isOver) return { trouble, why, failure, action: "give-up" };
  return { trouble, why, failure, action: fault.what === "playlist" ? "go-on" : "reload" };
}
