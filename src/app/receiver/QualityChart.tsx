import { useMemo, useState, type ReactNode } from "react";
import { useStore } from "zustand";

import { qualityNames, type QualityName } from "../../core/quality/live-quality.ts";
import type { HistoryWindow } from "../../core/timeline/history.ts";
import { Button } from "../parts/Button.tsx";
import { ChartFrame } from "./ChartFrame.tsx";
import { axisOf, timeTicksS, timeTickWords, type AxisRange, type TrendPoint } from "./plot.ts";
import { PointsTrace } from "./PointsTrace.tsx";
import { qualityAxis, qualityFaces } from "./quality-view.ts";
import type { Trends } from "./session-face.ts";
import type { TrendFeed } from "./trend-feed.ts";

import parts from "../parts/parts.module.css";
import styles from "./receiver.module.css";

const heightPx = 180;
const nobody: readonly TrendPoint[] = [];

/** Quality of sampled frames over time, on the time axis of the other charts. */
export function QualityChart(props: {
  readonly feed: TrendFeed;
  readonly windowMin: HistoryWindow;
  readonly widthPx: number;
}): ReactNode {
  const { feed, windowMin, widthPx } = props;
  const [name, setName] = useState<QualityName>("vmaf");
  const isEmpty = useStore(feed, (trends) => pointsOf(trends, name).length === 0);
  const low = useStore(feed, (trends) => qualityAxis(name, pointsOf(trends, name)).low);
  const high = useStore(feed, (trends) => qualityAxis(name, pointsOf(trends, name)).high);
  const y = useMemo(() => axisOf(low, high), [low, high]);
  const x = useMemo(
    () => ({ low: -windowMin * 60, high: 0, ticks: timeTicksS(windowMin, widthPx) }),
    [windowMin, widthPx],
  );
  if (widthPx === 0) return <div className={styles["chartEmpty"]} />;
  const { label, unit } = qualityFaces[name];
  return (
    <figure aria-label={`${label} over time`} className={styles["chart"]} data-chart={label}>
      <figcaption className={styles["legend"]}>
        <span>
          {label} of sampled frames{unit === "" ? "" : `, ${unit}`}: mean and range
        </span>
        <span className={parts["buttons"]}>
          {qualityNames.map((choice) => (
            <Button key={choice} onPress={() => setName(choice)} pressed={choice === name}>
              {qualityFaces[choice].label}
            </Button>
          ))}
        </span>
      </figcaption>
      <ChartFrame
        heightPx={heightPx}
        note={isEmpty ? "No frame has been scored in this time." : null}
        widthPx={widthPx}
        x={x}
        xWords={timeTickWords}
        y={y}
      >
        <Trace feed={feed} name={name} windowMin={windowMin} y={y} />
      </ChartFrame>
    </figure>
  );
}

function Trace(props: {
  readonly feed: TrendFeed;
  readonly name: QualityName;
  readonly windowMin: HistoryWindow;
  readonly y: AxisRange;
}): ReactNode {
  const { feed, name, windowMin, y } = props;
  const points = useStore(feed, (trends) => pointsOf(trends, name));
  return (
    <PointsTrace
      color="var(--trace-3)"
      decimals={qualityFaces[name].decimals}
      label={qualityFaces[name].label}
      points={points}
      unit={qualityFaces[name].unit}
      windowMin={windowMin}
      y={y}
    />
  );
}

function pointsOf(trends: Trends | null, name: QualityName): readonly TrendPoint[] {
  return trends?.quality[name] ?? nobody;
}
