import { useMemo, useRef, type ReactNode } from "react";
import { usePlotArea } from "recharts";
import { useStore } from "zustand";

import type { LatencyHistogram } from "../../core/timeline/latency.ts";
import { ChartCursor } from "../parts/ChartCursor.tsx";
import { useWidth } from "../parts/use-width.ts";
import { ChartFrame } from "./ChartFrame.tsx";
import { barSamples } from "./cursor-samples.ts";
import { axisOf, barsPath, roundRange, scaleOf, type AxisRange } from "./plot.ts";
import type { TrendFeed } from "./trend-feed.ts";

import styles from "./receiver.module.css";

const heightPx = 180;
/** Frames that the axis holds at least: from here on its steps are whole. */
const leastTallest = 16;
const empty: LatencyHistogram = { bins: [], underCount: 0, overCount: 0, totalCount: 0 };

/** How many frames had which latency, since the last reset. */
export function LatencyHistogramChart({ feed }: { readonly feed: TrendFeed }): ReactNode {
  const box = useRef<HTMLDivElement>(null);
  const widthPx = useWidth(box);
  return (
    <div ref={box}>
      {widthPx === 0 ? <div className={styles["chartEmpty"]} /> : <Histogram feed={feed} widthPx={widthPx} />}
    </div>
  );
}

function Histogram({ feed, widthPx }: { readonly feed: TrendFeed; readonly widthPx: number }): ReactNode {
  const isEmpty = useStore(feed, (trends) => (trends?.histogram.bins.length ?? 0) === 0);
  const low = useStore(feed, (trends) => spanOf(trends?.histogram).low);
  const high = useStore(feed, (trends) => spanOf(trends?.histogram).high);
  const greatest = useStore(feed, (trends) => tallest(trends?.histogram).high);
  const x = useMemo(() => axisOf(low, high), [low, high]);
  const y = useMemo(() => axisOf(0, greatest), [greatest]);
  const bars = useMemo(() => <Bars feed={feed} x={x} y={y} />, [feed, x, y]);
  return (
    <figure aria-label="Latency histogram" className={styles["chart"]} data-chart="Latency histogram">
      <figcaption className={styles["legend"]}>
        <span>Frames by latency, ms</span>
        <Outside feed={feed} />
      </figcaption>
      <ChartFrame
        heightPx={heightPx}
        note={isEmpty ? "No latency is known yet." : null}
        widthPx={widthPx}
        x={x}
        xWords={String}
        y={y}
      >
        {bars}
      </ChartFrame>
    </figure>
  );
}

function Bars(props: { readonly feed: TrendFeed; readonly x: AxisRange; readonly y: AxisRange }): ReactNode {
  const { x, y } = props;
  const bins = useStore(props.feed, (trends) => (trends?.histogram ?? empty).bins);
  const area = usePlotArea();
  if (area === undefined) return null;
  const scale = scaleOf(area, x.low, x.high, y);
  return (
    <>
      <path d={barsPath(bins, scale)} fill="var(--trace)" />
      <ChartCursor area={area} label="Frames by latency" samples={() => barSamples(bins, scale)} />
    </>
  );
}

function Outside({ feed }: { readonly feed: TrendFeed }): ReactNode {
  const { underCount, overCount, totalCount } = useStore(feed, (trends) => trends?.histogram ?? empty);
  return (
    <span>
      {underCount + overCount} of {totalCount} lie outside
    </span>
  );
}

/** The bins' span in round numbers, so that the axis moves only when it must. */
function spanOf(histogram: LatencyHistogram = empty): AxisRange {
  return roundRange(histogram.bins.at(0)?.lowMs ?? 0, histogram.bins.at(-1)?.highMs ?? 1);
}

function tallest(histogram: LatencyHistogram = empty): AxisRange {
  return roundRange(0, Math.max(leastTallest, ...histogram.bins.map((bin) => bin.count)));
}
