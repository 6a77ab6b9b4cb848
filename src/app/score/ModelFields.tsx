import type { ReactNode } from "react";

import { ModelField } from "../parts/ModelField.tsx";
import { CheckField } from "../parts/TextField.tsx";
import type { ScoreSetup } from "./score-state.ts";
import type { Scoring } from "./score-store.ts";

import parts from "../parts/parts.module.css";

/** Which map makes VMAF out of the features, and whether MS-SSIM is measured as well. */
export function ModelFields(props: {
  readonly scoring: Scoring;
  readonly setup: ScoreSetup;
  readonly isBusy: boolean;
}): ReactNode {
  const { scoring, setup, isBusy } = props;
  return (
    <details className={parts["more"]}>
      <summary>Model and MS-SSIM</summary>
      <ModelField isBusy={isBusy} model={setup.model} onChange={(model) => scoring.configure({ model })} />
      <CheckField
        checked={setup.withMsSsim}
        disabled={isBusy}
        label="Measure MS-SSIM as well"
        onChange={(withMsSsim) => scoring.configure({ withMsSsim })}
      />
    </details>
  );
}
