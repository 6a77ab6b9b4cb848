import { useState, type ReactNode } from "react";
import { useStore } from "zustand";

import type { ClipFacts } from "../../core/clip/clip.ts";
import type { Failure } from "../../core/failure.ts";
import { Card } from "../parts/Card.tsx";
import { DropField } from "../parts/DropField.tsx";
import { NumberField } from "../parts/Field.tsx";
import { toBytes } from "../parts/format.ts";
import { FailureNotice } from "../parts/Notice.tsx";
import { Readouts } from "../parts/Readouts.tsx";
import { toQualityRows } from "./quality-view.ts";
import type { Receiver } from "./receiver-store.ts";
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
      {quality.state === "none" && quality.wants !== undefined && (
        <WantedFile receiver={props.receiver} wanted={quality.wants} />
      )}
      <Readouts rows={toQualityRows(quality)} />
      <div className={styles["room"]}>
        {quality.state === "scoring" && <p className={parts["hint"]}>Scores by {quality.quality.map}.</p>}
        <NumberField
          label="May take of one core, %"
          max={100}
          min={0}
          onChange={(scoringPct) => props.configure({ scoringPct })}
          value={props.scoringPct}
        />
      </div>
    </Card>
  );
}

type Given =
  | { readonly state: "none" }
  | { readonly state: "checking"; readonly file: File }
  | { readonly state: "refused"; readonly failure: Failure };

/** Asks for the file that the sender sends: it stays in this browser. */
function WantedFile(props: { readonly receiver: Receiver; readonly wanted: ClipFacts }): ReactNode {
  const { receiver, wanted } = props;
  const [given, setGiven] = useState<Given>({ state: "none" });
  const give = async (file: File) => {
    setGiven({ state: "checking", file });
    const taken = await receiver.session()?.giveFile(file);
    setGiven(
      taken === undefined || taken.ok ? { state: "none" } : { state: "refused", failure: taken.failure },
    );
  };
  return (
    <div className={styles["head"]}>
      {given.state === "refused" && <FailureNotice failure={given.failure} />}
      <p className={parts["hint"]}>
        This stream is of the file {wanted.name} ({toBytes(wanted.sizeBytes)}, SHA-256{" "}
        {wanted.sha256.slice(0, 12)}
        …). Give the same file to score it; it stays in this browser.
      </p>
      <DropField
        accept="video/*,.mkv,.ts,.m4v"
        disabled={given.state === "checking"}
        file={given.state === "checking" ? given.file : null}
        hint="Drop it here, or click to choose"
        label={
          given.state === "checking" ? "Reading the file for its hash" : "The file that the sender sends"
        }
        onChange={(file) => void give(file)}
      />
    </div>
  );
}
