import { useRef, type ReactNode } from "react";
import { Bar, BarChart, CartesianGrid, Tooltip, XAxis, YAxis } from "recharts";

import type { LatencyHistogram } from "../../core/timeline/latency.ts";
import { axisWidthPx, rightMarginPx } from "./plot.ts";
import { useWidth } from "./use-trends.ts";

import styles from "./receiver.module.css";

const margin = { top: 8, right: rightMarginPx, bottom: 0, left: 0 } as const;

/** How many frames had which latency, since the last reset. */
export function LatencyHistogramChart({ histogram }: { readonly histogram: LatencyHistogram }): ReactNode {
  const box = useRef<HTMLDivElement>(null);
  const widthPx = useWidth(box);
  const bars = histogram.bins.map(({ lowMs, highMs, count }) => ({
    middleMs: (lowMs + highMs) / 2,
    range: `${lowMs.toFixed(1)} to ${highMs.toFixed(1)} ms`,
    count,
  }));
  return (
    <div ref={box}>
      {bars.length === 0 || widthPx === 0 ? (
        <div className={styles["chartEmpty"]}>no latency is known yet</div>
      ) : (
        <figure aria-label="Latency histogram" className={styles["chart"]} data-chart="Latency histogram">
          <figcaption className={styles["legend"]}>frames by latency, ms; {toOutside(histogram)}</figcaption>
          <BarChart
            accessibilityLayer={false}
            barCategoryGap={1}
            data={bars}
            height={180}
            margin={margin}
            width={widthPx}
          >
            <CartesianGrid stroke="var(--line)" vertical={false} />
            <XAxis
              dataKey="middleMs"
              minTickGap={24}
              stroke="var(--line-strong)"
              tickFormatter={(value: number) => value.toFixed(0)}
            />
            <YAxis allowDecimals={false} stroke="var(--line-strong)" tickCount={4} width={axisWidthPx} />
            <Tooltip
              contentStyle={{ background: "var(--panel)", border: "1px solid var(--line-strong)" }}
              isAnimationActive={false}
              labelFormatter={(_, payload) => String(payload[0]?.payload?.range ?? "")}
            />
            <Bar dataKey="count" fill="var(--trace)" isAnimationActive={false} name="frames" />
          </BarChart>
        </figure>
      )}
    </div>
  );
}

function toOutside({ underCount, overCount, totalCount }: LatencyHistogram): string {
  return `${underCount + overCount} of ${totalCount} lie outside`;
}
