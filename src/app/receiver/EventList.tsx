import type { ReactNode } from "react";

import type { StreamEvent } from "../../core/timeline/event.ts";
import { toTimeOfDay } from "../parts/format.ts";
import { eventWords } from "./events.ts";

import parts from "../parts/parts.module.css";
import styles from "./receiver.module.css";

/** Events listed at most; all are in `streamgauge.events()`. */
const shownCount = 50;

/** The latest events in words, newest first. */
export function EventList({ events }: { readonly events: readonly StreamEvent[] }): ReactNode {
  if (events.length === 0)
    return <p className={`${parts["cardBody"]} ${parts["hint"]}`}>Nothing has happened yet.</p>;
  const latest = events.slice(-shownCount).toReversed();
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a scrolling region needs focus to be scrolled by keys (WCAG 2.1.1)
    <ol aria-label="Events, newest first" className={styles["events"]} tabIndex={0}>
      {latest.map((event, index) => (
        <li key={`${event.atUs} ${event.kind} ${events.length - index}`}>
          <span className={styles["eventTime"]}>{toTimeOfDay(event.atUs)}</span>
          <span>{event.kind}</span>
          <span>{eventWords(event)}</span>
        </li>
      ))}
    </ol>
  );
}
