import { memo, useState, type ReactNode } from "react";
import { useStore } from "zustand";

import type { StreamEvent } from "../../core/timeline/event.ts";
import { Button } from "../parts/Button.tsx";
import { toTimeOfDay } from "../parts/format.ts";
import { eventWords } from "./events.ts";
import type { TrendFeed } from "./trend-feed.ts";

import parts from "../parts/parts.module.css";
import styles from "./receiver.module.css";

/** Events listed at first; all are in `streamgauge.events()`. */
const briefCount = 8;
const longCount = 100;
const none: readonly StreamEvent[] = [];

/** The latest events in words, newest first. */
export function EventList({ feed }: { readonly feed: TrendFeed }): ReactNode {
  const events = useStore(feed, (trends) => trends?.events ?? none);
  const [isLong, setLong] = useState(false);
  if (events.length === 0)
    return <p className={`${parts["cardBody"]} ${parts["hint"]}`}>Nothing has happened yet.</p>;
  const latest = events.slice(isLong ? -longCount : -briefCount).toReversed();
  return (
    <>
      <ol aria-label="Events, newest first" className={styles["events"]}>
        {latest.map((event, index) => (
          <EventLine event={event} key={`${event.atUs} ${event.kind} ${events.length - index}`} />
        ))}
      </ol>
      {events.length > briefCount && (
        <div className={parts["cardBody"]}>
          <Button onPress={() => setLong(!isLong)} pressed={isLong}>
            {isLong ? "Latest only" : `More of ${events.length}`}
          </Button>
        </div>
      )}
    </>
  );
}

const EventLine = memo(function EventLine({ event }: { readonly event: StreamEvent }): ReactNode {
  return (
    <li>
      <span className={styles["eventTime"]}>{toTimeOfDay(event.atUs)}</span>
      <span>{eventWords(event)}</span>
    </li>
  );
});
