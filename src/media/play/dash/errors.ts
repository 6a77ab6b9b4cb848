import type { FailureKind } from "../../../core/failure.ts";
import type { TroubleKind } from "../../../core/timeline/event.ts";
import { startPatienceMs } from "../hls/errors.ts";

/** What a dash.js error is to the viewer and what is done about it. */
export type DashVerdict = {
  /** Null: nothing that a viewer would notice. */
  readonly trouble: TroubleKind | null;
  readonly why: string;
  readonly action: "go-on" | "reload" | "give-up";
  readonly failure: FailureKind;
};

/** What of a dash.js error decides about it. */
export type DashFault = {
  /** Of its Errors and MediaPlayerErrors; -1 where there is none. */
  readonly code: number;
  /** A request had no answer at all, not even a refusal. */
  readonly isUnanswered: boolean;
};

/** What the stream has been through, as far as it decides about recovery. */
export type DashPast = { readonly hasPlayed: boolean; readonly sinceAskedMs: number };

type Row = readonly [
  trouble: TroubleKind | null,
  why: string,
  action: "go-on" | "again" | "give-up",
  failure: FailureKind,
];

/** dash.js errors by code (its Errors and MediaPlayerErrors). `again`: loads anew, or gives up when nothing ever played. */
const rows: Readonly<Record<number, Row>> = {
  10: ["playlist-broken", "the manifest cannot be read", "again", "refused-input"],
  11: ["playlist-missing", "the manifest cannot be loaded", "again", "unreachable"],
  15: ["segment-missing", "a segment's index cannot be loaded", "again", "unreachable"],
  // Without a clock that the manifest names, or that answers, dash.js goes by this device's.
  16: [null, "", "go-on", "unreachable"],
  17: ["segment-missing", "a segment cannot be loaded", "again", "unreachable"],
  18: ["segment-missing", "a segment was asked for that is not there", "go-on", "unreachable"],
  19: ["unreachable", "no address of the stream answers", "again", "unreachable"],
  20: ["segment-corrupt", "a segment cannot be decoded", "again", "unsupported"],
  22: ["segment-missing", "the segments could not be listed anew", "go-on", "unreachable"],
  23: ["codec", "this browser has no Media Source Extensions", "give-up", "unsupported"],
  25: ["playlist-missing", "the manifest cannot be loaded", "again", "unreachable"],
  27: ["segment-missing", "a segment cannot be loaded", "again", "unreachable"],
  28: ["segment-missing", "the beginning of a rendition cannot be loaded", "again", "unreachable"],
  31: ["playlist-broken", "the manifest cannot be read", "again", "refused-input"],
  32: ["codec", "this browser plays none of the stream's renditions", "give-up", "unsupported"],
  34: [
    "playlist-broken",
    "audio and video come in one stream, which dash.js does not play",
    "give-up",
    "unsupported",
  ],
  35: ["codec", "this browser cannot decode the stream's codec", "give-up", "unsupported"],
};

const unknownRow: Row = ["stuck", "the player reports an error", "again", "unsupported"];

/** Decides what an error is and what is done about it. */
export function judgeDash({ code, isUnanswered }: DashFault, past: DashPast): DashVerdict {
  const [trouble, why, action, failure] = rows[code] ?? unknownRow;
  const told =
    isUnanswered && trouble !== null
      ? ({ trouble: "unreachable", why: "the server cannot be reached" } as const)
      : { trouble, why };
  if (action !== "again") return { ...told, action, failure };
  const isWorthIt = past.hasPlayed || past.sinceAskedMs < startPatienceMs;
  return { ...told, action: isWorthIt ? "reload" : "give-up", failure };
}
