import type { ReceiverUs } from "../../core/clock/instants.ts";
import { unreachable } from "../../core/failure.ts";
import type { StreamEvent } from "../../core/timeline/event.ts";
import { failureTitle } from "../parts/failure-words.ts";

/** Rows of the event strip, top to bottom. */
export const lanes = ["freeze", "loss", "size", "link", "note"] as const;
/** A row of the event strip. */
export type Lane = (typeof lanes)[number];

/** One mark on the strip: seconds before now where it begins and ends (equal for an instant). */
export type StripMark = {
  readonly lane: Lane;
  readonly fromS: number;
  readonly toS: number;
};

const laneOf = {
  freeze: "freeze",
  stall: "freeze",
  loss: "loss",
  disorder: "loss",
  unread: "loss",
  resize: "size",
  run: "link",
  "other-run": "link",
  reconnect: "link",
  trouble: "link",
  discontinuity: "size",
  rung: "size",
  connection: "link",
  failure: "link",
  "clock-step": "link",
  hidden: "note",
  reset: "note",
  note: "note",
} as const satisfies Record<StreamEvent["kind"], Lane>;

/** The marks that fall into the last `windowS` seconds before `nowUs`. */
export function toStripMarks(
  events: readonly StreamEvent[],
  nowUs: ReceiverUs,
  windowS: number,
): readonly StripMark[] {
  return events
    .map((event) => {
      const fromS = (event.atUs - nowUs) / 1e6;
      const durationMs = "durationMs" in event ? (event.durationMs ?? 0) : 0;
      return {
        lane: laneOf[event.kind],
        fromS: Math.max(-windowS, fromS),
        toS: Math.min(0, fromS + durationMs / 1000),
      };
    })
    .filter((mark) => mark.toS >= -windowS);
}

/** An event in words, without its time. */
export function eventWords(event: StreamEvent): string {
  if (isPictureEvent(event)) return pictureWords(event);
  return isPlayerEvent(event) ? playerWords(event) : linkWords(event);
}

type PlayerEvent = Extract<StreamEvent, { readonly kind: "trouble" | "discontinuity" | "rung" }>;

function isPlayerEvent(event: StreamEvent): event is PlayerEvent {
  const { kind } = event;
  return kind === "trouble" || kind === "discontinuity" || kind === "rung";
}

function playerWords(event: PlayerEvent): string {
  switch (event.kind) {
    case "trouble":
      return event.durationMs === null ? event.why : `over after ${ms(event.durationMs)}: ${event.why}`;
    case "discontinuity":
      return "the stream tells of a break in its time line or encoding (discontinuity)";
    case "rung":
      return `another rung is played: ${rungWords(event) ?? "nothing is told of it"}`;
    default:
      return unreachable(event);
  }
}

type PictureEvent = Extract<
  StreamEvent,
  { readonly kind: "freeze" | "stall" | "resize" | "loss" | "disorder" | "unread" }
>;

const pictureKinds: ReadonlySet<string> = new Set([
  "freeze",
  "stall",
  "resize",
  "loss",
  "disorder",
  "unread",
]);

function isPictureEvent(event: StreamEvent): event is PictureEvent {
  return pictureKinds.has(event.kind);
}

function pictureWords(event: PictureEvent): string {
  switch (event.kind) {
    case "freeze":
      return `picture froze for ${ms(event.durationMs)}`;
    case "stall":
      return `player ran dry for ${ms(event.durationMs)}`;
    case "resize":
      return `picture is now ${event.widthPx}×${event.heightPx}`;
    case "loss":
      return event.count === 1
        ? `frame ${event.firstFrameId} was never displayed`
        : `${event.count} frames from ${event.firstFrameId} on were never displayed`;
    case "disorder":
      return `frame ${event.frameId} came after ${event.afterFrameId}`;
    case "unread":
      return `${event.count} frames over ${ms(event.durationMs)} could not be read: ${event.why}`;
    default:
      return unreachable(event);
  }
}

function linkWords(event: Exclude<StreamEvent, PictureEvent | PlayerEvent>): string {
  switch (event.kind) {
    case "run":
      return event.previousRunNumber === null
        ? `run ${event.runNumber} begins`
        : `the sender began again: run ${event.runNumber} after ${event.previousRunNumber}`;
    case "other-run":
      return `a marker of another run (${event.runNumber}) is in the picture; its frames are not counted`;
    case "reconnect":
      return `connected again after ${ms(event.durationMs)}: ${event.why}`;
    case "connection":
      return `${event.state}: ${event.why}`;
    case "failure":
      return failureTitle(event.failure);
    case "clock-step":
      return `a clock jumped: the offset moved by ${ms(event.byMs)}`;
    case "hidden":
      return `this page was hidden for ${ms(event.durationMs)}: nothing was displayed, and nothing measured`;
    case "reset":
      return "measuring began afresh";
    case "note":
      return event.text;
    default:
      return unreachable(event);
  }
}

/** A rung of a ladder in words; null where nothing is told of it. */
export function rungWords(rung: {
  readonly widthPx: number | null;
  readonly heightPx: number | null;
  readonly bitrateKbps: number | null;
}): string | null {
  const size = rung.widthPx === null || rung.heightPx === null ? [] : [`${rung.widthPx}×${rung.heightPx}`];
  const rate = rung.bitrateKbps === null ? [] : [`${rung.bitrateKbps.toFixed(0)} kbit/s`];
  return size.length + rate.length === 0 ? null : [...size, ...rate].join(", ");
}

function ms(durationMs: number): string {
  return `${durationMs.toFixed(0)} ms`;
}
