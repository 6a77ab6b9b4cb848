import type { ReactNode } from "react";

import type { Snapshot } from "../../core/timeline/snapshot.ts";
import { Card } from "../parts/Card.tsx";
import { toElapsed } from "../parts/format.ts";
import { Readouts } from "../parts/Readouts.tsx";
import { toHeadline, toLatencyRows } from "./view.ts";

import parts from "../parts/parts.module.css";
import styles from "./receiver.module.css";

/** Latency now, large, and how it is spread. */
export function LatencyCard(props: { readonly measures: Snapshot; readonly isPaused: boolean }): ReactNode {
  const headline = toHeadline(props.measures);
  return (
    <Card
      aside={
        <span className={parts["hint"]}>
          {props.isPaused ? "view paused · " : ""}
          {toElapsed(props.measures.elapsedMs)} measured
        </span>
      }
      flush
      title="Latency"
    >
      <div className={`${styles["headline"]} ${props.isPaused ? styles["dim"] : ""}`}>
        {headline.known ? (
          <>
            <div className={styles["now"]}>
              {headline.value}
              <span className={styles["nowUnit"]}>{headline.unit}</span>
            </div>
            <div className={styles["nowBound"]}>
              {headline.bound === null ? "exact" : `± ${headline.bound} ms`}
            </div>
          </>
        ) : (
          <p className={styles["nowMissing"]}>— {headline.why}</p>
        )}
      </div>
      <Readouts rows={toLatencyRows(props.measures)} />
    </Card>
  );
}
