import { lazy, Suspense, type ReactNode } from "react";

import { Card } from "../parts/Card.tsx";
import { WarnNotice } from "../parts/Notice.tsx";
import { Readouts } from "../parts/Readouts.tsx";
import { untilLoaded } from "../parts/until-loaded.ts";
import { toDeliveryPanels } from "./delivery-view.ts";
import { type Doing } from "./doing.ts";
import { Panels } from "./Panels.tsx";
import { QualityPanel } from "./QualityPanel.tsx";
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
}): ReactNode {
  const { receiver, doing, configure } = props;
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
      <Panels receiver={receiver}>
        <QualityPanel configure={configure} receiver={receiver} scoringPct={doing.setup.scoringPct} />
        <DeliveryPanels receiver={receiver} />
      </Panels>
    </>
  );
}

/** What playlist and requests tell; read as often as the measures are. */
function DeliveryPanels({ receiver }: { readonly receiver: Receiver }): ReactNode {
  const measures = useMeasures(receiver);
  const delivery = measures === null ? null : (receiver.session()?.delivery() ?? null);
  if (delivery === null) return null;
  return toDeliveryPanels(delivery).map((panel) => (
    <Card flush key={panel.title} title={panel.title}>
      <Readouts rows={panel.rows} />
    </Card>
  ));
}

/** Says what can be known without a marker, and what one would add. */
function MarkerlessNotice({ receiver }: { readonly receiver: Receiver }): ReactNode {
  const measures = useMeasures(receiver);
  const words = measures === null ? null : toMarkerless(measures);
  return words === null ? null : <WarnNotice>{words}</WarnNotice>;
}
