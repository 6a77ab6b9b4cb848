import { useState, type ReactNode } from "react";

import { Button } from "../parts/Button.tsx";
import { DropField } from "../parts/DropField.tsx";
import { CheckField, TextField } from "../parts/TextField.tsx";
import { complaintOf, modelAt } from "./model-address.ts";
import type { ScoreSetup } from "./score-state.ts";
import type { Scoring } from "./score-store.ts";

import styles from "./score.module.css";

/** The address that was typed, and what came of it. */
type Typed = {
  readonly address: string;
  readonly isFetching: boolean;
  readonly complaint: string | null;
};

const nothing: Typed = { address: "", isFetching: false, complaint: null };

/** Which map makes VMAF out of the features, and whether MS-SSIM is measured as well. */
export function ModelFields(props: {
  readonly scoring: Scoring;
  readonly setup: ScoreSetup;
  readonly isBusy: boolean;
}): ReactNode {
  const { scoring, setup, isBusy } = props;
  const [typed, setTyped] = useState(nothing);
  const choose = (file: File | null) => {
    setTyped(nothing);
    void scoring.chooseModel(file);
  };
  const fetchIt = async (address: string) => {
    setTyped({ ...nothing, address, isFetching: address !== "" });
    if (address === "") return;
    const model = await modelAt(address);
    setTyped({ address, isFetching: false, complaint: model.ok ? null : complaintOf(model.failure) });
    if (model.ok) scoring.configure({ model: model.value });
  };
  return (
    <details className={styles["more"]}>
      <summary>Model and MS-SSIM</summary>
      <DropField
        accept=".json,application/json"
        disabled={isBusy}
        file={null}
        hint={
          setup.model?.name ??
          "Built in: closed-form fit of VMAF v0.6.1. Drop vmaf_v0.6.1.json for the model itself"
        }
        label="VMAF model"
        onChange={choose}
      />
      <TextField
        complaint={typed.complaint}
        disabled={isBusy || typed.isFetching}
        hint={typed.isFetching ? "Fetching the model" : undefined}
        kind="line"
        label="Or the address of a model file"
        onChange={(address) => void fetchIt(address)}
        placeholder="https://…/vmaf_v0.6.1.json"
        value={typed.address}
      />
      {setup.model !== null && (
        <Button disabled={isBusy} onPress={() => choose(null)}>
          Use the built-in map
        </Button>
      )}
      <CheckField
        checked={setup.withMsSsim}
        disabled={isBusy}
        label="Measure MS-SSIM as well"
        onChange={(withMsSsim) => scoring.configure({ withMsSsim })}
      />
    </details>
  );
}
