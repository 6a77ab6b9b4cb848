import type { ReactNode } from "react";

import { Card } from "../parts/Card.tsx";
import { WarnNotice } from "../parts/Notice.tsx";
import { Readouts } from "../parts/Readouts.tsx";
import type { Receiver } from "./receiver-store.ts";
import { useMeasures } from "./use-measures.ts";
import { toPanels, toRatePanel, toReadingWarning } from "./view.ts";

import styles from "./receiver.module.css";

/** Frame rates, beside the latency. */
export function RatePanel({ receiver }: { readonly receiver: Receiver }): ReactNode {
  const measures = useMeasures(receiver);
  if (measures === null) return null;
  const { title, rows } = toRatePanel(measures);
  return (
    <Card flush title={title}>
      <Readouts rows={rows} />
    </Card>
  );
}

/** All further figures; `children` are panels that come first. */
export function Panels({
  receiver,
  children,
}: {
  readonly receiver: Receiver;
  readonly children?: ReactNode;
}): ReactNode {
  const measures = useMeasures(receiver);
  if (measures === null) return null;
  return (
    <div className={styles["panels"]}>
      {children}
      {toPanels(measures).map((panel) => (
        <Card flush key={panel.title} title={panel.title}>
          <Readouts rows={panel.rows} />
        </Card>
      ))}
    </div>
  );
}

/** Says so when the instrument itself is unwell: too many frames that could not be read, and why. */
export function ReadingWarning({ receiver }: { readonly receiver: Receiver }): ReactNode {
  const measures = useMeasures(receiver);
  const warning = measures === null ? null : toReadingWarning(measures);
  return warning === null ? null : <WarnNotice>{warning}</WarnNotice>;
}
