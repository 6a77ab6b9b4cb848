import { useMemo, useRef, type ReactNode } from "react";
import { CartesianGrid, Line, LineChart, ResponsiveContainer, XAxis, YAxis } from "recharts";

import { succeed } from "../../core/failure.ts";
import type { StoredRun, StreamChart } from "../../core/wire/runs.ts";
import type { Asked, RunsLink } from "../../media/link/runs.ts";
import { Card } from "../parts/Card.tsx";
import { toDateTime, toElapsed } from "../parts/format.ts";
import { Scroll } from "../parts/Scroll.tsx";
import { strokeOf } from "../parts/stream-color.ts";
import { Swatch } from "../parts/Swatch.tsx";
import { Table } from "../parts/Table.tsx";
import { TakeAway } from "../parts/TakeAway.tsx";
import { runAddress } from "./address.ts";
import { axisProps, chartMargin } from "./chart-looks.ts";
import { comparedSamples } from "./cursor-samples.ts";
import { FigureCell } from "./FigureCell.tsx";
import { Loaded } from "./Loaded.tsx";
import { createLoader } from "./loading.ts";
import { PlotCursor } from "./PlotCursor.tsx";
import { toComparedTable } from "./tables.ts";
import { toChartPoints, toComparedRows, toComparedStreams, type ComparedStream } from "./view.ts";

import parts from "../parts/parts.module.css";
import styles from "./runs.module.css";

/** Slices of each line. */
const slices = 200;

/** Two or more runs side by side: every measure, and their latencies in one chart. */
export function CompareView(props: {
  readonly link: RunsLink;
  readonly runIds: readonly string[];
}): ReactNode {
  const { link, runIds } = props;
  const runs = useMemo(() => createLoader(() => readAll(runIds, link.read)), [link, runIds]);
  return <Loaded loader={runs}>{(value) => <SideBySide link={link} runs={value} />}</Loaded>;
}

/** All answers in order, or the first that is a failure. */
async function readAll<Key, Value>(
  keys: readonly Key[],
  read: (key: Key) => Promise<Asked<Value>>,
): Promise<Asked<readonly Value[]>> {
  const answers = await Promise.all(keys.map(read));
  const failed = answers.find((answer) => !answer.ok);
  if (failed !== undefined) return failed;
  return succeed(answers.flatMap((answer) => (answer.ok ? [answer.value] : [])));
}

function SideBySide({
  link,
  runs,
}: {
  readonly link: RunsLink;
  readonly runs: readonly StoredRun[];
}): ReactNode {
  const streams = useMemo(() => toComparedStreams(runs), [runs]);
  const charts = useMemo(
    () => createLoader(() => readAll(streams, ({ runId, stream }) => link.chart(runId, stream, slices))),
    [link, streams],
  );
  const chart = useRef<HTMLDivElement>(null);
  return (
    <>
      <Card
        aside={
          <TakeAway
            charts={chart}
            json={() => runs}
            keys={streams.map(({ label, startedAtUs }, index) => ({
              label: `${label}, ${toDateTime(startedAtUs)}`,
              color: strokeOf(index + 1),
            }))}
            link={location.href}
            name="streamgauge-runs"
            table={() => toComparedTable(streams)}
          />
        }
        flush
        title="Latency side by side"
      >
        <div ref={chart}>
          <Loaded loader={charts}>{(value) => <Lines charts={value} streams={streams} />}</Loaded>
        </div>
      </Card>
      <MeasuresCard streams={streams} />
    </>
  );
}

function MeasuresCard({ streams }: { readonly streams: readonly ComparedStream[] }): ReactNode {
  return (
    <Card flush title="Measures side by side">
      <Scroll label="Measures of the runs">
        <Table className={styles["runs"]} kind="words">
          <thead>
            <tr>
              <th scope="col">measure</th>
              {streams.map((stream, index) => (
                <StreamHead index={index} key={`${stream.runId} ${stream.stream}`} stream={stream} />
              ))}
            </tr>
          </thead>
          <tbody>
            {toComparedRows(streams).map(({ key, label, cells }) => (
              <tr key={key}>
                <th scope="row">{label}</th>
                {cells.map(({ figure, isWorst }, index) => (
                  <FigureCell figure={figure} isWorst={isWorst} key={streams[index]?.runId ?? index} />
                ))}
              </tr>
            ))}
          </tbody>
        </Table>
      </Scroll>
    </Card>
  );
}

function StreamHead({
  stream,
  index,
}: {
  readonly stream: ComparedStream;
  readonly index: number;
}): ReactNode {
  return (
    <th className={styles["number"]} scope="col">
      <Swatch nth={index + 1} />
      {stream.label}
      <a className={styles["sub"]} href={runAddress(stream.runId)}>
        {toDateTime(stream.startedAtUs)}
      </a>
    </th>
  );
}

function Lines(props: {
  readonly charts: readonly (StreamChart | null)[];
  readonly streams: readonly ComparedStream[];
}): ReactNode {
  const { charts, streams } = props;
  const lines = streams.map(({ label }, index) => ({ label, chart: charts[index] ?? null }));
  return (
    <figure aria-label="Mean latency of each run" className={styles["chart"]} data-chart="Mean latency">
      <figcaption className={parts["hint"]}>
        Mean latency, ms, by time since each run’s first frame
      </figcaption>
      <ResponsiveContainer height={240} width="100%">
        <LineChart accessibilityLayer={false} margin={chartMargin}>
          <CartesianGrid stroke="var(--line)" vertical={false} />
          <XAxis
            {...axisProps}
            allowDuplicatedCategory={false}
            dataKey="atS"
            domain={[0, "dataMax"]}
            tickFormatter={(atS: number) => toElapsed(atS * 1000)}
            type="number"
          />
          <YAxis {...axisProps} domain={[0, "auto"]} width={48} />
          {streams.map(({ runId, stream, label }, index) => {
            const chart = charts[index] ?? null;
            return chart === null ? null : (
              <Line
                activeDot={false}
                data={[...toChartPoints(chart)]}
                dataKey="mean"
                dot={false}
                isAnimationActive={false}
                key={`${runId} ${stream}`}
                name={label}
                stroke={strokeOf(index + 1)}
                strokeWidth={1.5}
              />
            );
          })}
          <PlotCursor label="Mean latency of each run" samplesAt={({ x }) => comparedSamples(lines, x)} />
        </LineChart>
      </ResponsiveContainer>
    </figure>
  );
}
