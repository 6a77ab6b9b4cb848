import type { ReactNode } from "react";
import { useStore } from "zustand";

import { Card } from "../parts/Card.tsx";
import { Readouts } from "../parts/Readouts.tsx";
import { toQualityRows } from "./quality-view.ts";
import type { Receiver } from "./receiver-store.ts";
import { WholeField } from "./RecordCard.tsx";
import { useShown } from "./use-measures.ts";

import parts from "../parts/parts.module.css";
import styles from "./record.module.css";

/** What the panel is called. */
export const qualityTitle: string = "Quality, live";

/** Live quality in figures, and how much of a core it may take. */
export function QualityPanel(props: {
  readonly receiver: Receiver;
  readonly scoringPct: number;
  readonly configure: Receiver["configure"];
}): ReactNode {
  const quality = useStore(useShown(props.receiver, "panels"), (state) =>
    state.phase === "measuring" ? state.quality : null,
  );
  if (quality === null) return null;
  return (
    <Card flush title={qualityTitle}>
      <Readouts rows={toQualityRows(quality)} />
      <div className={styles["room"]}>
        {quality.state === "scoring" && <p className={parts["hint"]}>Scores by {quality.quality.map}.</p>}
        <WholeField
          change={(scoringPct) => props.configure({ scoringPct })}
          greatest={100}
          label="May take of one core, %"
          least={0}
          value={props.scoringPct}
        />
      </div>
    </Card>
  );
}
