import { useLayoutEffect, useRef, type ReactNode, type RefObject } from "react";

import parts from "../parts/parts.module.css";
import styles from "./receiver.module.css";

/** The stream as it is displayed; words stand over it while there is nothing, or nothing new, to see. */
export function Stage({
  stageRef,
  video,
  words,
}: {
  /** Put here as it is: it goes on playing wherever the page puts it next. */
  readonly video: HTMLVideoElement;
  readonly stageRef?: RefObject<HTMLDivElement | null>;
  readonly words: string | null;
}): ReactNode {
  const place = useRef<HTMLDivElement>(null);
  // Before the browser looks again: it pauses what has left the page.
  useLayoutEffect(() => place.current?.replaceChildren(video), [video]);
  return (
    <div className={parts["stage"]} ref={stageRef}>
      <div className={styles["video"]} ref={place} />
      {words !== null && <p className={parts["stageWords"]}>{words}</p>}
    </div>
  );
}
