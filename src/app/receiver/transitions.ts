import type { ReceiverSnapshot } from "../../core/wire/automation.ts";
import type { PlayState } from "../../media/play/way.ts";
import type { Session } from "./session-face.ts";

/** The connection's words in the state: while joining as they are, while measuring as connected, lost, reconnecting or ended. */
export function withConnection(current: ReceiverSnapshot, { state, why }: PlayState): ReceiverSnapshot {
  if (current.phase === "joining") return { ...current, state: why === "" ? state : `${state}: ${why}` };
  if (current.phase !== "measuring") return current;
  return { ...current, connection: { state: shownStates[state], why } };
}

const shownStates = {
  waiting: "lost",
  connecting: "reconnecting",
  connected: "connected",
  lost: "lost",
  ended: "ended",
} as const satisfies Record<PlayState["state"], string>;

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
