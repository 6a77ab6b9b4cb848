import { useEffect, useMemo, useRef, useState, type ReactNode } from "react";
import { usePlotArea } from "recharts";

import { ChartFrame } from "./ChartFrame.tsx";
import { differencesOf, spreadOf, type Difference } from "./difference-view.ts";
import type { Lineup, LineupState } from "./lineup.ts";
import { roundRange, scaleOf, stepsPath, type AxisRange } from "./plot.ts";
import { strokeOf } from "./stream-color.ts";
import { drawIntervalMs } from "./trend-feed.ts";
import { useWidth } from "./use-trends.ts";

import styles from "./receiver.module.css";

const heightPx = 220;

/** How the differences from the control are spread: share of frames by latency minus the control's, for each stream. */
export function DifferenceChart(props: {
  readonly lineup: Lineup;
  readonly state: LineupState;
  readonly isPaused: boolean;
}): ReactNode {
  const box = useRef<HTMLDivElement>(null);
  const widthPx = useWidth(box);
  const differences = useDifferences(props.lineup, props.state, props.isPaused);
  const spread = spreadOf(differences);
  return (
    <div ref={box}>
      {spread === null || widthPx === 0 ? (
        <div className={styles["chartEmpty"]}>
          no frame has been displayed by the control and another stream yet
        </div>
      ) : (
        <Spread differences={differences} spread={spread} widthPx={widthPx} />
      )}
    </div>
  );
}

function Spread(props: {
  readonly differences: readonly Difference[];
  readonly spread: { readonly lowMs: number; readonly highMs: number; readonly tallestPct: number };
  readonly widthPx: number;
}): ReactNode {
  const { lowMs, highMs, tallestPct } = props.spread;
  const x = useMemo(() => roundRange(lowMs, highMs), [lowMs, highMs]);
  const y = useMemo(() => roundRange(0, tallestPct), [tallestPct]);
  return (
    <figure
      aria-label="Latency minus the control's, frame by frame"
      className={styles["chart"]}
      data-chart="Differences"
    >
      <figcaption className={styles["legend"]}>
        <span>% of frames by latency minus the control's, ms; no clock enters</span>
      </figcaption>
      <ChartFrame heightPx={heightPx} widthPx={props.widthPx} x={x} xWords={String} y={y}>
        <Steps differences={props.differences} x={x} y={y} />
      </ChartFrame>
    </figure>
  );
}

function Steps(props: {
  readonly differences: readonly Difference[];
  readonly x: AxisRange;
  readonly y: AxisRange;
}): ReactNode {
  const area = usePlotArea();
  if (area === undefined) return null;
  const scale = scaleOf(area, props.x.low, props.x.high, props.y);
  return (
    <g>
      {props.differences.map(({ id, bins }) => (
        <path
          d={stepsPath(bins, scale)}
          fill={strokeOf(id)}
          fillOpacity={0.25}
          key={id}
          stroke={strokeOf(id)}
          strokeWidth={1.5}
        />
      ))}
    </g>
  );
}

function useDifferences(lineup: Lineup, { entries }: LineupState, isPaused: boolean): readonly Difference[] {
  const [differences, setDifferences] = useState<readonly Difference[]>([]);
  useEffect(() => {
    if (isPaused) return undefined;
    const read = () => setDifferences(differencesOf(entries, lineup.comparison));
    read();
    const timer = setInterval(read, drawIntervalMs);
    return () => clearInterval(timer);
  }, [lineup, entries, isPaused]);
  return differences;
}
