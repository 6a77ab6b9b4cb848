import { lazy, Suspense, type ReactNode } from "react";

import { WarnNotice } from "../parts/Notice.tsx";
import { untilLoaded } from "../parts/until-loaded.ts";
import { type Doing } from "./doing.ts";
import type { ModelChoice } from "./model-choice.ts";
import { Panels } from "./Panels.tsx";
import type { Receiver } from "./receiver-store.ts";
import { useMeasures } from "./use-measures.ts";
import { toMarkerless } from "./view.ts";

import parts from "../parts/parts.module.css";

const ChartsSection = lazy(async () => ({
  default: (await untilLoaded(() => import("./ChartsSection.tsx"))).ChartsSection,
}));

/** Everything measured of one stream beside the large figures. */
export function StreamDetails(props: {
  readonly receiver: Receiver;
  readonly doing: Doing;
  readonly configure: Receiver["configure"];
  readonly modelChoice: ModelChoice;
}): ReactNode {
  const { receiver, doing, configure, modelChoice } = props;
  return (
    <>
      <MarkerlessNotice receiver={receiver} />
      <Suspense fallback={<p className={parts["hint"]}>Loading the charts…</p>}>
        <ChartsSection
          configure={configure}
          isPaused={doing.isPaused}
          receiver={receiver}
          windowMin={doing.setup.windowMin}
        />
      </Suspense>
      <Panels {...{ receiver, configure, modelChoice }} scoringPct={doing.setup.scoringPct} />
    </>
  );
}

/** Says what can be known without a marker, and what one would add. */
function MarkerlessNotice({ receiver }: { readonly receiver: Receiver }): ReactNode {
  const measures = useMeasures(receiver);
  const words = measures === null ? null : toMarkerless(measures);
  return words === null ? null : <WarnNotice>{words}</WarnNotice>;
}
