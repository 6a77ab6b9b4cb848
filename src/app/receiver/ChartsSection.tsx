import { useRef, useState, type ReactNode } from "react";

import type { HistoryWindow } from "../../core/timeline/history.ts";
import { Button } from "../parts/Button.tsx";
import { Card } from "../parts/Card.tsx";
import { saveBlob } from "../parts/save.ts";
import { EventList } from "./EventList.tsx";
import { EventStrip } from "./EventStrip.tsx";
import { LatencyHistogramChart } from "./LatencyHistogramChart.tsx";
import { drawChartsPng } from "./png.ts";
import type { Receiver } from "./receiver-store.ts";
import { LatencyTrend, RateTrend } from "./TrendCharts.tsx";
import { useTrends, useWidth } from "./use-trends.ts";

import parts from "../parts/parts.module.css";
import styles from "./receiver.module.css";

const windows: readonly HistoryWindow[] = [1, 5, 30];

/** Everything over time, on one time axis; and how the latencies are spread. */
export function ChartsSection(props: {
  readonly receiver: Receiver;
  readonly windowMin: HistoryWindow;
  readonly isPaused: boolean;
}): ReactNode {
  const { receiver, windowMin, isPaused } = props;
  const trends = useTrends(receiver, windowMin, isPaused);
  const all = useRef<HTMLDivElement>(null);
  const timeColumn = useRef<HTMLDivElement>(null);
  const widthPx = useWidth(timeColumn);
  if (trends === null) return null;
  return (
    <div className={styles["charts"]} ref={all}>
      <Card
        aside={
          <div className={parts["buttons"]}>
            <WindowChoice receiver={receiver} windowMin={windowMin} />
            <SavePng charts={all} />
          </div>
        }
        flush
        title="Over time"
      >
        <div ref={timeColumn}>
          <LatencyTrend history={trends.history} widthPx={widthPx} />
          <RateTrend history={trends.history} widthPx={widthPx} />
          <EventStrip events={trends.events} nowUs={trends.nowUs} widthPx={widthPx} windowMin={windowMin} />
        </div>
      </Card>
      <div className={styles["column"]}>
        <Card flush title="Latency histogram">
          <LatencyHistogramChart histogram={trends.histogram} />
        </Card>
        <Card flush title="Events">
          <EventList events={trends.events} />
        </Card>
      </div>
    </div>
  );
}

function WindowChoice(props: { readonly receiver: Receiver; readonly windowMin: HistoryWindow }): ReactNode {
  return (
    <fieldset className={styles["windows"]}>
      <legend className={parts["visuallyHidden"]}>Time shown</legend>
      {windows.map((choice) => (
        <Button
          key={choice}
          onPress={() => props.receiver.configure({ windowMin: choice })}
          pressed={choice === props.windowMin}
        >
          {choice} min
        </Button>
      ))}
    </fieldset>
  );
}

function SavePng({ charts }: { readonly charts: { readonly current: HTMLDivElement | null } }): ReactNode {
  const [failed, setFailed] = useState(false);
  const save = async () => {
    if (charts.current === null) return;
    const drawn = await drawChartsPng([
      ...charts.current.querySelectorAll<SVGSVGElement>("svg[data-chart], [data-chart] svg"),
    ]);
    setFailed(drawn === null);
    if (drawn !== null) saveBlob(drawn, "streamgauge-charts.png");
  };
  return <Button onPress={() => void save()}>{failed ? "This browser refused the PNG" : "Save PNG"}</Button>;
}
