import type { ReactNode } from "react";

import type { Tone } from "./Readouts.tsx";

import styles from "./parts.module.css";

const dots = { plain: "", good: "dotGood", warn: "dotWarn", bad: "dotBad" } as const satisfies Record<
  Tone,
  string
>;

/** A state in words with a coloured dot; announced politely when it changes. */
export function StatePill(props: {
  readonly tone: Tone;
  readonly state: string;
  readonly why?: string;
}): ReactNode {
  return (
    <output className={styles["pill"]}>
      <span aria-hidden="true" className={`${styles["dot"]} ${styles[dots[props.tone]] ?? ""}`} />
      <span>
        {props.state}
        {props.why !== undefined && props.why !== "" && (
          <span className={styles["hint"]}> · {props.why}</span>
        )}
      </span>
    </output>
  );
}
