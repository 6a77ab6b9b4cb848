import { useCallback, useMemo, useRef, type ReactNode } from "react";
import { usePlotArea } from "recharts";
import { useStore, type StoreApi } from "zustand";

import { ChartCursor } from "../parts/ChartCursor.tsx";
import { strokeOf } from "../parts/stream-color.ts";
import { useWidth } from "../parts/use-width.ts";
import { ChartFrame } from "./ChartFrame.tsx";
import { differenceSamples } from "./cursor-samples.ts";
import { differencesOf, spreadOf, type Difference } from "./difference-view.ts";
import type { LineupEntry } from "./lineup-entry.ts";
import { labelOf } from "./lineup-setup.ts";
import type { Lineup, LineupState } from "./lineup.ts";
import { axisOf, roundRange, scaleOf, stepsPath, type AxisRange } from "./plot.ts";
import { useDrawn } from "./use-drawn.ts";

import styles from "./receiver.module.css";

const heightPx = 220;
/** After the chart beside it. */
const drawDelayMs = 550;

/** How the differences from the control are spread: share of frames by latency minus the control's, for each stream. */
export function DifferenceChart(props: {
  readonly lineup: Lineup;
  readonly state: LineupState;
  readonly isPaused: boolean;
}): ReactNode {
  const box = useRef<HTMLDivElement>(null);
  const widthPx = useWidth(box);
  const { lineup, state, isPaused } = props;
  const { entries } = state;
  const read = useCallback(() => differencesOf(entries, lineup.comparison), [entries, lineup]);
  const drawn = useDrawn(read, isPaused, drawDelayMs);
  return (
    <div ref={box}>
      {widthPx === 0 ? (
        <div className={styles["chartEmpty"]} />
      ) : (
        <Spread drawn={drawn} entries={entries} widthPx={widthPx} />
      )}
    </div>
  );
}

type Drawn = StoreApi<readonly Difference[]>;

function Spread(props: {
  readonly drawn: Drawn;
  readonly entries: readonly LineupEntry[];
  readonly widthPx: number;
}): ReactNode {
  const { drawn, entries, widthPx } = props;
  const isEmpty = useStore(drawn, (differences) => differences.length === 0);
  // Rounded where they are read, so that the axes move only when they must.
  const low = useStore(drawn, (differences) => axesOf(differences).x.low);
  const high = useStore(drawn, (differences) => axesOf(differences).x.high);
  const tallest = useStore(drawn, (differences) => axesOf(differences).y.high);
  const x = useMemo(() => axisOf(low, high), [low, high]);
  const y = useMemo(() => axisOf(0, tallest), [tallest]);
  const steps = useMemo(() => <Steps drawn={drawn} entries={entries} x={x} y={y} />, [drawn, entries, x, y]);
  return (
    <figure
      aria-label="Latency minus the control's, frame by frame"
      className={styles["chart"]}
      data-chart="Differences"
    >
      <figcaption className={styles["legend"]}>
        <span>% of frames by latency minus the control's, ms; no clock enters</span>
      </figcaption>
      <ChartFrame
        heightPx={heightPx}
        note={isEmpty ? "No frame has been displayed by the control and another stream yet." : null}
        widthPx={widthPx}
        x={x}
        xWords={String}
        y={y}
      >
        {steps}
      </ChartFrame>
    </figure>
  );
}

function axesOf(differences: readonly Difference[]): { readonly x: AxisRange; readonly y: AxisRange } {
  const { lowMs, highMs, tallestPct } = spreadOf(differences) ?? { lowMs: 0, highMs: 1, tallestPct: 1 };
  return { x: roundRange(lowMs, highMs), y: roundRange(0, tallestPct) };
}

function Steps(props: {
  readonly drawn: Drawn;
  readonly entries: readonly LineupEntry[];
  readonly x: AxisRange;
  readonly y: AxisRange;
}): ReactNode {
  const differences = useStore(props.drawn);
  const area = usePlotArea();
  if (area === undefined) return null;
  const scale = scaleOf(area, props.x.low, props.x.high, props.y);
  return (
    <g>
      {differences.map(({ id, bins }) => (
        <path
          d={stepsPath(bins, scale)}
          fill={strokeOf(id)}
          fillOpacity={0.25}
          key={id}
          stroke={strokeOf(id)}
          strokeWidth={1.5}
        />
      ))}
      <ChartCursor
        area={area}
        label="Latency minus the control's"
        samples={() => differenceSamples(differences, scale, (id) => labelIn(props.entries, id))}
      />
    </g>
  );
}

function labelIn(entries: readonly LineupEntry[], id: number): string {
  const entry = entries.find((each) => each.id === id);
  return entry === undefined ? "" : labelOf(entry.receiver.store.getState().setup);
}
