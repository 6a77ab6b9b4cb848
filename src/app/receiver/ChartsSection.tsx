import { memo, useRef, type MemoExoticComponent, type ReactNode } from "react";

import type { HistoryWindow } from "../../core/timeline/history.ts";
import { Button } from "../parts/Button.tsx";
import { Card } from "../parts/Card.tsx";
import { SavePng } from "../parts/TakeAway.tsx";
import { useWidth } from "../parts/use-width.ts";
import { EventList } from "./EventList.tsx";
import { EventStrip } from "./EventStrip.tsx";
import { LatencyHistogramChart } from "./LatencyHistogramChart.tsx";
import { latencyPoints, ratePoints } from "./plot.ts";
import { QualityChart } from "./QualityChart.tsx";
import type { Receiver } from "./receiver-store.ts";
import { TrendChart } from "./TrendChart.tsx";
import { useLater, useTrendFeed } from "./use-trends.ts";

import parts from "../parts/parts.module.css";
import styles from "./receiver.module.css";

const windows: readonly HistoryWindow[] = [1, 5, 30];

type ChartsProps = {
  readonly receiver: Receiver;
  readonly windowMin: HistoryWindow;
  readonly isPaused: boolean;
  /** Changes what all streams of the page share. */
  readonly configure: Receiver["configure"];
};

/** Everything over time, on one time axis; and how the latencies are spread. */
export const ChartsSection: MemoExoticComponent<(props: ChartsProps) => ReactNode> = memo(
  function ChartsSection(props: ChartsProps): ReactNode {
    const { receiver, windowMin, isPaused, configure } = props;
    const feed = useTrendFeed(receiver, windowMin, isPaused);
    const all = useRef<HTMLDivElement>(null);
    const timeColumn = useRef<HTMLDivElement>(null);
    const widthPx = useWidth(timeColumn);
    const rateFeed = useLater(feed, 1);
    const eventFeed = useLater(feed, 2);
    const histogramFeed = useLater(feed, 3);
    const shared = { widthPx, windowMin };
    return (
      <div className={styles["charts"]} ref={all}>
        <Card
          aside={
            <div className={parts["buttons"]}>
              <WindowChoice configure={configure} windowMin={windowMin} />
              <SavePng charts={all} name="streamgauge-charts" words="Save PNG" />
            </div>
          }
          flush
          title="Over time"
        >
          <div ref={timeColumn}>
            <TrendChart
              {...shared}
              color="var(--trace)"
              feed={feed}
              label="Latency"
              pointsOf={latencyPoints}
              unit="ms"
            />
            <TrendChart
              {...shared}
              color="var(--trace-2)"
              feed={rateFeed}
              label="Displayed frame rate"
              pointsOf={ratePoints}
              unit="fps"
            />
            <QualityChart {...shared} feed={eventFeed} />
            <EventStrip {...shared} feed={eventFeed} />
          </div>
        </Card>
        <div className={styles["column"]}>
          <Card flush title="Latency histogram">
            <LatencyHistogramChart feed={histogramFeed} />
          </Card>
          <Card flush title="Events">
            <EventList feed={histogramFeed} />
          </Card>
        </div>
      </div>
    );
  },
);

function WindowChoice(props: Pick<ChartsProps, "configure" | "windowMin">): ReactNode {
  return (
    <fieldset className={styles["windows"]}>
      <legend className={parts["visuallyHidden"]}>Time shown</legend>
      {windows.map((choice) => (
        <Button
          key={choice}
          onPress={() => props.configure({ windowMin: choice })}
          pressed={choice === props.windowMin}
        >
          {choice} min
        </Button>
      ))}
    </fieldset>
  );
}
