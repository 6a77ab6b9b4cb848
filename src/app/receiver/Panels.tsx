import { useRef, type ReactNode } from "react";
import { useStore } from "zustand";

import { Card } from "../parts/Card.tsx";
import { WarnNotice } from "../parts/Notice.tsx";
import { Readouts, type Row } from "../parts/Readouts.tsx";
import { columnCountOf, toColumns } from "./columns.ts";
import { toDeliveryPanels } from "./delivery-view.ts";
import { toQualityRows } from "./quality-view.ts";
import { QualityPanel } from "./QualityPanel.tsx";
import type { Receiver } from "./receiver-store.ts";
import { useMeasures, useShown } from "./use-measures.ts";
import { useWidth } from "./use-trends.ts";
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

/** All further figures, in columns as the width allows. */
export function Panels(props: PanelsProps): ReactNode {
  const box = useRef<HTMLDivElement>(null);
  const widthPx = useWidth(box);
  return (
    <div className={styles["panels"]} ref={box}>
      {widthPx > 0 && <PanelColumns {...props} columnCount={columnCountOf(widthPx)} />}
    </div>
  );
}

type PanelsProps = {
  readonly receiver: Receiver;
  readonly scoringPct: number;
  readonly configure: Receiver["configure"];
};

/**
 * The columns are elements, not CSS columns: a browser balances those by laying all of them out several times whenever one
 * figure changes.
 */
function PanelColumns(props: PanelsProps & { readonly columnCount: number }): ReactNode {
  const { receiver, columnCount } = props;
  const measures = useMeasures(receiver, "panels");
  const quality = useStore(useShown(receiver, "panels"), (state) =>
    state.phase === "measuring" ? state.quality : null,
  );
  if (measures === null) return null;
  const delivery = receiver.session()?.delivery() ?? null;
  const panels: readonly PlacedPanel[] = [
    ...(quality === null ? [] : [{ title: null, rows: toQualityRows(quality) }]),
    ...(delivery === null ? [] : toDeliveryPanels(delivery)),
    ...toPanels(measures),
  ];
  return toColumns(panels, linesOf, columnCount).map((column) => (
    <div className={styles["column"]} key={column[0]?.title ?? "quality"}>
      {column.map(({ title, rows }) =>
        title === null ? (
          <QualityPanel {...props} key="quality" />
        ) : (
          <Card flush key={title} title={title}>
            <Readouts rows={rows} />
          </Card>
        ),
      )}
    </div>
  ));
}

/** A panel of figures, or the one of live quality, which has no title here: it draws itself. */
type PlacedPanel = { readonly title: string | null; readonly rows: readonly Row[] };

/** How tall a panel is about, in rows of figures. */
function linesOf({ title, rows }: PlacedPanel): number {
  const headLines = 2;
  const fieldLines = title === null ? 3 : 0;
  return headLines + rows.length + fieldLines;
}

/** Says so when the instrument itself is unwell: too many frames that could not be read, and why. */
export function ReadingWarning({ receiver }: { readonly receiver: Receiver }): ReactNode {
  const measures = useMeasures(receiver);
  const warning = measures === null ? null : toReadingWarning(measures);
  return warning === null ? null : <WarnNotice>{warning}</WarnNotice>;
}
