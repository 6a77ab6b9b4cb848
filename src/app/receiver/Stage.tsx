import type { ReactNode, RefObject } from "react";

import parts from "../parts/parts.module.css";
import styles from "./receiver.module.css";

/** The stream as it is displayed; words stand over it while there is nothing, or nothing new, to see. */
export function Stage({
  stageRef,
  videoRef,
  words,
}: {
  readonly videoRef: RefObject<HTMLVideoElement | null>;
  readonly stageRef: RefObject<HTMLDivElement | null>;
  readonly words: string | null;
}): ReactNode {
  return (
    <div className={`${parts["stage"]} ${styles["fullscreen"]}`} ref={stageRef}>
      <video aria-label="The stream as received" autoPlay muted playsInline ref={videoRef} />
      {words !== null && <p className={parts["stageWords"]}>{words}</p>}
    </div>
  );
}
