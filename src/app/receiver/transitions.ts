import type { Failure } from "../../core/failure.ts";
import type { ReceiverSnapshot } from "../../core/wire/automation.ts";
import type { PlayState } from "../../media/play/way.ts";
import { failureTitle } from "../parts/failure-words.ts";
import type { Session } from "./session-face.ts";

/** The connection's words in the state: while joining as they are, while measuring as connected, lost, reconnecting or ended. */
export function withConnection(current: ReceiverSnapshot, { state, why }: PlayState): ReceiverSnapshot {
  if (current.phase === "joining") return { ...current, state: why === "" ? state : `${state}: ${why}` };
  if (current.phase !== "measuring") return current;
  if (state === "ended") return { ...current, connection: { state, why, failure: null } };
  return { ...current, connection: { state: shownStates[state], why } };
}

/** The state once a stream has come to its end: what was measured stands; where nothing was, it is idle or has failed. */
export function withEnd(
  current: ReceiverSnapshot,
  session: Session | null,
  failure: Failure | null,
): ReceiverSnapshot {
  // Frames may be on display that the page has not been drawn with yet: they are measured.
  const seen = withMeasures(current, session);
  const { setup } = seen;
  if (seen.phase !== "measuring")
    return failure === null ? { phase: "idle", setup } : { phase: "failed", setup, failure };
  const told = seen.connection.state === "ended" ? seen.connection.why : "it has ended";
  const why = failure === null ? told : failureTitle(failure);
  return { ...seen, connection: { state: "ended", why, failure } };
}

const shownStates = {
  waiting: "lost",
  connecting: "reconnecting",
  connected: "connected",
  lost: "lost",
} as const satisfies Record<Exclude<PlayState["state"], "ended">, string>;

/** The state with measures of now: a first displayed frame turns joining into measuring; a paused view stays as it is. */
export function withMeasures(
  current: ReceiverSnapshot,
  session: Session | null,
  pausing: "frozen while paused" | "even while paused" = "frozen while paused",
): ReceiverSnapshot {
  if (session === null || (current.phase !== "joining" && current.phase !== "measuring")) return current;
  if (current.phase === "measuring")
    return current.paused && pausing === "frozen while paused"
      ? current
      : { ...current, measures: session.snapshot(), quality: session.quality() };
  const measures = session.snapshot();
  if (measures.reading.displayedCount === 0) return current;
  const connection = { state: "connected", why: "" } as const;
  return {
    phase: "measuring",
    setup: current.setup,
    connection,
    paused: false,
    measures,
    quality: session.quality(),
  };
}

/** The state with its view frozen, or running again with measures of now. */
export function withPauseToggled(state: ReceiverSnapshot, session: Session | null): ReceiverSnapshot {
  // Frames may be on display that the page has not been drawn with yet: a key pressed on seeing them counts.
  const current = withMeasures(state, session);
  if (current.phase !== "measuring") return current;
  return withMeasures({ ...current, paused: !current.paused }, session);
}
