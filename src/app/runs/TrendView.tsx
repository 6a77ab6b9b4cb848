import { useMemo, useRef, type ReactNode, type RefObject } from "react";
import { CartesianGrid, Legend, ResponsiveContainer, Scatter, ScatterChart, XAxis, YAxis } from "recharts";
import { useStore } from "zustand";

import type { RunTrend } from "../../core/wire/runs.ts";
import type { RunsLink } from "../../media/link/runs.ts";
import { Card } from "../parts/Card.tsx";
import { SelectField } from "../parts/Field.tsx";
import { toDateTime } from "../parts/format.ts";
import { Scroll } from "../parts/Scroll.tsx";
import { strokeOf } from "../parts/stream-color.ts";
import { Table } from "../parts/Table.tsx";
import { TakeAway } from "../parts/TakeAway.tsx";
import { runAddress, trendAddress, type TrendAsked } from "./address.ts";
import { axisProps, chartMargin } from "./chart-looks.ts";
import { trendDots, trendSamples } from "./cursor-samples.ts";
import { FigureCell } from "./FigureCell.tsx";
import { Loaded } from "./Loaded.tsx";
import { createLoader, type Loader } from "./loading.ts";
import { PlotCursor } from "./PlotCursor.tsx";
import { toTrendTable } from "./tables.ts";
import { showUnder, trendLines } from "./trend-lines.ts";
import { measureLabel, toMeasureFigure } from "./view.ts";

import parts from "../parts/parts.module.css";
import styles from "./runs.module.css";

/** Runs listed below the chart. */
const listedCount = 50;

type TrendProps = { readonly link: RunsLink; readonly asked: TrendAsked };

/** A measure of one provider, or of all, over time: one point a whole run, one line for each plan, settings and network. */
export function TrendView(props: TrendProps): ReactNode {
  const { link, asked } = props;
  const { measure, provider, plan } = asked;
  const trend = useMemo(
    () => createLoader(() => link.trend(measure, provider, plan)),
    [link, measure, provider, plan],
  );
  const chart = useRef<HTMLDivElement>(null);
  const title = [measureLabel(measure), provider, plan].filter((part) => part !== null).join(" · ");
  return (
    <>
      <Pickers {...props} />
      <Card aside={<TrendTakeAway charts={chart} loader={trend} measure={measure} />} flush title={title}>
        <Loaded loader={trend}>
          {(value) =>
            value.figures.length === 0 ? (
              <p className={styles["empty"]}>No whole run has this measure.</p>
            ) : (
              <>
                <div ref={chart}>
                  <Points measure={measure} trend={value} />
                </div>
                <Figures measure={measure} trend={value} />
              </>
            )
          }
        </Loaded>
      </Card>
    </>
  );
}

function TrendTakeAway(props: {
  readonly loader: Loader<RunTrend>;
  readonly measure: string;
  readonly charts: RefObject<HTMLDivElement | null>;
}): ReactNode {
  const { loader, measure, charts } = props;
  const loading = useStore(loader.store);
  if (loading.phase !== "ready" || loading.value.figures.length === 0) return null;
  const trend = loading.value;
  return (
    <TakeAway
      charts={charts}
      json={() => trend}
      keys={trendLines(trend.figures).map(({ name }, index) => ({ label: name, color: strokeOf(index + 1) }))}
      link={location.href}
      name={`streamgauge-trend-${measure}`}
      table={() => toTrendTable(measure, trend)}
    />
  );
}

function Pickers({ link, asked }: TrendProps): ReactNode {
  const { measure, provider, plan } = asked;
  const choices = useMemo(() => createLoader(link.choices), [link]);
  const loading = useStore(choices.store);
  const known = loading.phase === "ready" ? loading.value : null;
  const measures = known?.measures.map(({ key }) => ({ value: key, label: measureLabel(key) }));
  const providers = toChoices(known?.providers ?? [], provider);
  const plans = toChoices([...new Set(known?.comparisons.map(({ name }) => name))], plan);
  const go = (change: Partial<TrendAsked>): void => location.assign(trendAddress({ ...asked, ...change }));
  return (
    <form aria-label="Which trend" className={styles["filters"]}>
      <SelectField
        choices={measures ?? [{ value: measure, label: measureLabel(measure) }]}
        label="Measure"
        onChange={(key) => go({ measure: key })}
        value={measure}
      />
      <SelectField
        choices={providers}
        label="Provider"
        onChange={(name) => go({ provider: name === "" ? null : name })}
        value={provider ?? ""}
      />
      <SelectField
        choices={plans}
        label="Plan"
        onChange={(name) => go({ plan: name === "" ? null : name })}
        value={plan ?? ""}
      />
    </form>
  );
}

function toChoices(
  names: readonly string[],
  current: string | null,
): readonly { readonly value: string; readonly label: string }[] {
  const all = current === null || names.includes(current) ? names : [current, ...names];
  return [{ value: "", label: "all" }, ...all.map((name) => ({ value: name, label: name }))];
}

type Shown = { readonly measure: string; readonly trend: RunTrend };

function Points({ measure, trend }: Shown): ReactNode {
  const lines = trendLines(trend.figures);
  const factor = trend.unit === "ratio" ? 100 : 1;
  const unit = trend.unit === "ratio" ? "%" : trend.unit;
  return (
    <figure aria-label={`${measureLabel(measure)} over time`} className={styles["chart"]} data-chart="Trend">
      <figcaption className={parts["hint"]}>
        {measureLabel(measure)}, {unit}: one point a whole run
      </figcaption>
      <ResponsiveContainer height={260} width="100%">
        <ScatterChart accessibilityLayer={false} margin={chartMargin}>
          <CartesianGrid stroke="var(--line)" vertical={false} />
          <XAxis
            {...axisProps}
            dataKey="atMs"
            domain={["dataMin", "dataMax"]}
            name="began"
            padding={{ left: 12, right: 12 }}
            tickFormatter={(atMs: number) => toDateTime(atMs * 1000).slice(5)}
            type="number"
          />
          <YAxis {...axisProps} dataKey="value" domain={[0, "auto"]} name={unit} type="number" width={56} />
          {lines.length > 1 && <Legend />}
          {lines.map(({ name, figures }, index) => (
            <Scatter
              data={trendDots(figures, factor)}
              fill={strokeOf(index + 1)}
              isAnimationActive={false}
              key={name}
              line={{ stroke: strokeOf(index + 1), strokeOpacity: 0.4 }}
              name={name}
            />
          ))}
          <PlotCursor
            label={`${measureLabel(measure)} over time`}
            samplesAt={(axes) => trendSamples(lines, { unit, factor }, axes)}
          />
        </ScatterChart>
      </ResponsiveContainer>
    </figure>
  );
}

function Figures({ measure, trend }: Shown): ReactNode {
  const newest = trend.figures.toReversed().slice(0, listedCount);
  return (
    <Scroll label="Figures of the trend">
      <Table className={styles["runs"]} kind="words">
        <thead>
          <tr>
            <th scope="col">began</th>
            <th scope="col">provider</th>
            <th className={styles["number"]} scope="col">
              {measureLabel(measure)}
            </th>
            <th scope="col">plan</th>
            <th scope="col">settings</th>
          </tr>
        </thead>
        <tbody>
          {newest.map(({ runId, stream, provider, plan, startedAtUs, figure, ...under }) => (
            <tr key={`${runId} ${stream}`}>
              <th className={styles["began"]} scope="row">
                <a href={runAddress(runId)}>{toDateTime(startedAtUs)}</a>
              </th>
              <td className={styles["provider"]}>{provider}</td>
              <FigureCell figure={toMeasureFigure({ key: measure, unit: trend.unit, figure })} />
              <td>{plan}</td>
              <td>{showUnder(under)}</td>
            </tr>
          ))}
        </tbody>
      </Table>
    </Scroll>
  );
}
