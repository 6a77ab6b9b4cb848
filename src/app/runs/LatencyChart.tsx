import { useMemo, type ReactNode } from "react";
import { Area, CartesianGrid, ComposedChart, Line, ResponsiveContainer, XAxis, YAxis } from "recharts";

import type { RunsLink } from "../../media/link/runs.ts";
import { toElapsed } from "../parts/format.ts";
import { axisProps, chartMargin } from "./chart-looks.ts";
import { latencySamples } from "./cursor-samples.ts";
import { Loaded } from "./Loaded.tsx";
import { createLoader } from "./loading.ts";
import { PlotCursor } from "./PlotCursor.tsx";
import { toChartPoints, type ChartPoint } from "./view.ts";

import parts from "../parts/parts.module.css";
import styles from "./runs.module.css";

const slices = 400;

/** Latency of a stream over its run: the mean, and least to greatest as a band. */
export function LatencyChart(props: {
  readonly link: RunsLink;
  readonly runId: string;
  readonly stream: number;
}): ReactNode {
  const { link, runId, stream } = props;
  const chart = useMemo(() => createLoader(() => link.chart(runId, stream, slices)), [link, runId, stream]);
  return (
    <Loaded loader={chart}>
      {(value) =>
        value === null ? (
          <p className={parts["hint"]}>There are no observations.</p>
        ) : (
          <figure aria-label="Latency over the run" className={styles["chart"]} data-chart="Latency">
            <figcaption className={parts["hint"]}>
              Latency, ms: mean and range · over{" "}
              {toElapsed((value.sliceUs * value.frameCounts.length) / 1000)}
            </figcaption>
            <Plot points={toChartPoints(value)} />
          </figure>
        )
      }
    </Loaded>
  );
}

function Plot({ points }: { readonly points: readonly ChartPoint[] }): ReactNode {
  return (
    <ResponsiveContainer height={200} width="100%">
      <ComposedChart accessibilityLayer={false} data={[...points]} margin={chartMargin}>
        <CartesianGrid stroke="var(--line)" vertical={false} />
        <XAxis
          {...axisProps}
          dataKey="atS"
          domain={["dataMin", "dataMax"]}
          tickFormatter={(atS: number) => toElapsed(atS * 1000)}
          type="number"
        />
        <YAxis {...axisProps} domain={[0, "auto"]} width={48} />
        <Area
          activeDot={false}
          dataKey="band"
          fill="var(--trace-band)"
          isAnimationActive={false}
          stroke="none"
        />
        <Line
          activeDot={false}
          dataKey="mean"
          dot={false}
          isAnimationActive={false}
          stroke="var(--trace)"
          strokeWidth={1.5}
        />
        <PlotCursor label="Latency over the run" samplesAt={({ x }) => latencySamples(points, x)} />
      </ComposedChart>
    </ResponsiveContainer>
  );
}
