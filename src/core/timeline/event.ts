import type { ReceiverUs } from "../clock/instants.ts";
import type { Failure } from "../failure.ts";

/** What is wrong with a stream's delivery, as far as it can be told from the outside. */
export type TroubleKind =
  | "playlist-missing"
  | "playlist-stale"
  | "playlist-broken"
  | "segment-missing"
  | "segment-corrupt"
  | "unreachable"
  | "too-slow"
  | "too-large"
  | "codec"
  | "restart"
  | "stuck";

/** Something that happened to a stream at one receiver, with the instant it began on the receiver's clock. */
export type StreamEvent = { readonly atUs: ReceiverUs } & (
  | { readonly kind: "freeze"; readonly durationMs: number }
  | { readonly kind: "resize"; readonly widthPx: number; readonly heightPx: number }
  /** Frame ids that never were displayed: `count` of them from `firstFrameId` on. */
  | { readonly kind: "loss"; readonly count: number; readonly firstFrameId: number }
  | { readonly kind: "disorder"; readonly frameId: number; readonly afterFrameId: number }
  /** The marker's run changed: the sender began again. */
  | { readonly kind: "run"; readonly runNumber: number; readonly previousRunNumber: number | null }
  /** A marker from another run than the one being measured; its frames are not counted. */
  | { readonly kind: "other-run"; readonly runNumber: number }
  /** Markers could not be read; `durationMs` covers the unread stretch. */
  | { readonly kind: "unread"; readonly count: number; readonly why: string; readonly durationMs: number }
  | { readonly kind: "reconnect"; readonly durationMs: number; readonly why: string }
  | { readonly kind: "stall"; readonly durationMs: number }
  /** Delivery is in trouble: told when it begins (`durationMs` null: it goes on) and once more when it is over. */
  | {
      readonly kind: "trouble";
      readonly trouble: TroubleKind;
      readonly durationMs: number | null;
      readonly why: string;
    }
  /** The stream says that its encoding or its time line is broken here. */
  | { readonly kind: "discontinuity" }
  /** Another rung of the ladder is played. */
  | {
      readonly kind: "rung";
      readonly widthPx: number | null;
      readonly heightPx: number | null;
      readonly bitrateKbps: number | null;
    }
  | { readonly kind: "connection"; readonly state: string; readonly why: string }
  | { readonly kind: "failure"; readonly failure: Failure }
  /** One of the two clocks jumped; latencies go on with the new offset. */
  | { readonly kind: "clock-step"; readonly byMs: number }
  /** Nobody could look: the page was hidden, the browser displayed nothing, and none of it is the stream's. */
  | { readonly kind: "hidden"; readonly durationMs: number }
  | { readonly kind: "reset" }
  /** A moment marked by the user. */
  | { readonly kind: "note"; readonly text: string }
);
