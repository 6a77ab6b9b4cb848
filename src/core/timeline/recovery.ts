import type { ReceiverUs } from "../clock/instants.ts";
import type { StreamEvent } from "./event.ts";

/** A stretch in which a stream was in trouble, or its connection was away. */
export type Recovery = {
  readonly durationMs: number;
  /** It ended; false: it went on when it was last looked, so it took this long at least. */
  readonly isOver: boolean;
};

/** Whether a trouble or a lost connection that began with this event was told to be over. */
function isOverIn(events: readonly StreamEvent[], begun: StreamEvent): boolean {
  return events.some(
    (event) =>
      event.atUs === begun.atUs &&
      (begun.kind === "trouble"
        ? event.kind === "trouble" && event.trouble === begun.trouble && event.durationMs !== null
        : event.kind === "reconnect"),
  );
}

/** What a stream had to recover from, whether it did or not. @param untilUs when it was last looked */
export function recoveriesOf(events: readonly StreamEvent[], untilUs: ReceiverUs): readonly Recovery[] {
  return events.flatMap((event): readonly Recovery[] => {
    if (event.kind === "reconnect") return [{ durationMs: event.durationMs, isOver: true }];
    if (event.kind === "trouble" && event.durationMs !== null)
      return [{ durationMs: event.durationMs, isOver: true }];
    if (event.kind !== "trouble" && event.kind !== "connection") return [];
    if (isOverIn(events, event)) return [];
    return [{ durationMs: Math.max(0, untilUs - event.atUs) / 1000, isOver: false }];
  });
}
