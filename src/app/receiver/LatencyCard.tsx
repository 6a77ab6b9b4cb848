import type { ReactNode } from "react";
import { useStore } from "zustand";

import { Card } from "../parts/Card.tsx";
import { toElapsed } from "../parts/format.ts";
import { Readouts } from "../parts/Readouts.tsx";
import type { Receiver } from "./receiver-store.ts";
import { useMeasures } from "./use-measures.ts";
import { toHeadline, toLatencyRows } from "./view.ts";

import parts from "../parts/parts.module.css";
import styles from "./receiver.module.css";

/** Latency now, large, and how it is spread. */
export function LatencyCard({ receiver }: { readonly receiver: Receiver }): ReactNode {
  const measures = useMeasures(receiver);
  const isPaused = useStore(receiver.store, (state) => state.phase === "measuring" && state.paused);
  if (measures === null) return null;
  const headline = toHeadline(measures);
  return (
    <Card
      aside={
        <span className={parts["hint"]}>
          {isPaused ? "view paused · " : ""}
          {toElapsed(measures.elapsedMs)} measured
        </span>
      }
      flush
      title="Latency"
    >
      <div className={`${styles["headline"]} ${isPaused ? styles["dim"] : ""}`}>
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
          <p className={styles["nowMissing"]}>— {receiver.session()?.clockWords() ?? headline.why}</p>
        )}
      </div>
      <Readouts rows={toLatencyRows(measures)} />
    </Card>
  );
}
