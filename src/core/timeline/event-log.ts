import type { StreamEvent } from "./event.ts";

/** The latest events of one stream. */
export type EventLog = {
  readonly add: (events: readonly StreamEvent[]) => void;
  /** Oldest first; the same array until an event is added. */
  readonly read: () => readonly StreamEvent[];
  /** Events that no longer fitted. */
  readonly droppedCount: () => number;
  readonly clear: () => void;
};

/** Events held. */
export const maxEventCount = 5000;

/** Makes an empty log of the last 5000 events. */
export function createEventLog(): EventLog {
  let events: StreamEvent[] = [];
  let droppedCount = 0;
  let view: readonly StreamEvent[] | null = null;
  return {
    add: (added) => {
      if (added.length === 0) return;
      events.push(...added);
      view = null;
      const excessCount = events.length - maxEventCount;
      if (excessCount <= 0) return;
      events.splice(0, excessCount);
      droppedCount += excessCount;
    },
    read: () => {
      view ??= Object.freeze([...events]);
      return view;
    },
    droppedCount: () => droppedCount,
    clear: () => {
      events = [];
      droppedCount = 0;
      view = null;
    },
  };
}
