import { useCallback, useMemo, useRef, type ReactNode } from "react";
import { usePlotArea } from "recharts";
import { useStore, type StoreApi } from "zustand";

import type { HistoryWindow } from "../../core/timeline/history.ts";
import { ChartCursor } from "../parts/ChartCursor.tsx";
import { strokeOf } from "../parts/stream-color.ts";
import { useWidth } from "../parts/use-width.ts";
import { ChartFrame } from "./ChartFrame.tsx";
import { lineSamples, type NamedLine } from "./cursor-samples.ts";
import type { LineupEntry } from "./lineup-entry.ts";
import { labelOf } from "./lineup-setup.ts";
import {
  axisOf,
  latencyPoints,
  linePath,
  rangeOf,
  scaleOf,
  timeTicksS,
  timeTickWords,
  type AxisRange,
} from "./plot.ts";
import { useDrawn } from "./use-drawn.ts";

import styles from "./receiver.module.css";

const heightPx = 220;
/** After the charts of the stream whose details are shown. */
const drawDelayMs = 300;

/** The streams' lines, and the length of the stretches that their points stand for. */
type Lines = { readonly lines: readonly NamedLine[]; readonly bucketS: number };

/** The latency of every stream on one pair of axes. */
export function CompareChart(props: {
  readonly entries: readonly LineupEntry[];
  readonly windowMin: HistoryWindow;
  readonly isPaused: boolean;
}): ReactNode {
  const { entries, windowMin, isPaused } = props;
  const box = useRef<HTMLDivElement>(null);
  const widthPx = useWidth(box);
  const read = useCallback(() => readLines(entries, windowMin), [entries, windowMin]);
  const drawn = useDrawn(read, isPaused, drawDelayMs);
  const greatest = useStore(drawn, greatestOf);
  const y = useMemo(() => axisOf(0, greatest), [greatest]);
  const x = useMemo(
    () => ({ low: -windowMin * 60, high: 0, ticks: timeTicksS(windowMin, widthPx) }),
    [windowMin, widthPx],
  );
  const lines = useMemo(() => <Traces drawn={drawn} windowMin={windowMin} y={y} />, [drawn, windowMin, y]);
  return (
    <figure
      aria-label="Latency of every stream over time"
      className={styles["chart"]}
      data-chart="Comparison"
    >
      <figcaption className={styles["legend"]}>
        <span>Latency, ms: mean; in the colours of the table</span>
      </figcaption>
      <div ref={box}>
        {widthPx > 0 && (
          <ChartFrame heightPx={heightPx} widthPx={widthPx} x={x} xWords={timeTickWords} y={y}>
            {lines}
          </ChartFrame>
        )}
      </div>
    </figure>
  );
}

function Traces(props: {
  readonly drawn: StoreApi<Lines>;
  readonly windowMin: HistoryWindow;
  readonly y: AxisRange;
}): ReactNode {
  const { lines, bucketS } = useStore(props.drawn);
  const area = usePlotArea();
  if (area === undefined) return null;
  const scale = scaleOf(area, -props.windowMin * 60, 0, props.y);
  return (
    <g>
      {lines.map(({ id, points }) => (
        <path
          d={linePath(points, scale)}
          fill="none"
          key={id}
          stroke={strokeOf(id)}
          strokeLinecap="round"
          strokeWidth={2}
        />
      ))}
      <ChartCursor
        area={area}
        label="Latency of every stream over time"
        samples={() => lineSamples(lines, scale, bucketS)}
      />
    </g>
  );
}

function readLines(entries: readonly LineupEntry[], windowMin: HistoryWindow): Lines {
  const read = entries.map(({ id, receiver }) => ({
    id,
    label: labelOf(receiver.store.getState().setup),
    history: receiver.session()?.trends(windowMin).history,
  }));
  return {
    lines: read.map(({ id, label, history }) => ({
      id,
      label,
      points: history === undefined ? [] : latencyPoints(history),
    })),
    bucketS: Math.max(0, ...read.map(({ history }) => history?.bucketS ?? 0)),
  };
}

function greatestOf({ lines }: Lines): number {
  return rangeOf(lines.flatMap(({ points }) => points)).high;
}
