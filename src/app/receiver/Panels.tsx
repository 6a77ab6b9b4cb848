import { useRef, type ReactNode } from "react";
import { useStore } from "zustand";
import { useShallow } from "zustand/react/shallow";

import type { Snapshot } from "../../core/timeline/snapshot.ts";
import type { ReceiverSnapshot } from "../../core/wire/automation.ts";
import { Card } from "../parts/Card.tsx";
import { WarnNotice } from "../parts/Notice.tsx";
import { Readouts } from "../parts/Readouts.tsx";
import { useWidth } from "../parts/use-width.ts";
import { columnCountOf, toColumns } from "./columns.ts";
import { toDeliveryPanels } from "./delivery-view.ts";
import { toQualityRows } from "./quality-view.ts";
import { QualityPanel, qualityTitle } from "./QualityPanel.tsx";
import type { Receiver } from "./receiver-store.ts";
import { useMeasures, useShown, type ShownPart } from "./use-measures.ts";
import { toPanels, toRatePanel, toReadingWarning, type Panel } from "./view.ts";

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
 * figure changes. Which panels there are and how tall they are changes seldom; each listens for its figures by itself.
 */
function PanelColumns(props: PanelsProps & { readonly columnCount: number }): ReactNode {
  const { receiver, columnCount } = props;
  const places = useStore(
    useShown(receiver, "panels"),
    useShallow((state) => placesOf(receiver, state)),
  );
  const columns = toColumns(places.map(toPlace), ({ lines }) => lines, columnCount);
  return columns.map((column) => (
    <div className={styles["column"]} key={column[0]?.title}>
      {column.map(({ title, index }) =>
        title === qualityTitle ? (
          <QualityPanel {...props} key={title} />
        ) : (
          <FigurePanel
            key={title}
            part={index % 2 === 0 ? "panels" : "morePanels"}
            {...{ receiver, title }}
          />
        ),
      )}
    </div>
  ));
}

/** One panel of figures: every other in one frame, the rest in a later one. */
function FigurePanel(props: {
  readonly receiver: Receiver;
  readonly title: string;
  readonly part: ShownPart;
}): ReactNode {
  const { receiver, title, part } = props;
  const measures = useMeasures(receiver, part);
  const panel =
    measures === null ? undefined : panelsOf(receiver, measures).find((one) => one.title === title);
  if (panel === undefined) return null;
  return (
    <Card flush title={title}>
      <Readouts rows={panel.rows} />
    </Card>
  );
}

/** Every panel but that of live quality, in reading order. */
function panelsOf(receiver: Receiver, measures: Snapshot): readonly Panel[] {
  const delivery = receiver.session()?.delivery() ?? null;
  return [...(delivery === null ? [] : toDeliveryPanels(delivery)), ...toPanels(measures)];
}

/** Which panels there are, each as its height in rows of figures and its title: words, so that lists of them compare. */
function placesOf(receiver: Receiver, state: ReceiverSnapshot): readonly string[] {
  if (state.phase !== "measuring") return [];
  const headLines = 2;
  const fieldLines = 3;
  const isFileWanted = state.quality.state === "none" && state.quality.wants !== undefined;
  const moreLines = fieldLines * (isFileWanted ? 3 : 1);
  const quality = `${headLines + toQualityRows(state.quality).length + moreLines} ${qualityTitle}`;
  const others = panelsOf(receiver, state.measures);
  return [quality, ...others.map(({ title, rows }) => `${headLines + rows.length} ${title}`)];
}

type Place = { readonly title: string; readonly lines: number; readonly index: number };

function toPlace(words: string, index: number): Place {
  const [lines = "", ...title] = words.split(" ");
  return { title: title.join(" "), lines: Number(lines), index };
}

/** Says so when the instrument itself is unwell: too many frames that could not be read, and why. */
export function ReadingWarning({ receiver }: { readonly receiver: Receiver }): ReactNode {
  const warning = useStore(receiver.store, (state) =>
    state.phase === "measuring" ? toReadingWarning(state.measures, state.setup.read) : null,
  );
  return warning === null ? null : <WarnNotice>{warning}</WarnNotice>;
}
