import { unreachable, type Failure } from "../../core/failure.ts";
import type { ReceiverSnapshot } from "../../core/wire/automation.ts";
import type { ReceiverSetup } from "../../core/wire/receiver-setup.ts";
import type { Tone } from "../parts/Readouts.tsx";

/** What a receiver does, without its figures: what the page as a whole shows, and what changes seldom. */
export type Doing = {
  readonly phase: ReceiverSnapshot["phase"];
  readonly setup: ReceiverSetup;
  /** Why nothing could be measured, or why what was measured has ended; null while nothing is wrong. */
  readonly failure: Failure | null;
  readonly isPaused: boolean;
  /** The connection in one word and why, as far as there is one. */
  readonly connection: "joining" | "connected" | "reconnecting" | "lost" | "ended" | null;
  readonly why: string;
};

/** The state without its figures. */
export function toDoing(state: ReceiverSnapshot): Doing {
  const base = {
    phase: state.phase,
    setup: state.setup,
    failure: null,
    isPaused: false,
    connection: null,
    why: "",
  };
  switch (state.phase) {
    case "idle":
      return base;
    case "joining":
      return { ...base, connection: "joining", why: state.state };
    case "measuring":
      return {
        ...base,
        failure: state.connection.state === "ended" ? state.connection.failure : null,
        isPaused: state.paused,
        connection: state.connection.state,
        why: state.connection.why,
      };
    case "failed":
      return { ...base, failure: state.failure };
    default:
      return unreachable(state);
  }
}

/** A state in the header: words and colour. */
export type Pill = { readonly tone: Tone; readonly state: string; readonly why: string };

/** The states of all streams: one in its own words, several counted. */
export function toLineupPill(doings: readonly Doing[]): Pill {
  const [first] = doings;
  if (first === undefined || doings.length === 1)
    return first === undefined ? { tone: "plain", state: "Not receiving", why: "" } : toPill(first);
  const connectedCount = doings.filter(({ connection }) => connection === "connected").length;
  const isAnyBad = doings.some(({ failure, connection }) => failure !== null || connection === "lost");
  const isIdle = doings.every(({ phase }) => phase === "idle");
  if (isIdle) return { tone: "plain", state: "Not receiving", why: "" };
  const tone = connectedCount === doings.length ? "good" : isAnyBad ? "bad" : "warn";
  return { tone, state: `${connectedCount} of ${doings.length} connected`, why: "" };
}

/** The state of one stream, in words and colour. */
export function toPill({ phase, failure, connection, why }: Doing): Pill {
  if (phase === "failed") return { tone: "bad", state: "Failed", why: "" };
  switch (connection) {
    case null:
      return { tone: "plain", state: "Not receiving", why: "" };
    case "joining":
      return { tone: "warn", state: "Joining", why };
    case "connected":
      return { tone: "good", state: "Connected", why };
    case "reconnecting":
      return { tone: "warn", state: "Reconnecting", why };
    case "lost":
      return { tone: "bad", state: "Lost", why };
    case "ended":
      return { tone: failure === null ? "plain" : "bad", state: "Ended", why };
    default:
      return unreachable(connection);
  }
}

/** What stands over the picture; null while it is live. */
export function toStageWords({ phase, connection, why }: Doing): string | null {
  if (phase === "failed") return "Not receiving";
  if (connection === null) return "No stream";
  if (connection === "connected") return null;
  return connection === "joining" || connection === "ended" ? why : `${connection}: ${why}`;
}

/**
 * What is said of a stream that has ended: that it has, and that what was measured is still there; null while it has not.
 * @param name what the stream is called, where there are others beside it
 */
export function toEndedWords({ connection, failure, why }: Doing, name: string | null): string | null {
  if (connection !== "ended") return null;
  const whose = name === null ? "The stream" : `The stream “${name}”`;
  const told = failure === null ? `: ${withoutStop(why)}.` : ".";
  return `${whose} ended${told} What was measured stays until you leave.`;
}

function withoutStop(words: string): string {
  return words.endsWith(".") ? words.slice(0, -1) : words;
}
